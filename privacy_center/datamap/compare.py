"""The map held against the live database: what one says and the other does not have."""

from collections.abc import Iterator

from privacy_center.datamap.finding import Finding, Findings, Place, did_you_mean
from privacy_center.datamap.graph import Collection, DataMap, Field
from privacy_center.datamap.identity_types import check_identity_type
from privacy_center.datamap.live import Family, LiveColumn, LiveForeignKey, LiveSchema, LiveTable
from privacy_center.datamap.traits import tell_traits

RESTRICTION_TABLE = "privacy_restriction"
"""The side table in which a company's systems find what is restricted; views on it begin with `privacy_in_use_`."""
IN_USE = "privacy_in_use_"

# Tables in which databases and migration tools keep their own books; they hold nothing about people.
BOOKKEEPING = frozenset({"alembic_version", "sqlite_sequence", "django_migrations", "flyway_schema_history"})
BOOKKEEPING |= {"schema_migrations", "ar_internal_metadata", "spatial_ref_sys", "databasechangelog"}
BOOKKEEPING |= {RESTRICTION_TABLE}

# Fideslang has no words for dates, decimals or uuids, so several families may stand behind one of its types.
_FITS: dict[str, frozenset[Family]] = {
    "string": frozenset({"text", "uuid", "date", "datetime", "time", "json", "other"}),
    "integer": frozenset({"integer", "number", "boolean", "other"}),
    "float": frozenset({"number", "integer", "other"}),
    "boolean": frozenset({"boolean", "integer", "other"}),
    "object": frozenset({"json", "text", "other"}),
    "object_id": frozenset({"text", "uuid", "binary", "other"}),
}
_FITS_LIST: frozenset[Family] = frozenset({"array", "json", "text", "other"})


def compare_with_live(data_map: DataMap, dataset: str, live: LiveSchema) -> list[Finding]:
    """Everything in which the map of a dataset and its live database differ.

    An error where the product would miss or mistake rows (a table, a column or a key that is not there); a warning where
    the map is poorer than the database or only less exact.
    """
    findings = Findings()
    mapped = {one.name: one for one in data_map.of(dataset)}
    for name, collection in mapped.items():
        if collection.skip_processing:
            continue
        place = findings.at("", dataset, name)
        if name in live.tables:
            _compare_table(collection, live.tables[name], place)
        else:
            _tell_missing_table(collection, live, place)
    for name, table in live.tables.items():
        place = findings.at("", dataset, name)
        if name not in mapped and name not in BOOKKEEPING and not name.startswith(IN_USE):
            place.warn(
                f"地图里没有数据库里的表 {name}，其中可能有个人信息。请把它加进地图。",
                f"The map does not know the table {name} of the database; it may hold personal data. Add it to the map.",
            )
        elif name in mapped:
            _compare_foreign_keys(data_map, mapped[name], table, live, place)
    return findings.found


def _tell_missing_table(collection: Collection, live: LiveSchema, place: Place) -> None:
    whole = live.parts.get(collection.name)
    if whole:
        place.error(
            f"{collection.name} 是 {whole} 的一个分区。请在地图里写 {whole}，它包括所有分区。",
            f"{collection.name} is a partition of {whole}. Put {whole} into the map: it holds the rows of all of them.",
        )
        return
    hint = did_you_mean(collection.name, live.tables)
    place.error(
        f"数据库里没有表 {collection.name}。请改正名字或 schema，或从地图中删去。{hint.zh}",
        f"The database has no table {collection.name}. Correct the name or the schema, or take it out of the "
        f"map.{hint.en}",
    )


def _compare_table(collection: Collection, table: LiveTable, place: Place) -> None:
    tell_traits(table, place)
    columns = {field.column for field in collection.fields.values()}
    for column in dict.fromkeys(field.column for field in collection.fields.values()):
        if column not in table.columns:
            hint = did_you_mean(column, table.columns)
            place.within(field=column).error(
                f"表 {table.name} 没有列 {column}。请改正，或从地图中删去。{hint.zh}",
                f"The table {table.name} has no column {column}. Correct it, or take it out of the map.{hint.en}",
            )
    for name in table.columns:
        if name not in columns:
            place.within(field=name).warn(
                f"地图里没有列 {name}，其中可能有个人信息。请把它加进地图。",
                f"The map does not know the column {name}; it may hold personal data. Add it to the map.",
            )
    for path, field in collection.fields.items():
        if path in table.columns:
            _compare_column(field, table.columns[path], place.within(field=path))
    _compare_keys(collection, table, place)


def _compare_column(field: Field, column: LiveColumn, place: Place) -> None:
    check_identity_type(field, column, place)
    if field.data_type and not _fits(field.data_type, column):
        native = column.native or column.family
        place.warn(
            f"地图说是 {field.data_type}，数据库里是 {native}。将按数据库处理；请改正地图。",
            f"The map says {field.data_type}, the database has {native}. The database's type is used; correct the map.",
        )
    if field.length and column.length and field.length > column.length:
        place.warn(
            f"地图说长度 {field.length}，列只容得下 {column.length}。请把地图改成 {column.length}。",
            f"The map says length {field.length}, but the column holds {column.length}. Set {column.length} in the map.",
        )


def _fits(data_type: str, column: LiveColumn) -> bool:
    if data_type.endswith("[]"):
        return column.family in _FITS_LIST
    return column.family in _FITS.get(data_type, frozenset({column.family}))


def _compare_keys(collection: Collection, table: LiveTable, place: Place) -> None:
    said, live = set(collection.primary_key), set(table.primary_key)
    if table.has_heirs or not said or said == live or not said <= table.columns.keys():
        return
    unique = [set(columns) for columns in table.proven_keys]
    ours, theirs = ", ".join(collection.primary_key), ", ".join(table.primary_key)
    if not unique:
        place.warn(
            f"地图以 {ours} 为主键，数据库却没有任何键，不保证不重复。请在数据库里建主键，或确认不会重复。",
            f"The map has {ours} as primary key, but the database has no key, so rows may repeat. "
            "Add a key to the database, or make sure that they do not.",
        )
    elif not any(one <= said for one in unique):
        place.error(
            f"地图以 {ours} 为主键，但数据库不保证它不重复（数据库的键是 {theirs or '别的列'}），会误改别人的行。请改正。",
            f"The map has {ours} as primary key, but the database lets it repeat (its key is {theirs or 'another'}), "
            "so other people's rows could be changed. Correct the map.",
        )
    elif live:
        place.warn(
            f"地图以 {ours} 为主键，数据库以 {theirs} 为主键。请改成一致。",
            f"The map has {ours} as primary key, the database has {theirs}. Make them the same.",
        )


def _compare_foreign_keys(
    data_map: DataMap, collection: Collection, table: LiveTable, live: LiveSchema, place: Place
) -> None:
    known = {
        (one.child, one.child_field, one.parent, one.parent_field) for one in data_map.links_up.get(collection.key, ())
    } | {
        (one.parent, one.parent_field, one.child, one.child_field)
        for one in data_map.links_down.get(collection.key, ())
    }
    for foreign_key in table.foreign_keys:
        parent = f"{collection.dataset}.{foreign_key.referred_table}"
        if parent not in data_map.collections or foreign_key.referred_schema not in (None, live.schema):
            continue
        pairs = list(_pairs(collection.key, parent, foreign_key))
        if any(pair in known for pair in pairs) or collection.skip_processing:
            continue
        column, target = ", ".join(foreign_key.columns), ", ".join(foreign_key.referred_columns)
        place.within(field=foreign_key.columns[0] if foreign_key.columns else "").warn(
            f"数据库有外键 {column} → {foreign_key.referred_table}.{target}，地图里没有这条引用。请加上，并写明方向。",
            f"The database has a foreign key {column} → {foreign_key.referred_table}.{target}, but the map has no such "
            "reference. Add it, with its direction.",
        )


def _pairs(child: str, parent: str, one: LiveForeignKey) -> Iterator[tuple[str, str, str, str]]:
    for column, referred in zip(one.columns, one.referred_columns, strict=False):
        yield child, column, parent, referred
