"""What a person is shown: theirs and what they share, masked, with reasons; never what is somebody else's."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center.access.show import show_person
from privacy_center.access.shown import DataItem, PersonShown
from privacy_center.config import Settings
from privacy_center.datamap.catalogue import load_catalogue
from privacy_center.datamap.load import load_map
from privacy_center.retention.pack import load_packs
from privacy_center.retention.verdict import Outcome
from privacy_center.sources.config import SourceConfig
from privacy_center.sources.locate import locate
from privacy_center.sources.open import Sources
from privacy_center.sources.rows import FoundRow, Ownership

TODAY = date(2026, 11, 2)
MAP = """
dataset:
  - fides_key: shop
    name: Shop
    collections:
      - name: customer
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - {name: name, data_categories: [user.name]}
          - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}}
          - {name: resident_id, data_categories: [user.government_id.national_identification_number]}
          - {name: photo, data_categories: [user.content.self_image]}
          - name: address_id
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: shop, field: address.id, direction: to}]}
      - name: address
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - {name: street, data_categories: [user.contact.address.street]}
      - name: ticket
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
          - {name: message, data_categories: [user.content.private]}
          - {name: closed_at, data_categories: [system.operations]}
      - name: lost
        fields:
          - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}}
"""
CATALOGUE = """
collections:
  shop.ticket:
    title: {zh-CN: 售后工单, en: After-sales cases}
    purpose: {zh-CN: 处理您的售后, en: To handle your case}
    source: you
    group: service
    recipients: [{zh-CN: 顺达快递, en: Shunda Express}]
"""
PACK = """
pack: shop-test
version: "1"
jurisdiction: CN
status: needs_counsel_review
rules:
  - key: open-case
    title: {zh-CN: 售后未完结, en: Case still open}
    authority: law
    citation: {law: 电子商务法, article: "62", checked: true}
    effective: {from: 2019-01-01}
    covers: {collection: shop.ticket}
    when: {field: closed_at, is: null}
    until: {event: case closed}
    treatment: restrict
    needs: [id, customer_id]
    customer: {zh-CN: 还有一笔售后在处理。, en: A case is still open.}
"""


@pytest.fixture
def shown(tmp_path: Path):
    """A function that gives what the customer with a phone number is shown."""
    for name, text in {"map/shop.yml": MAP, "catalogue.yml": CATALOGUE, "policy/p.yml": PACK}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    data_map, findings = load_map(tmp_path / "map")
    catalogue = load_catalogue(tmp_path / "catalogue.yml")
    rules, said = load_packs(
        tmp_path / "policy", catalogue=catalogue, data_map=data_map, settings=Settings(home=tmp_path), today=TODAY
    )
    assert [one for one in (*findings, *said) if one.level == "error"] == []
    sources = Sources({"shop": SourceConfig(_fill(tmp_path / "shop.db"))}, data_map)

    def show(phone: str, foreign: tuple = ()) -> PersonShown:
        def facts(key: str):
            return rules.facts(data_map.collections[key], sources.table(key), sources.table, TODAY)

        located = locate(sources, data_map, {"phone_number": [phone]}, facts)
        if foreign:
            located.collections["shop.customer"].rows.append(FoundRow(foreign, Ownership.THIRD_PARTY))
        return show_person(sources, data_map, catalogue, rules, located, TODAY)

    yield show
    sources.close()


def _fill(path: Path) -> str:
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE address (id INTEGER PRIMARY KEY, street TEXT)",
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, phone TEXT, resident_id TEXT, photo BLOB, address_id INTEGER REFERENCES address)",
            "CREATE TABLE ticket (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, message TEXT, closed_at DATE)",
            "INSERT INTO address VALUES (1, '上海市徐汇区淮海中路 1 号')",
            "INSERT INTO customer VALUES (1, '林小满', '13800138000', '310101199001011234', x'00', 1), (2, '周大为', '13900139000', NULL, NULL, 1)",
        ):
            connection.exec_driver_sql(statement)
        tickets = [(n, 1, f"问题 {n}", None if n == 1 else "2026-01-01") for n in range(1, 6)]
        connection.exec_driver_sql("INSERT INTO ticket VALUES (?, ?, ?, ?)", tickets)
    engine.dispose()
    return f"sqlite:///{path}"


def item(told: PersonShown, collection: str) -> DataItem:
    return next(one for group in told.groups for one in group.items if one.collection == collection)


def test_values_are_masked_and_sensitive_ones_are_marked(shown):
    values = {value.path: value for value in item(shown("13800138000"), "shop.customer").values}
    assert values["name"].samples == ("林**",) and not values["name"].sensitive
    assert values["phone"].samples == ("138****8000",)
    assert values["resident_id"].sensitive and "19900101" not in values["resident_id"].samples[0]
    assert values["photo"].samples == ("****",)
    assert "id" not in values and "address_id" not in values, "links between tables tell a person nothing"


def test_an_item_says_what_for_where_from_and_who_receives_it(shown):
    ticket = item(shown("13800138000"), "shop.ticket")
    assert (ticket.title.en, ticket.purpose.en, ticket.source.en) == (
        "After-sales cases",
        "To handle your case",
        "From you",
    )
    assert [one.en for one in ticket.recipients] == ["Shunda Express"]


def test_every_row_is_counted_few_are_read_and_each_answer_of_the_rules_is_told(shown):
    ticket = item(shown("13800138000"), "shop.ticket")
    assert ticket.rows == 5
    assert all(len(value.samples) <= 3 for value in ticket.values)
    assert [(one.outcome, one.rows) for one in ticket.keeping] == [(Outcome.RESTRICT, 1), (Outcome.ERASE, 4)]
    assert ticket.keeping[0].why.en == "A case is still open." and ticket.keeping[0].ends.events


def test_a_row_that_others_use_as_well_is_shown_with_a_note(shown):
    address = item(shown("13800138000"), "shop.address")
    assert (address.rows, address.shared) == (1, 1) and "shared" in address.note.en
    assert address.keeping == ()


def test_a_row_of_somebody_else_is_neither_counted_nor_read(shown):
    customer = item(shown("13800138000", foreign=(2,)), "shop.customer")
    assert customer.rows == 1
    assert "周" not in str(customer.values)


def test_groups_come_in_their_order(shown):
    orders = [group.order for group in shown("13800138000").groups]
    assert orders == sorted(orders) and len(set(orders)) == len(orders)


def test_a_system_that_does_not_answer_is_named(shown):
    (silent,) = shown("13800138000").silent
    assert silent.collection == "shop.lost" and silent.why.zh and silent.why.en


def test_a_person_of_whom_nothing_is_held_is_shown_nothing(shown):
    assert shown("13700137000").groups == []
