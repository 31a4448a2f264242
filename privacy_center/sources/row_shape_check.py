"""A look at the rows of each mapped table for what the map should say of them: see `datamap/row_shapes.py`."""

from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.finding import Finding, Findings, Place
from privacy_center.datamap.graph import Collection, DataMap, Field, Reference
from privacy_center.datamap.live import LiveTable
from privacy_center.datamap.row_shapes import (
    LOOKED_ENOUGH,
    base_of,
    holds_properties,
    names_tables,
    property_columns_of,
    tell_lists,
    tell_missing_targets,
    tell_properties,
    tell_several_targets,
    type_column_of,
)
from privacy_center.sources.identities import EMAIL, PHONE, is_phone, kind_of
from privacy_center.sources.identity_parts import parts_of
from privacy_center.sources.odd_spelling import bare_value, holds_several
from privacy_center.sources.open import Sources
from privacy_center.sources.trouble import Trouble, Unavailable
from privacy_center.sources.values import NONE_SUCH, cast_for

ROWS, KINDS = 200, 20


def check_row_shapes(sources: Sources, data_map: DataMap, dataset: str) -> list[Finding]:
    """Errors where rows of a dataset are of a shape that the map does not tell. Reads up to 200 rows of a column; a table
    that cannot be read adds nothing here, since the search names it.
    """
    findings = Findings()
    schema = sources.schema_of(dataset)
    for collection in data_map.of(dataset):
        if collection.skip_processing or collection.name not in schema.tables:
            continue
        try:
            look = _Look(sources, data_map, collection, schema.tables[collection.name])
        except Unavailable:
            continue
        for path, field in collection.fields.items():
            if path not in look.live.columns:
                continue
            place = findings.at("", dataset, collection.name, path)
            for check in (_check_references, _check_properties, _check_lists):
                try:
                    check(look, field, place)
                except (Unavailable, KeyError, *Trouble):
                    continue
    return findings.found


class _Look:
    """One table to look into."""

    def __init__(self, sources: Sources, data_map: DataMap, collection: Collection, live: LiveTable) -> None:
        self.sources, self.data_map = sources, data_map
        self.collection, self.live = collection, live
        self.table = sources.table(collection.key)
        self.dialect = sources.engine(collection.dataset).dialect.name

    def rows(
        self, *columns: sa.ColumnElement[Any], where: Any = None, limit: int = ROWS, distinct: bool = False
    ) -> Any:
        """Values of these columns, up to `limit` rows."""
        asked = sa.select(*columns).limit(limit)
        asked = asked.distinct() if distinct else asked
        with self.sources.look(self.collection.dataset) as connection:
            return connection.execute(asked if where is None else asked.where(where)).all()


def _check_references(look: _Look, field: Field, place: Place) -> None:
    kept = {name for key in look.live.foreign_keys for name in key.columns}
    plain = [one for one in field.references if one.when is None and one.collection in look.data_map.collections]
    for reference in () if field.path in kept else plain:
        type_column = type_column_of(field.path, look.live.columns)
        kinds = _different(look, type_column) if type_column else []
        target = reference.collection.split(".", 1)[1]
        tables = look.sources.schema_of(look.collection.dataset).tables
        if type_column and len(kinds) > 1 and names_tables(kinds, base_of(field.path), target, tables):
            tell_several_targets(reference, type_column, kinds, place)
        elif missing := _missing(look, field, reference):
            tell_missing_targets(reference, *missing, place)


def _different(look: _Look, column: str) -> list[Any]:
    one = look.table.c[column]
    return sorted((row[0] for row in look.rows(one, where=one.is_not(None), limit=KINDS, distinct=True)), key=str)


def _missing(look: _Look, field: Field, reference: Reference) -> tuple[int, int] | None:
    """How many keys were looked at and how many of them the named collection does not have, where these are most."""
    column = look.table.c[field.path]
    keys = {row[0] for row in look.rows(column, where=column.is_not(None), distinct=True)} - {0, "", "0"}
    target = look.sources.table(reference.collection)
    dataset = reference.collection.split(".", 1)[0]
    cast = cast_for(target.c[reference.field].type, look.sources.engine(dataset).dialect.name)
    asked = {value for value in map(cast, keys) if value is not NONE_SUCH}
    if len(keys) < LOOKED_ENOUGH:
        return None
    with look.sources.look(dataset) as connection:
        wanted = sa.select(target.c[reference.field]).where(target.c[reference.field].in_(asked)).distinct()
        there = len(connection.execute(wanted).all()) if asked else 0
    missing = len(keys) - there
    return (len(keys), missing) if missing * 2 > len(keys) else None


def _check_properties(look: _Look, field: Field, place: Place) -> None:
    kind = kind_of(field.identity or "")
    if not field.identity or field.identity_when or look.live.columns[field.path].family != "text":
        return
    columns = [name for name, one in look.live.columns.items() if one.family == "text"]
    for column in property_columns_of(look.collection, columns):
        filled = sa.and_(look.table.c[column].is_not(None), look.table.c[field.path].is_not(None))
        rows = [row for row in look.rows(look.table.c[column], look.table.c[field.path], where=filled) if row[1] != ""]
        names = [row[0] for row in rows]
        if holds_properties(column, names, sum(not _is_of_kind(kind, row[1]) for row in rows)):
            tell_properties(column, sorted(set(names), key=str), field.identity, place)
            return


def _is_of_kind(kind: str, value: Any) -> bool:
    if kind == EMAIL:
        return "@" in str(value)
    return is_phone(str(value)) if kind == PHONE else False


def _check_lists(look: _Look, field: Field, place: Place) -> None:
    kind = kind_of(field.identity or "")
    if kind not in (EMAIL, PHONE) or field.identity_format != "value" or look.live.columns[field.path].family != "text":
        return
    column = look.table.c[field.path]
    values = [row[0] for row in look.rows(column, where=holds_several(column, kind, look.dialect))]
    shapes = [parts_of(kind, value) for value in values]
    odd = [parts for parts, value in zip(shapes, values, strict=True) if _is_wrapped(kind, value, parts)]
    if odd:
        tell_lists(any(len(parts) > 1 for parts in odd) or any(_is_document(value) for value in values), place)


def _is_wrapped(kind: str, value: str, parts: tuple[Any, ...]) -> bool:
    return len(parts) > 1 or (len(parts) == 1 and bare_value(kind, str(parts[0])) != bare_value(kind, value))


def _is_document(value: str) -> bool:
    return value.strip().startswith(("[", "{"))
