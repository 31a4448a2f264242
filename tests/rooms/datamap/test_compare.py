"""The map held against the live database: what one says and the other does not have."""

from dataclasses import replace
from pathlib import Path

import pytest

from privacy_center.datamap.compare import compare_with_live
from privacy_center.datamap.graph import DataMap
from privacy_center.datamap.live import LiveColumn, LiveForeignKey, LiveIndex, LiveSchema, LiveTable, LiveUnique
from tests.rooms.datamap.maps import errors, load, only, warnings

MAP = """
dataset:
  - fides_key: shop
    collections:
      - name: customer
        fields:
          - {name: id, fides_meta: {primary_key: true, data_type: integer}}
          - {name: email, fides_meta: {identity: email, data_type: string, length: 100}}
          - name: prefs
            fides_meta: {data_type: object}
            fields: [{name: lang}]
      - name: orders
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: customer_id, fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}}
          - {name: placed, fides_meta: {data_type: string}}
      - name: archive
        fides_meta: {skip_processing: true}
        fields: [{name: anything}]
"""

CUSTOMER = LiveTable(
    "customer",
    {
        "id": LiveColumn("id", "integer", nullable=False, native="BIGINT"),
        "email": LiveColumn("email", "text", length=100, native="VARCHAR(100)"),
        "prefs": LiveColumn("prefs", "json", native="JSONB"),
    },
    primary_key=("id",),
)
ORDERS = LiveTable(
    "orders",
    {
        "id": LiveColumn("id", "integer", nullable=False),
        "customer_id": LiveColumn("customer_id", "integer"),
        "placed": LiveColumn("placed", "text"),
    },
    primary_key=("id",),
    foreign_keys=(LiveForeignKey(("customer_id",), "customer", ("id",)),),
)


@pytest.fixture
def data_map(tmp_path: Path) -> DataMap:
    data_map, findings = load(tmp_path, MAP)
    assert errors(findings) == []
    return data_map


def _live(*tables: LiveTable) -> LiveSchema:
    return LiveSchema({one.name: one for one in tables}, "postgresql")


def _with(table: LiveTable, **columns: LiveColumn) -> LiveTable:
    return replace(table, columns={**table.columns, **columns})


def test_a_map_that_fits_its_database_gives_no_finding(data_map: DataMap) -> None:
    assert compare_with_live(data_map, "shop", _live(CUSTOMER, ORDERS)) == []


def test_a_table_that_is_not_there_is_an_error_with_a_hint(data_map: DataMap) -> None:
    found = compare_with_live(data_map, "shop", _live(CUSTOMER, replace(ORDERS, name="order")))
    assert only(errors(found)).startswith("shop.orders: The database has no table orders.")
    assert "Did you mean order?" in only(errors(found))
    assert "does not know the table order" in only(warnings(found))


def test_a_column_that_is_not_there_is_an_error(data_map: DataMap) -> None:
    columns = {name: one for name, one in CUSTOMER.columns.items() if name != "email"}
    columns["e_mail"] = LiveColumn("e_mail", "text")
    found = compare_with_live(data_map, "shop", _live(replace(CUSTOMER, columns=columns), ORDERS))
    assert only(errors(found)).startswith("shop.customer.email: The table customer has no column email.")
    assert "Did you mean e_mail?" in only(errors(found))


def test_tables_and_columns_that_the_map_does_not_know_may_hold_personal_data(data_map: DataMap) -> None:
    diary = LiveTable("diary", {"text": LiveColumn("text", "text")})
    books = LiveTable("alembic_version", {"version_num": LiveColumn("version_num", "text")})
    live = _live(_with(CUSTOMER, nickname=LiveColumn("nickname", "text")), ORDERS, diary, books)
    found = compare_with_live(data_map, "shop", live)

    assert errors(found) == []
    assert [one.split(": ")[0] for one in warnings(found)] == ["shop.customer.nickname", "shop.diary"]
    assert all("may hold personal data" in one for one in warnings(found))


def test_a_type_that_does_not_fit_is_told_with_the_databases_word(data_map: DataMap) -> None:
    live = _live(_with(CUSTOMER, id=LiveColumn("id", "text", native="VARCHAR(20)")), ORDERS)
    said = only(warnings(compare_with_live(data_map, "shop", live)))
    assert "The map says integer, the database has VARCHAR(20)" in said


@pytest.mark.parametrize("family", ["text", "uuid", "date", "datetime", "time"])
def test_fideslang_has_only_string_for_dates_and_uuids(data_map: DataMap, family: str) -> None:
    live = _live(CUSTOMER, _with(ORDERS, placed=LiveColumn("placed", family)))  # type: ignore[arg-type]
    assert compare_with_live(data_map, "shop", live) == []


@pytest.mark.parametrize("family", ["boolean", "date", "datetime", "time", "integer", "number", "uuid", "binary"])
def test_a_flag_a_time_or_a_counter_is_refused_as_an_address(data_map: DataMap, family: str) -> None:
    live = _live(_with(CUSTOMER, email=LiveColumn("email", family, native=family.upper())), ORDERS)  # type: ignore[arg-type]
    said = "\n".join(errors(compare_with_live(data_map, "shop", live)))
    assert f"This column is {family.upper()} and cannot hold e-mail addresses" in said


def test_a_length_beyond_the_column_is_told(data_map: DataMap) -> None:
    live = _live(_with(CUSTOMER, email=LiveColumn("email", "text", length=60)), ORDERS)
    assert "Set 60 in the map" in only(warnings(compare_with_live(data_map, "shop", live)))


def test_a_key_that_the_database_lets_repeat_is_an_error(data_map: DataMap) -> None:
    table = _with(CUSTOMER, tenant=LiveColumn("tenant", "integer"))
    found = compare_with_live(data_map, "shop", _live(replace(table, primary_key=("tenant", "id")), ORDERS))
    assert "other people's rows could be changed" in only(errors(found))


def test_another_unique_key_than_the_databases_own_is_a_warning(data_map: DataMap) -> None:
    table = _with(CUSTOMER, uid=LiveColumn("uid", "uuid"))
    for said in ({"uniques": (LiveUnique(("id",)),)}, {"indexes": (LiveIndex(("id",), unique=True),)}):
        live = _live(replace(table, primary_key=("uid",), **said), ORDERS)
        found = compare_with_live(data_map, "shop", live)
        assert errors(found) == []
        assert [one for one in warnings(found) if "Make them the same" in one]


def test_a_key_with_more_fields_than_it_needs_still_tells_rows_apart(tmp_path: Path) -> None:
    data_map, _ = load(tmp_path, MAP.replace("{identity: email,", "{primary_key: true, identity: email,"))
    said = only(warnings(compare_with_live(data_map, "shop", _live(CUSTOMER, ORDERS))))
    assert "The map has id, email as primary key, the database has id" in said


def test_a_table_without_any_key_is_told(data_map: DataMap) -> None:
    found = compare_with_live(data_map, "shop", _live(replace(CUSTOMER, primary_key=()), ORDERS))
    assert "the database has no key, so rows may repeat" in only(warnings(found))


def test_a_foreign_key_without_a_reference_is_told(data_map: DataMap) -> None:
    inviter = LiveForeignKey(("id",), "orders", ("id",))
    live = _live(replace(CUSTOMER, foreign_keys=(inviter,)), ORDERS)
    said = only(warnings(compare_with_live(data_map, "shop", live)))
    assert said.startswith("shop.customer.id: The database has a foreign key id → orders.id")


def test_a_reference_told_on_the_other_side_counts_for_the_foreign_key(tmp_path: Path) -> None:
    other_side = MAP.replace(
        "fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}", "description: x"
    ).replace(
        "{primary_key: true, data_type: integer}",
        "{primary_key: true, data_type: integer, references: [{dataset: shop, field: orders.customer_id, direction: to}]}",
    )
    data_map, _ = load(tmp_path, other_side)
    assert compare_with_live(data_map, "shop", _live(CUSTOMER, ORDERS)) == []


def test_referring_tables_and_unique_sets_are_read_off_the_schema() -> None:
    live = _live(CUSTOMER, replace(ORDERS, uniques=(LiveUnique(("id",)), LiveUnique(("customer_id",)))))
    assert [(name, one.columns) for name, one in live.referring["customer"]] == [("orders", ("customer_id",))]
    assert live.tables["orders"].unique_sets == (("customer_id",),)
