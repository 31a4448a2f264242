"""How the fields of a collection are masked: the same answer for the preflight and for the execution."""

from privacy_center.plans.ground import Ground
from privacy_center.sources import masks
from privacy_center.sources.masking import Mask


def masks_for(ground: Ground, collection_key: str, fields: tuple[str, ...]) -> list[Mask]:
    """One mask a field, fitting its live column."""
    collection = ground.data_map.collections[collection_key]
    live = ground.sources.schema_of(collection.dataset).tables.get(collection.name)
    return masks.masks_for(collection, fields, ground.sources.table(collection_key), live, ground.keyring.keyed_hash)
