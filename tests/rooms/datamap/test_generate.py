"""A first map from a live database: sure only where name and values agree, and never a value written down."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy_center.datamap.compare import compare_with_live
from privacy_center.datamap.generate import columns_to_sample, suggest_dataset
from privacy_center.datamap.live import FAMILIES, LiveColumn, LiveForeignKey, LiveSchema, LiveTable, LiveUnique
from privacy_center.datamap.shapes import (
    is_address,
    is_bank_card,
    is_email,
    is_han_name,
    is_ip,
    is_mobile,
    is_resident_id,
    shape_of,
)
from tests.rooms.datamap.maps import apart_from_reach, errors, load

PHONES = ["13812341234", "+86 139 1234 1235", "15012341236", "18812341237"]
EMAILS = ["zhang@example.com", "li.si@example.cn", "w+x@mail.example.org"]
RESIDENT_IDS = ["11010519491231002X", "440524188001010014", "310101199003071230"]
CARDS = ["4111111111111111", "6222 0200 0000 0001 016", "5555555555554444"]
NAMES = ["张伟", "王芳", "李秀英", "陈静"]
ADDRESSES = ["上海市黄浦区人民大道200号", "北京市朝阳区建国路88号院3号楼", "杭州市西湖区文三路478号"]


def _table(name: str, *columns: LiveColumn, **more: object) -> LiveTable:
    return LiveTable(name, {one.name: one for one in columns}, **more)  # type: ignore[arg-type]


def _text(name: str, length: int | None = 50, comment: str = "") -> LiveColumn:
    return LiveColumn(name, "text", length, comment=comment)


def _number(name: str) -> LiveColumn:
    return LiveColumn(name, "integer", nullable=False)


LIVE = LiveSchema(
    {
        one.name: one
        for one in (
            _table(
                "customer",
                _number("id"),
                _text("email", 120),
                _text("mobile", 20),
                _text("real_name", 40),
                _text("sfzh", 18),
                _text("memo"),
                _text("contact"),
                _text("on"),
                _number("address_id"),
                LiveColumn("created_at", "datetime"),
                primary_key=("id",),
                uniques=(LiveUnique(("email",)),),
                foreign_keys=(LiveForeignKey(("address_id",), "address", ("id",)),),
            ),
            _table("address", _number("id"), _text("detail", 200, comment="收货地址"), primary_key=("id",)),
            _table(
                "orders",
                _number("id"),
                _number("customer_id"),
                _text("receiver_phone", 20),
                _text("银行卡号", 30),
                _number("前单"),
                primary_key=("id",),
                foreign_keys=(
                    LiveForeignKey(("customer_id",), "customer", ("id",)),
                    LiveForeignKey(("前单",), "orders", ("id",)),
                    LiveForeignKey(("id",), "ledger", ("id",), referred_schema="books"),
                ),
            ),
            _table("login_log", _text("login_ip"), _text("phone")),
            _table("customer_view", _text("email"), is_view=True),
            _table("alembic_version", _text("version_num")),
        )
    },
    "postgresql",
)
SAMPLES = {
    ("customer", "email"): EMAILS,
    ("customer", "mobile"): PHONES,
    ("customer", "sfzh"): RESIDENT_IDS,
    ("customer", "memo"): ["likes tea", "born in May"],
    ("customer", "contact"): PHONES,
    ("address", "detail"): ADDRESSES,
    ("orders", "receiver_phone"): EMAILS,
    ("orders", "银行卡号"): CARDS,
    ("login_log", "login_ip"): ["10.1.2.3", "10.1.2.4", "2001:db8::1"],
}


@pytest.fixture
def lines() -> dict[str, str]:
    """Field → its line with the data category, by `table.column`."""
    found, table, column = {}, "", ""
    for line in suggest_dataset(LIVE, SAMPLES, "shop").splitlines():
        if line.startswith("      - name: "):
            table = line.split(": ", 1)[1].strip('"')
        elif line.startswith("          - name: "):
            column = line.split(": ", 1)[1].strip('"')
        elif "data_categories" in line:
            found[f"{table}.{column}"] = line.split("data_categories: ", 1)[1]
    return found


def test_what_name_and_values_agree_on_is_sure(lines: dict[str, str]) -> None:
    assert lines["customer.email"] == "[user.contact.email]"
    assert lines["customer.mobile"] == "[user.contact.phone_number]"
    assert lines["customer.sfzh"] == "[user.government_id.national_identification_number]"
    assert lines["orders.银行卡号"] == "[user.financial.credit_card]"
    assert lines["login_log.login_ip"] == "[user.device.ip_address]"
    assert lines["address.detail"] == "[user.contact.address.street]", "the column's comment names it"


def test_what_only_one_of_them_says_is_marked_for_a_person(lines: dict[str, str]) -> None:
    assert lines["customer.real_name"].startswith("[user.name]  # check: by its name only")
    assert lines["customer.contact"].startswith("[user.contact.phone_number]  # check: values look like mobile")
    assert lines["login_log.phone"].startswith("[user.contact.phone_number]  # check: by its name only")


def test_a_few_values_are_not_enough_to_be_sure() -> None:
    live = LiveSchema({"a": _table("a", _text("email"))})
    assert "[user.contact.email]  # check: by its name only" in suggest_dataset(live, {("a", "email"): EMAILS[:2]})
    assert "[user.contact.email]\n" in suggest_dataset(live, {("a", "email"): EMAILS})


def test_what_neither_says_or_both_say_differently_is_only_personal_data(lines: dict[str, str]) -> None:
    assert lines["customer.memo"].startswith("[user]  # check: not recognised")
    assert lines["orders.receiver_phone"].startswith("[user]  # check: the name says user.contact.phone_number")


def test_keys_and_book_keeping_are_facts(lines: dict[str, str]) -> None:
    assert lines["customer.id"] == "[user.unique_id]"
    assert lines["orders.customer_id"] == "[user.unique_id]"
    assert lines["orders.id"] == "[system.operations]"
    assert lines["customer.created_at"] == "[system.operations]"


def test_the_map_loads_and_fits_the_database_it_was_made_from(tmp_path: Path) -> None:
    data_map, findings = load(tmp_path, suggest_dataset(LIVE, SAMPLES, "shop"))

    assert apart_from_reach(errors(findings)) == []
    assert compare_with_live(data_map, "shop", LIVE) == []
    customer = data_map.collections["shop.customer"]
    assert customer.primary_key == ("id",)
    assert (customer.fields["email"].length, customer.fields["email"].data_type) == (120, "string")
    assert "on" in customer.fields
    assert data_map.collections["shop.customer_view"].skip_processing
    assert "shop.alembic_version" not in data_map.collections


def test_references_come_from_foreign_keys_with_a_direction(tmp_path: Path) -> None:
    text = suggest_dataset(LIVE, SAMPLES, "shop")
    data_map, _ = load(tmp_path, text)
    said = {(one.child, one.parent): one.belongs for one in data_map.links}

    assert said == {
        ("shop.orders", "shop.customer"): True,
        ("shop.customer", "shop.address"): False,
        ("shop.orders", "shop.orders"): False,
    }
    assert text.count("direction: from\n") == 1, "a row belongs to what leads to a person"
    assert text.count("direction: to  # check:") == 2, "whether others only point is for a person"
    assert "a foreign key leads outside this map, to ledger" in text


def test_an_identity_is_taken_in_tables_of_people_and_asked_about_in_tables_that_stand_alone(tmp_path: Path) -> None:
    text = suggest_dataset(LIVE, SAMPLES, "shop")
    data_map, _ = load(tmp_path, text)

    assert data_map.collections["shop.customer"].identities == {"email": "email", "mobile": "phone_number"}
    assert data_map.collections["shop.login_log"].identities == {"phone": "phone_number"}, "nothing else leads there"
    assert "identity: email\n" in text, "unique, and name and values agree"
    assert "identity: phone_number  # check: is it the person's own?" in text
    assert "# check: add identity: email if it is always the owner's" in text


def test_without_a_table_of_people_tables_that_refer_to_nobody_start_the_search(tmp_path: Path) -> None:
    call = _table("call", _text("phone"), _number("staff_id"))
    call = replace(call, foreign_keys=(LiveForeignKey(("staff_id",), "staff", ("id",)),))
    staff = _table("staff", _number("id"), _text("email"), primary_key=("id",), uniques=(LiveUnique(("email",)),))
    live = LiveSchema({one.name: one for one in (call, staff)})

    only_call = load(tmp_path, suggest_dataset(live, {}))[0]
    assert only_call.collections["database.call"].identities == {"phone": "phone_number"}
    assert only_call.collections["database.staff"].identities == {}, "staff are not whom the map is about"
    assert not only_call.links[0].belongs

    lone = LiveSchema({**live.tables, "visit": _table("visit", _text("email"))})
    data_map = load(tmp_path, suggest_dataset(lone, {}))[0]
    assert {key for key, one in data_map.collections.items() if one.identities} == {"database.visit"}


def test_a_member_number_that_is_a_key_is_a_fact(tmp_path: Path) -> None:
    member = _table("member", _text("member_no"), primary_key=("member_no",))
    tag = _table("tag_of", _text("member_no"), _text("name"), LiveColumn("birthday", "date"))
    tag = replace(tag, foreign_keys=(LiveForeignKey(("member_no",), "member", ("member_no",)),))
    text = suggest_dataset(LiveSchema({one.name: one for one in (member, tag)}), {("tag_of", "name"): NAMES})

    assert "identity: member_no\n" in text
    assert text.count("  # check") == 1, "only the missing primary key"
    assert "[user.name]\n" in text and "[user.demographic.date_of_birth]\n" in text


def test_a_database_without_anything_to_search_by_says_so() -> None:
    live = LiveSchema({"log": _table("log", _number("id"), primary_key=("id",))})
    assert "# check: no identity found" in suggest_dataset(live, {})
    assert "collections: []" in suggest_dataset(LiveSchema({}), {})


def test_no_sampled_value_is_ever_written_down() -> None:
    text = suggest_dataset(LIVE, SAMPLES, "shop")
    assert not [one for values in SAMPLES.values() for one in values if one in text]


def test_text_columns_are_sampled_and_numbers_that_are_named_like_a_phone() -> None:
    live = LiveSchema({"a": _table("a", _text("x"), _number("id"), _number("mobile"), LiveColumn("d", "date"))})
    assert columns_to_sample(live) == [("a", "x"), ("a", "mobile")]
    assert ("alembic_version", "version_num") not in columns_to_sample(LIVE)


wild = st.text(min_size=1, max_size=12).filter(lambda one: one.strip() == one and one.isprintable())
wild_columns = st.builds(
    LiveColumn,
    name=wild | st.sampled_from(["on", "null", "12", "1e3", "a: b", "#x", "邮箱", "phone"]),
    family=st.sampled_from(FAMILIES),
    length=st.none() | st.integers(1, 500),
    comment=st.text(max_size=10),
)


@settings(max_examples=120, deadline=None)
@given(
    st.dictionaries(wild, st.lists(wild_columns, max_size=5), max_size=4), st.lists(st.text(max_size=20), max_size=5)
)
def test_any_schema_gives_a_map_that_loads(tables: dict[str, list[LiveColumn]], values: list[str]) -> None:
    live = LiveSchema({name: _table(name, *columns) for name, columns in tables.items()})
    samples = {(name, one.name): values for name, table in live.tables.items() for one in table.columns.values()}
    text = suggest_dataset(live, samples, "any")

    with tempfile.TemporaryDirectory() as folder:
        data_map, findings = load(Path(folder), text)
    wrong = [one for one in apart_from_reach(errors(findings)) if "nobody's data can be found" not in one]
    assert wrong == [] or "collections: []" in text
    expected = {f"any.{name}" for name in tables if name != "alembic_version"}
    assert set(data_map.collections) == expected


@pytest.mark.parametrize(
    ("fits", "right", "wrong"),
    [
        (is_mobile, [*PHONES, "008613812341234"], ["12812341234", "1381234123", "21-61234567", ""]),
        (is_email, EMAILS, ["zhang@", "@x.com", "a b@x.com", "zhang@localhost"]),
        (is_resident_id, [*RESIDENT_IDS, "11010519491231002x"], ["110105194912310021", "11010519491331002X", "1101"]),
        (is_bank_card, CARDS, ["4111111111111112", "0000000000000000", "123", "41111111１1111111"]),
        (is_address, [*ADDRESSES, "12 Main Street"], ["茶", "hello there", "区"]),
        (is_han_name, NAMES, ["张", "东西", "王先生您好", "张a"]),
        (is_ip, ["10.0.0.1", "::1", "10.0.0.0/8"], ["300.1.1.1", "12", "abc"]),
    ],
)
def test_a_shape_is_known_by_its_form_and_its_check_digit(fits: object, right: list[str], wrong: list[str]) -> None:
    assert [one for one in right if not fits(one)] == []  # type: ignore[operator]
    assert [one for one in wrong if fits(one)] == []  # type: ignore[operator]


def test_a_shape_is_sure_only_with_enough_values_of_it() -> None:
    assert shape_of(PHONES) == ("mobile", True)
    assert shape_of(PHONES[:2]) == ("mobile", False)
    assert shape_of([*PHONES, "x", "y", "z"]) == ("mobile", False)
    assert shape_of([None, "", "  "]) == (None, False)
    assert shape_of(["x"] * 9) == (None, False)
    assert shape_of([13812341234, 13912341234, 15012341234]) == ("mobile", True)
