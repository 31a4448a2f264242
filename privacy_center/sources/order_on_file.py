"""Whether an order with this number names this contact: decides if a code leaves for who has no account."""

from collections.abc import Sequence

from privacy_center.datamap.graph import DataMap
from privacy_center.sources.identities import kind_of
from privacy_center.sources.on_file import carries
from privacy_center.sources.open import Sources
from privacy_center.sources.trouble import Trouble, Unavailable


def order_names(
    sources: Sources,
    data_map: DataMap,
    number_field: str,
    contact_fields: Sequence[str],
    number: str,
    kind: str,
    value: str,
) -> bool:
    """Whether a row has this order number in `number_field` and this contact in one of `contact_fields`.

    Fields are `dataset.collection.field`, all of one collection; a contact field that the map says is of another kind is
    left out. A database that does not answer counts as no.
    """
    collection, _dot, column = number_field.rpartition(".")
    mapped = data_map.collections.get(collection)
    if mapped is None:
        return False
    paths = [
        path
        for place, _dot, path in (one.rpartition(".") for one in contact_fields)
        if place == collection and kind_of(mapped.identities.get(path, kind)) == kind_of(kind)
    ]
    try:
        return bool(paths) and carries(sources, collection, [([column], "order", number), (paths, kind, value)])
    except (Unavailable, KeyError, *Trouble):
        return False
