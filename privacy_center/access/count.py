"""Show a person which kinds of records there are of theirs, and how many of each: no value is read."""

from privacy_center.access.show import silent_system, visible_rows
from privacy_center.access.shown import DataGroup, DataItem, PersonShown
from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import DataMap
from privacy_center.sources.rows import Located, Ownership


def count_person(data_map: DataMap, catalogue: Catalogue, located: Located) -> PersonShown:
    """The groups and items of `show_person` with their rows and nothing in them; systems that did not answer are named."""
    shown = PersonShown()
    for key, why in located.skipped.items():
        if not data_map.collections[key].skip_processing:
            shown.silent.append(silent_system(catalogue, data_map.collections[key], why))
    groups: dict[str, DataGroup] = {}
    for key, found in located.collections.items():
        collection, rows = data_map.collections[key], visible_rows(found)
        if not collection.personal or not rows:
            continue
        told, words = catalogue.group_of(collection), catalogue.collection(key)
        item = DataItem(
            collection=key,
            dataset=collection.dataset,
            title=words.title,
            rows=len(rows),
            shared=sum(1 for row in rows if row.ownership is Ownership.SHARED),
            values=(),
            keeping=(),
            source=words.source_words,
            purpose=words.purpose,
            legal_basis=words.legal_basis,
            recipients=words.recipients,
        )
        groups.setdefault(told.key, DataGroup(told.key, told.title, told.order)).items.append(item)
    shown.groups = sorted(groups.values(), key=lambda group: (group.order, group.key))
    return shown
