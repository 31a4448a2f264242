"""Identifiers that an erasure left behind are found, in whole values and inside text, and nothing else is."""

import pytest
import sqlalchemy as sa

from privacy_center.datamap.graph import Collection, Field
from privacy_center.errors import Refusal
from privacy_center.sources import residual
from privacy_center.sources.needles import Needles
from privacy_center.sources.open import Sources
from privacy_center.sources.residual import Hit, Progress, scan_full, scan_indexed
from tests.rooms.sources.databases import any_url, collection, open_shop  # noqa: F401

ANNA = {
    "phone_number": ["13800138000"],
    "email": ["Anna.Li@example.com"],
    "customer_no": ["QH-00012345"],
    "name": ["李安娜"],
}


def people_in(text, kind=None, **people):
    return {person for person, _ in Needles(people or {"anna": ANNA}).in_value(text, kind)}


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "+86 13800138000",
        "+8613800138000",
        "0086-138-0013-8000",
        "客户电话13800138000，请回电",
        "tel138 0013 8000.",
        "order 42 13800138000 called",
        "１３８００１３８０００",
        "anna.li@example.com",
        "Write to ANNA.LI@EXAMPLE.COM.",
        "<anna.li@example.com>,",
        "GET /me?mail=anna.li%40example.com&x=1",
        "会员QH-00012345的投诉",
        "qh-00012345",
        {"contact": [{"tel": 13800138000}]},
        ["x", "13800138000"],
    ],
)
def test_an_identifier_is_found_however_it_is_written(text):
    assert people_in(text) == {"anna"}


@pytest.mark.parametrize(
    "text",
    [
        "4213800138000",
        "138001380001",
        "1380013800",
        "joanna.li@example.com",
        "x.anna.li@example.com",
        "anna.li@example.com.cn",
        "anna.li@example.community",
        "QH-000123456",
        "XQH-00012345",
        "李安娜",
        "",
        {"13800138000x": "key aside"},
        42,
        None,
    ],
)
def test_what_only_resembles_an_identifier_is_not_one(text):
    assert people_in(text) == set()


def test_a_short_identifier_counts_only_as_a_whole_value_in_a_column_of_its_kind():
    short = {"anna": {"member_no": ["A17"]}}
    assert people_in("A17", "member_no", **short) == {"anna"}
    assert people_in("Gate A17", "member_no", **short) == set()
    assert people_in("A17", **short) == set()


def test_a_bare_number_counts_in_a_column_of_its_kind_and_inside_text_but_not_as_some_other_number():
    bare = {"anna": {"customer_no": ["100234"]}}
    assert people_in("100234", "customer_no", **bare) == {"anna"}
    assert people_in("customer 100234 called", **bare) == {"anna"}
    assert people_in("100234", **bare) == set()
    assert people_in("1002345", **bare) == set()


def test_a_resident_id_with_x_is_found_whatever_the_letter_case():
    assert people_in("id 11010519491231002x!", anna={"resident_id": ["11010519491231002X"]}) == {"anna"}


def test_the_same_identifier_of_two_people_is_told_for_both():
    assert people_in("13800138000", anna=ANNA, ben={"phone": ["+86 138 0013 8000"]}) == {"anna", "ben"}


METADATA = sa.MetaData()
TICKET = sa.Table(
    "ticket",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(60), unique=True),
    sa.Column("phone", sa.String(20), index=True),
    sa.Column("body", sa.Text),
    sa.Column("extra", sa.JSON),
)
LINE = sa.Table(
    "line",
    METADATA,
    sa.Column("ticket_id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(10), primary_key=True),
    sa.Column("note", sa.Text),
)
LOG = sa.Table("log", METADATA, sa.Column("line", sa.String(100)))
MAPPED = (
    collection(
        "ticket", id=None, email=Field("email", identity="email"), phone=Field("phone", identity="phone_number")
    ),
    collection("line", ticket_id=Field("ticket_id", primary_key=True), number=Field("number", primary_key=True)),
    collection("log", line=Field("line")),
)


@pytest.fixture
def shop(any_url: str) -> Sources:  # noqa: F811
    sources = open_shop(any_url, METADATA, *MAPPED)
    tickets = [{"id": n, "email": f"t{n}@x.com", "phone": None, "body": "fine", "extra": {}} for n in range(1, 8)]
    tickets[1] |= {"email": "anna.li@example.com"}
    tickets[2] |= {"phone": "+86 13800138000"}
    tickets[3] |= {"body": "called from 138-0013-8000"}
    tickets[4] |= {"extra": {"contact": {"mail": "Anna.Li@example.com"}}}
    with sources.engine("shop").execution_options(writes=True).begin() as connection:
        connection.execute(TICKET.insert(), tickets)
        connection.execute(
            LINE.insert(),
            [
                {"ticket_id": t, "number": n, "note": "for ben@x.com" if n == "c" else ""}
                for t in range(3)
                for n in "abc"
            ],
        )
        connection.execute(LOG.insert(), [{"line": "GET / by QH-00012345"}, {"line": "GET /"}])
    yield sources
    sources.close()


def test_indexed_columns_are_asked_at_once_one_query_a_collection(shop):
    shop.schema_of("shop")
    statements = []
    sa.event.listen(shop.engine("shop"), "before_cursor_execute", lambda *told: statements.append(told[2]))
    hits = scan_indexed(shop, shop.data_map, ANNA)
    assert set(hits) == {
        Hit("shop.ticket", (2,), "email", "", "email"),
        Hit("shop.ticket", (3,), "phone", "", "phone_number"),
    }
    assert len(statements) <= 2


def test_an_indexed_column_is_asked_for_a_number_in_the_letters_in_which_it_was_given(any_url):  # noqa: F811
    metadata = sa.MetaData()
    member = sa.Table("member", metadata, sa.Column("number", sa.String(20), primary_key=True))
    sources = open_shop(
        any_url, metadata, collection("member", number=Field("number", primary_key=True, identity="no"))
    )
    with sources.engine("shop").execution_options(writes=True).begin() as connection:
        connection.execute(member.insert(), [{"number": "QH-00012345"}, {"number": "M007"}])
    found = scan_indexed(sources, sources.data_map, {"no": ["QH-00012345", "M007"]})
    sources.close()
    assert {hit.key for hit in found} == {("QH-00012345",), ("M007",)}


def test_one_pass_finds_every_person_in_every_text(shop, monkeypatch):
    monkeypatch.setattr(residual, "ROWS_AT_A_TIME", 2)
    progress = Progress()
    hits = set(scan_full(shop, shop.data_map, {"anna": ANNA, "ben": {"email": ["ben@x.com"]}}, progress))
    assert hits == {
        Hit("shop.ticket", (2,), "email", "anna", "email"),
        Hit("shop.ticket", (3,), "phone", "anna", "phone_number"),
        Hit("shop.ticket", (4,), "body", "anna", "phone_number"),
        Hit("shop.ticket", (5,), "extra", "anna", "email"),
        *(Hit("shop.line", (ticket, "c"), "note", "ben", "email") for ticket in range(3)),
        Hit("shop.log", ("GET / by QH-00012345",), "line", "anna", "customer_no"),
    }
    assert progress.rows == 7 + 9 + 2 and progress.skipped == {}


def test_a_collection_that_cannot_be_read_is_named_and_the_rest_is_read(shop):
    data_map = shop.data_map
    data_map.collections["shop.gone"] = Collection("shop", "gone", {"id": Field("id", primary_key=True)})
    data_map.collections["shop.left_out"] = Collection("shop", "left_out", {}, skip_processing=True)
    progress = Progress()
    assert len(list(scan_full(shop, data_map, {"anna": ANNA}, progress))) == 5
    assert set(progress.skipped) == {"shop.gone", "shop.left_out"}
    with pytest.raises(Refusal, match="gone"):
        scan_indexed(shop, data_map, ANNA)
