"""A few masked values of some planned rows, for the person who reviews them."""

from privacy_center.access.show import SAMPLE_ROWS, show_values
from privacy_center.access.shown import ShownValue
from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import Collection
from privacy_center.sources.open import Sources
from privacy_center.sources.rows import FoundCollection, FoundRow, Key, Ownership


def sample_rows(
    sources: Sources, catalogue: Catalogue, collection: Collection, key_fields: tuple[str, ...], keys: list[Key]
) -> tuple[ShownValue, ...]:
    """Masked values of the first three of these rows, field by field; refuses when the database does not answer."""
    rows = [FoundRow(key, Ownership.OWN) for key in keys[:SAMPLE_ROWS]]
    return show_values(sources, catalogue, collection, FoundCollection(collection.key, key_fields), rows)
