"""What was found for a person, laid out in groups of items: kinds and counts, and what each item is drawn with."""

from collections.abc import Callable

from privacy_center.access.shown import DataGroup, DataItem, Keeping, PersonShown, ShownValue, SilentSystem
from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import Collection, DataMap
from privacy_center.errors import Refusal, Words
from privacy_center.sources.rows import FoundCollection, FoundRow, Located, Ownership
from privacy_center.sources.trouble import Trouble, explain

SHARED_ROWS = Words(
    "其中 {count} 条与别人共用，只显示与您有关的部分。",
    "{count} of these are shared with other people; only the part about you is shown.",
)
Draw = Callable[[Collection, FoundCollection], DataItem]


def lay_out(data_map: DataMap, catalogue: Catalogue, located: Located, draw: Draw) -> PersonShown:
    """Every collection of personal data with rows of the person's, as `draw` shows it, in the groups of the catalogue.

    A system that did not answer, to the search or to `draw`, is named as silent.
    """
    shown = PersonShown()
    for key, why in located.skipped.items():
        if not data_map.collections[key].skip_processing:
            shown.silent.append(_silent(catalogue, data_map.collections[key], why))
    groups: dict[str, DataGroup] = {}
    for key, found in located.collections.items():
        collection = data_map.collections[key]
        if not collection.personal or not visible_rows(found):
            continue
        try:
            item = draw(collection, found)
        except (Refusal, *Trouble) as error:
            shown.silent.append(_silent(catalogue, collection, explain(error)))
            continue
        told = catalogue.group_of(collection)
        groups.setdefault(told.key, DataGroup(told.key, told.title, told.order)).items.append(item)
    shown.groups = sorted(groups.values(), key=lambda group: (group.order, group.key))
    return shown


def count_item(
    catalogue: Catalogue,
    collection: Collection,
    found: FoundCollection,
    values: tuple[ShownValue, ...] = (),
    keeping: tuple[Keeping, ...] = (),
) -> DataItem:
    """One collection in the person's words with the number of its rows; without `values` and `keeping` nothing is in it."""
    words, rows = catalogue.collection(collection.key), visible_rows(found)
    shared = sum(1 for row in rows if row.ownership is Ownership.SHARED)
    return DataItem(
        collection=collection.key,
        dataset=collection.dataset,
        title=words.title,
        rows=len(rows),
        shared=shared,
        values=values,
        keeping=keeping,
        source=words.source_words,
        purpose=words.purpose,
        legal_basis=words.legal_basis,
        recipients=words.recipients,
        note=SHARED_ROWS.filled(count=shared) if shared and values else None,
    )


def visible_rows(found: FoundCollection) -> list[FoundRow]:
    """The person's own rows, then those they share; nobody else's."""
    return [*found.owned(Ownership.OWN), *found.owned(Ownership.SHARED)]


def _silent(catalogue: Catalogue, collection: Collection, why: Words) -> SilentSystem:
    return SilentSystem(collection.key, collection.dataset, catalogue.collection(collection.key).title, why)
