"""Which identity values the company has on file as one customer's."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center.datamap.graph import Field
from privacy_center.sources.on_file import is_on_file, on_one_row
from privacy_center.sources.trouble import Unavailable
from tests.rooms.sources.databases import any_url, collection, open_shop  # noqa: F401
from tests.rooms.sources.written_map import written

METADATA = sa.MetaData()
CUSTOMER = sa.Table(
    "customer",
    METADATA,
    sa.Column("no", sa.String(20), primary_key=True),
    sa.Column("email", sa.String(60)),
    sa.Column("phone", sa.String(20)),
)
INVITATION = sa.Table(
    "invitation",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("from_phone", sa.String(20)),
    sa.Column("to_email", sa.String(60)),
)
MAPPED = (
    collection(
        "customer",
        no=Field("no", primary_key=True, identity="customer_number"),
        email=Field("email", identity="email"),
        phone=Field("phone", identity="phone_number"),
    ),
    collection(
        "invitation",
        id=None,
        from_phone=Field("from_phone", identity="phone_number"),
        to_email=Field("to_email", identity="email"),
    ),
)
ROWS = (
    {"no": "C1", "email": "lin@example.com", "phone": "13800000001"},
    {"no": "C2", "email": "mo@example.com", "phone": "13800000002"},
    {"no": "C3", "email": None, "phone": "13800000003"},
    {"no": "C4", "email": "old@example.com", "phone": "13800000004"},
    {"no": "C5", "email": "new@example.com", "phone": "13800000004"},
)


@pytest.fixture
def shop(any_url):  # noqa: F811
    opened = open_shop(any_url, METADATA, *MAPPED)
    with opened.changing("shop").begin() as connection:
        connection.execute(CUSTOMER.insert(), ROWS)
        made = [("13800000001", "mo@example.com"), ("13800000001", "fresh@example.com"), ("13800000003", "")]
        named = [{"id": n, "from_phone": phone, "to_email": email} for n, (phone, email) in enumerate(made)]
        connection.execute(INVITATION.insert(), named)
    yield opened
    opened.close()


def together(shop, *identifiers):
    return on_one_row(shop, shop.data_map, identifiers)


def test_everything_that_stands_on_the_row_with_both_is_told(shop):
    found = together(shop, ("email", "Lin@example.com"), ("customer_number", "C1"))
    assert found == {"customer_number": {"C1"}, "email": {"lin@example.com"}, "phone_number": {"13800000001"}}
    assert together(shop, ("phone_number", "+86 138 0000 0003"), ("customer_number", "C3")).keys() == {
        "customer_number",
        "phone_number",
    }
    assert together(shop, ("email", "lin@example.com"), ("customer_number", "C2")) == {}


def test_a_row_that_names_two_people_makes_them_no_one_customer(shop):
    assert together(shop, ("phone_number", "13800000001"), ("email", "mo@example.com")) == {}


def test_a_contact_that_was_changed_in_one_place_only_still_finds_the_customer(shop):
    for email in ("old@example.com", "new@example.com"):
        found = together(shop, ("phone_number", "13800000004"), ("email", email))
        assert found["email"] == {email}


def test_a_field_that_the_database_lacks_is_a_database_that_could_not_be_asked(shop):
    lacking = collection(
        "customer",
        no=Field("no", primary_key=True, identity="customer_number"),
        telex=Field("telex", identity="email"),
    )
    shop.data_map.collections[lacking.key] = lacking
    with pytest.raises(Unavailable):
        together(shop, ("email", "nobody@example.com"), ("customer_number", "C1"))


def test_a_contact_is_on_file_however_it_is_spelled(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        """
- name: users
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: email, fides_meta: {identity: email}}
  - {name: phone, fides_meta: {identity: phone_number}}
- name: meta
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: name}
  - {name: held, fides_meta: {identity: email, identity_when: {field: name, eq: mail}}}
""",
        "CREATE TABLE users (id integer PRIMARY KEY, email varchar(60), phone varchar(60))",
        "INSERT INTO users VALUES (1, ' ann@x.cn', '（+86）138 0013-8001'), (2, NULL, '１３８００１３８００２')",
        "CREATE TABLE meta (id integer PRIMARY KEY, name varchar(20), held varchar(60))",
        "INSERT INTO meta VALUES (1, 'mail', 'bo@x.cn'), (2, 'note', 'cy@x.cn')",
    )
    asked = [("phone", "13800138001"), ("phone", "13800138002"), ("email", "ann@x.cn"), ("email", "bo@x.cn")]
    assert all(is_on_file(company.sources, company.map, *one) for one in asked)
    assert not is_on_file(company.sources, company.map, "email", "cy@x.cn")
    assert not is_on_file(company.sources, company.map, "phone", "13800138003")
