"""Masked values of records, one by one, for the person who reviews them."""

from collections.abc import Container

from privacy_center.access.readable import read_value
from privacy_center.access.show import personal_fields, said_of
from privacy_center.access.shown import ShownValue
from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import Collection
from privacy_center.sources.open import Sources
from privacy_center.sources.read import read_rows
from privacy_center.sources.rows import Key


def masked_records(
    sources: Sources,
    catalogue: Catalogue,
    collection: Collection,
    key_fields: tuple[str, ...],
    keys: list[Key],
    only: Container[str] | None = None,
) -> dict[Key, tuple[ShownValue, ...]]:
    """Key → masked values of that record, field by field; a record that is gone is left out, so are empty fields.
    `only`: the fields that are read at all.

    Refuses when the database does not answer.
    """
    fields = [one for one in personal_fields(catalogue, collection) if only is None or one[0].path in only]
    words = catalogue.collection(collection.key)
    with sources.engine(collection.dataset).connect() as connection:
        table, paths = sources.table(collection.key), [field.path for field, _ in fields]
        rows = dict(read_rows(connection, table, key_fields, keys, paths))
    shown = {}
    for key, values in rows.items():
        found = []
        for value, (field, category) in zip(values, fields, strict=True):
            readable = read_value(value, field, category, words.values.get(field.path, {}))
            if readable:
                title = words.fields.get(field.path, category.title)
                found.append(
                    ShownValue(
                        field.path, category.key, title, category.sensitive, (readable,), said_of(field, collection)
                    )
                )
        shown[key] = tuple(found)
    return shown
