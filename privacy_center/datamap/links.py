"""References as links: always told from the collection that carries the key to the one that it names."""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from privacy_center.datamap.finding import Place, did_you_mean
from privacy_center.datamap.graph import Collection, Link, Reference, leading_collections


def build_links(collections: Mapping[str, Collection], places: Mapping[str, Place]) -> tuple[Link, ...]:
    """A link for every reference that ends somewhere; the others are findings. One link where it is said twice.

    Of several references to the same rows, those without direction are `unsaid`: the map does not tell which of them owns.
    """
    hubs = identified_collections(collections)
    leading = leading_collections(collections, hubs)
    links: dict[tuple[object, ...], Link] = {}
    for key, path, reference in _references(collections):
        if not _ends_somewhere(reference, collections, places[key].within(field=path)):
            continue
        identifies = _identifies(collections[key], reference, hubs)
        link = _link(key, path, reference, reference.collection in leading, identifies)
        ends = (link.child, link.child_field, link.parent, link.parent_field, link.when)
        if ends not in links or links[ends].assumed:
            links[ends] = link
    return tuple(_with_roles(list(links.values())))


def identified_collections(collections: Mapping[str, Collection]) -> frozenset[str]:
    """The collections whose rows are somebody's only because rows elsewhere carry that person's identity and name them.

    As the map says (`identifies`); where it says nothing, those about people that lead to no identity themselves and to which
    a collection with identities belongs, or on which data of people hang that lead to nobody in another way.
    """
    leading = leading_collections(collections)
    said = {one.collection for _, _, one in _references(collections) if one.identifies}
    hanging = {
        reference.collection
        for key, _, reference in _references(collections)
        if reference.direction != "to" and key not in leading and collections[key].personal
    }
    assumed = {
        reference.collection
        for key, _, reference in _references(collections)
        if collections[key].tells_whose
        and reference.collection not in leading
        and reference.collection != key
        and (reference.direction == "from" or (reference.direction is None and reference.collection in hanging))
        and _may_be_people(collections.get(reference.collection))
    }
    return frozenset(said | assumed)


def _may_be_people(one: Collection | None) -> bool:
    return one is not None and one.personal and one.about != "thing"


def _identifies(child: Collection, reference: Reference, hubs: AbstractSet[str]) -> bool:
    if reference.identifies:
        return True
    return reference.collection in hubs and child.tells_whose and reference.direction != "to"


def _references(collections: Mapping[str, Collection]) -> Iterator[tuple[str, str, Reference]]:
    for key, one in collections.items():
        for path, field in one.fields.items():
            for reference in field.references:
                yield key, path, reference


def _link(child: str, path: str, reference: Reference, leads: bool, identifies: bool) -> Link:
    assumed = reference.direction is None and not reference.identifies
    belongs = identifies or (leads if assumed else reference.direction == "from")
    return Link(child, path, reference.collection, reference.field, belongs, assumed, reference.when, identifies)


def _with_roles(links: list[Link]) -> Iterator[Link]:
    """The links, those marked of which nothing tells whether they own."""
    roles = {(link.child, link.child_field, link.parent, link.parent_field) for link in links}
    ends = Counter((child, parent, field) for child, _, parent, field in roles if child != parent)
    for link in links:
        several = ends[(link.child, link.parent, link.parent_field)] > 1
        unsaid = several and link.assumed and link.belongs and not link.identifies
        yield replace(link, unsaid=True) if unsaid else link


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
