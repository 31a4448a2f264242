"""References as links: always told from the collection that carries the key to the one that it names."""

from collections.abc import Mapping

from privacy_center.datamap.finding import Place, did_you_mean
from privacy_center.datamap.graph import Collection, Link, Reference, leading_collections


def build_links(collections: Mapping[str, Collection], places: Mapping[str, Place]) -> tuple[Link, ...]:
    """A link for every reference that ends somewhere; the others are findings. One link where it is said twice."""
    leading = leading_collections(collections)
    links: dict[tuple[str, str, str, str], Link] = {}
    for key, one in collections.items():
        for path, field in one.fields.items():
            for reference in field.references:
                if not _ends_somewhere(reference, collections, places[key].within(field=path)):
                    continue
                link = _link(key, path, reference, reference.collection in leading)
                ends = (link.child, link.child_field, link.parent, link.parent_field)
                if ends not in links or links[ends].assumed:
                    links[ends] = link
    return tuple(links.values())


def _link(child: str, path: str, reference: Reference, leads: bool) -> Link:
    assumed = reference.direction is None
    belongs = leads if assumed else reference.direction == "from"
    return Link(child, path, reference.collection, reference.field, belongs, assumed)


def _ends_somewhere(reference: Reference, collections: Mapping[str, Collection], place: Place) -> bool:
    target = collections.get(reference.collection)
    if target is not None and reference.field in target.fields:
        return True
    _tell(reference, target, collections, place)
    return False


def _tell(reference: Reference, target: Collection | None, known: Mapping[str, Collection], place: Place) -> None:
    if target is None:
        dataset = reference.collection.split(".", 1)[0]
        hint = did_you_mean(reference.collection, known, 0.75)
        missing = any(one.dataset == dataset for one in known.values())
        what = f"集合 {reference.collection}" if missing else f"数据集 {dataset}"
        which = f"the collection {reference.collection}" if missing else f"the dataset {dataset}"
        place.error(
            f"引用指向{what}，但地图里没有。请改正引用，或把它加进地图。{hint.zh}",
            f"The reference points to {which}, which the map does not have. Correct it, or add that to the map.{hint.en}",
        )
        return
    field = reference.field or "?"
    hint = did_you_mean(field, target.fields)
    place.error(
        f"引用指向 {reference.collection} 的字段 {field}，但没有这个字段。请改正。{hint.zh}",
        f"The reference points to the field {field} of {reference.collection}, which does not exist. "
        f"Correct it.{hint.en}",
    )
