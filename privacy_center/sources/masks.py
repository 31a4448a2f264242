"""The masks of one collection: for each field that must go, the value that takes its place in every row."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.graph import Collection, Field
from privacy_center.datamap.live import LiveTable
from privacy_center.sources.masking import KeyedHash, Mask, MaskKind, Strategy, choose_strategy

_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {"integer": sa.BigInteger, "float": sa.Float, "boolean": sa.Boolean}


def masks_for(
    collection: Collection, paths: Iterable[str], table: sa.Table, live: LiveTable | None, keyed_hash: KeyedHash
) -> list[Mask]:
    """One mask for each field, in the order asked; fields inside a column that is masked whole are left out.

    A field inside a JSON column may always be empty, so it is nulled unless the map says otherwise.
    """
    asked = list(dict.fromkeys(paths))
    unique = _unique_columns(live)
    found = []
    for path in asked:
        if not any(path.startswith(whole + ".") for whole in asked):
            field = collection.fields[path]
            column = _column_of(field, table)
            filled = live is not None and path in live.one_null
            strategy = choose_strategy(field, column, unique=path in unique, filled=filled)
            if strategy == Strategy(MaskKind.FIXED) and _keeps_json(column):
                strategy = Strategy(MaskKind.FIXED, "{}")
            found.append(Mask(collection.key, path, column, strategy, keyed_hash))
    return found


def _unique_columns(live: LiveTable | None) -> set[str]:
    return {name for columns in (*live.unique_sets, *live.part_unique) for name in columns} if live else set()


def _keeps_json(column: sa.Column[Any]) -> bool:
    """MariaDB has no JSON type: `JSON` makes a LONGTEXT in utf8mb4_bin with a check that it is valid JSON."""
    return type(column.type).__name__ == "LONGTEXT" and getattr(column.type, "collation", None) == "utf8mb4_bin"


def _column_of(field: Field, table: sa.Table) -> sa.Column[Any]:
    if "." not in field.path:
        return table.c[field.path]
    return sa.Column(field.path, _TYPES.get(field.data_type or "", sa.String)(), nullable=True)
