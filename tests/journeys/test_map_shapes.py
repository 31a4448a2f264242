"""Shapes of rows that a map must speak of: `check` tells what to write, and what was written finds the rows."""

from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal, write_company
from tests.rooms.sources.databases import any_url  # noqa: F401

USERS = """
fides_key: shop
collections:
- name: users
  fields:
  - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
"""
MADE = (
    "CREATE TABLE users (id integer PRIMARY KEY, email varchar(60))",
    "INSERT INTO users VALUES (1, 'ann@x.cn'), (2, 'bo@x.cn'), (3, 'cy@x.cn')",
)
VERSIONS = """
- name: versions
  fields:
  - {{name: id, data_categories: [system.operations], fides_meta: {{primary_key: true}}}}
  - {{name: item_type, data_categories: [system.operations]}}
  - name: item_id
    data_categories: [user.unique_id]
    fides_meta: {{references: [{{dataset: shop, field: users.id, direction: from{when}}}]}}
"""
MADE_VERSIONS = (
    "CREATE TABLE versions (id integer PRIMARY KEY, item_type varchar(20), item_id integer)",
    "INSERT INTO versions VALUES (1, 'User', 1), (2, 'Product', 1), (3, 'User', 2)",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def company(home: Path, url: str, collections: str, *statements: str) -> Terminal:
    write_company(home, USERS + collections, "shop", (*MADE, *statements), url)
    return Terminal(home)


def owned(terminal: Terminal, collection: str, address: str = "ann@x.cn") -> list[int]:
    found = terminal.json("locate", "--identity", f"email={address}")["collections"]
    return [row["key"]["id"] for row in found.get(collection, {"own": []})["own"]]


def test_a_reference_whose_values_fit_several_tables_is_refused_until_it_has_a_condition(
    home: Path,
    any_url: str,  # noqa: F811
) -> None:
    terminal = company(home, any_url, VERSIONS.format(when=""), *MADE_VERSIONS)
    (told,) = terminal.errors()
    assert "item_id" in told and "when: {field: item_type, eq:" in told and "Product" in told
    (home / "datamap" / "map.yml").write_text(
        USERS + VERSIONS.format(when=", when: {field: item_type, eq: User}"), "utf-8"
    )
    assert terminal("check") == 0, terminal.out
    assert owned(terminal, "shop.versions") == [1]


def test_a_reference_most_of_whose_values_are_not_there_is_refused(home: Path) -> None:
    terminal = company(
        home,
        "",
        VERSIONS.format(when=""),
        "CREATE TABLE versions (id integer PRIMARY KEY, item_type varchar(20), item_id integer)",
        "INSERT INTO versions VALUES (1, 'a', 1), (2, 'a', 21), (3, 'a', 22), (4, 'a', 23), (5, 'a', 24), (6, 'a', 25)",
    )
    (told,) = terminal.errors()
    assert "5 of 6 keys looked at are not in users.id" in told


def test_a_class_of_customers_beside_their_number_is_no_condition(home: Path) -> None:
    terminal = company(
        home,
        "",
        """
- name: orders
  fields:
  - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
  - {name: user_type, data_categories: [user]}
  - name: user_id
    data_categories: [user.unique_id]
    fides_meta: {references: [{dataset: shop, field: users.id, direction: from}]}
""",
        "CREATE TABLE orders (id integer PRIMARY KEY, user_type varchar(20), user_id integer)",
        "INSERT INTO orders VALUES (1, 'gold', 1), (2, 'silver', 2)",
    )
    assert terminal("check") == 0, terminal.out


META = """
- name: postmeta
  fides_meta: {{{record}}}
  fields:
  - {{name: id, data_categories: [system.operations], fides_meta: {{primary_key: true}}}}
  - {{name: post_id, data_categories: [system.operations]}}
  - {{name: meta_key, data_categories: [system.operations]}}
  - {{name: meta_value, data_categories: [user], fides_meta: {{identity: email{when}}}}}
"""


def test_an_identity_in_a_key_value_table_is_refused_until_the_map_says_where_it_stands(
    home: Path,
    any_url: str,  # noqa: F811
) -> None:
    terminal = company(
        home,
        any_url,
        META.format(record="", when=""),
        "CREATE TABLE postmeta (id integer PRIMARY KEY, post_id integer, meta_key varchar(40), meta_value varchar(60))",
        "INSERT INTO postmeta VALUES (1, 1, '_mail', 'ann@x.cn'), (2, 1, '_phone', '138'), (3, 2, '_mail', 'bo@x.cn'),"
        " (4, 2, '_phone', '139')",
    )
    (told,) = terminal.errors()
    assert "meta_value" in told and "identity_when" in told and "record" in told
    written = META.format(record="record: [post_id]", when=", identity_when: {field: meta_key, eq: _mail}")
    (home / "datamap" / "map.yml").write_text(USERS + written, "utf-8")
    assert terminal("check") == 0, terminal.out
    assert owned(terminal, "shop.postmeta") == [1, 2]


MAIL_LOG = """
- name: mail_log
  fields:
  - {{name: id, data_categories: [system.operations], fides_meta: {{primary_key: true}}}}
  - {{name: to_mails, data_categories: [user.contact.email], fides_meta: {{identity: email{form}}}}}
"""


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ('["ann@x.cn"]', "list"),
        ("ann@x.cn;bo@x.cn", "list"),
        ("ann@x.cn, cy@x.cn", "list"),
        ("Ann <ann@x.cn>", "mailbox"),
    ],
)
def test_a_column_of_lists_is_refused_until_the_map_says_so(home: Path, value: str, form: str, any_url: str) -> None:  # noqa: F811
    terminal = company(
        home,
        any_url,
        MAIL_LOG.format(form=""),
        "CREATE TABLE mail_log (id integer PRIMARY KEY, to_mails varchar(99))",
        f"INSERT INTO mail_log VALUES (1, '{value}'), (2, 'bo@x.cn')",
    )
    (told,) = terminal.errors()
    assert f"identity_format: {form}" in told
    (home / "datamap" / "map.yml").write_text(USERS + MAIL_LOG.format(form=f", identity_format: {form}"), "utf-8")
    assert terminal("check") == 0, terminal.out
    assert owned(terminal, "shop.mail_log") == ([] if "bo@" in value or "cy@" in value else [1])


def test_of_two_keys_to_people_check_asks_which_owns(home: Path) -> None:
    friends = """
- name: friendship
  fields:
  - {{name: id, data_categories: [system.operations], fides_meta: {{primary_key: true}}}}
  - {{name: user_id, data_categories: [user], fides_meta: {{references: [{{dataset: shop, field: users.id{a}}}]}}}}
  - {{name: friend_user_id, data_categories: [user], fides_meta: {{references: [{{dataset: shop, field: users.id{b}}}]}}}}
"""
    terminal = company(
        home,
        "",
        friends.format(a="", b=""),
        "CREATE TABLE friendship (id integer PRIMARY KEY, user_id integer, friend_user_id integer)",
        "INSERT INTO friendship VALUES (1, 1, 2), (2, 2, 1)",
    )
    told = terminal.errors()
    assert len(told) == 2 and all("direction" in one for one in told)
    written = friends.format(a=", direction: from", b=", direction: to")
    (home / "datamap" / "map.yml").write_text(USERS + written, "utf-8")
    assert terminal("check") == 0, terminal.out
    assert owned(terminal, "shop.friendship") == [1]


def test_check_asks_whether_what_is_only_pointed_to_is_people_or_things(home: Path) -> None:
    followed = """
- name: authors
  {about}
  fields:
  - {{name: id, data_categories: [system.operations], fides_meta: {{primary_key: true}}}}
  - {{name: pen_name, data_categories: [user.name]}}
- name: follows
  fields:
  - {{name: id, data_categories: [system.operations], fides_meta: {{primary_key: true}}}}
  - {{name: user_id, data_categories: [user], fides_meta: {{references: [{{dataset: shop, field: users.id, direction: from}}]}}}}
  - {{name: author_id, data_categories: [user], fides_meta: {{references: [{{dataset: shop, field: authors.id, direction: to}}]}}}}
"""
    terminal = company(
        home,
        "",
        followed.format(about=""),
        "CREATE TABLE authors (id integer PRIMARY KEY, pen_name varchar(20))",
        "INSERT INTO authors VALUES (7, 'Li Bai')",
        "CREATE TABLE follows (id integer PRIMARY KEY, user_id integer, author_id integer)",
        "INSERT INTO follows VALUES (1, 1, 7)",
    )
    assert terminal("check") == 0
    assert "about: person or about: thing" in terminal.out
    assert owned(terminal, "shop.authors") == []
    (home / "datamap" / "map.yml").write_text(USERS + followed.format(about="fides_meta: {about: thing}"), "utf-8")
    assert terminal("check") == 0 and "about: thing" not in terminal.out
    assert owned(terminal, "shop.authors") == [7]
