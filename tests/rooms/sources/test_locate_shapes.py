"""Finding rows in the shapes that databases have: references of some rows, key-value tables, lists, accounts with addresses
beside them, several keys to people, several values of one kind, odd spellings."""

from pathlib import Path

from privacy_center.sources.rows import Ownership
from tests.rooms.sources.company import everything, keys
from tests.rooms.sources.databases import any_url  # noqa: F401
from tests.rooms.sources.written_map import written

USERS = """
- name: users
  fields:
  - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}}
"""
MADE_USERS = (
    "CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), phone varchar(60))",
    "INSERT INTO users VALUES (1, 'ann@x.cn', '13800138001'), (2, 'bo@x.cn', '13800138002')",
)
VERSIONS = """
- name: versions
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: item_type}
  - name: item_id
    data_categories: [user]
    fides_meta:
      references: [{dataset: shop, field: users.id, direction: from, when: {field: item_type, eq: User}}]
"""


def test_a_reference_holds_only_for_the_rows_that_its_condition_names(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        USERS + VERSIONS,
        *MADE_USERS,
        "CREATE TABLE versions (id integer PRIMARY KEY, item_type varchar(20), item_id integer)",
        "INSERT INTO versions VALUES (1, 'User', 1), (2, 'Product', 1), (3, 'User', 2), (4, NULL, 1)",
    )
    assert everything(company.find(email="ann@x.cn"))["shop.versions"] == {1: "own"}


def test_a_row_that_does_not_meet_a_condition_does_not_count_as_pointing(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        USERS
        + """
- name: address
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: street, data_categories: [user.contact.address.street]}
- name: parcel
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: user_id, fides_meta: {references: [{dataset: shop, field: users.id, direction: from}]}}
  - {name: goal}
  - name: goal_id
    fides_meta: {references: [{dataset: shop, field: address.id, direction: to, when: {field: goal, in: [home, work]}}]}
""",
        *MADE_USERS,
        "CREATE TABLE address (id integer PRIMARY KEY, street varchar(40))",
        "CREATE TABLE parcel (id integer PRIMARY KEY, user_id integer, goal varchar(9), goal_id integer)",
        "INSERT INTO address VALUES (1, 'a'), (2, 'b')",
        "INSERT INTO parcel VALUES (1, 1, 'home', 1), (2, 2, 'shop', 1), (3, 1, 'work', 2), (4, 2, 'home', 2),"
        " (5, 1, 'shop', 7)",
    )
    assert everything(company.find(email="ann@x.cn"))["shop.address"] == {1: "own", 2: "shared"}


META = """
- name: posts
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: author, data_categories: [user], fides_meta: {references: [{dataset: shop, field: users.id, direction: from}]}}
- name: postmeta
  fides_meta: {record: [post_id]}
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - name: post_id
    data_categories: [user]
    fides_meta: {references: [{dataset: shop, field: posts.id, direction: from, identifies: true}]}
  - {name: meta_key}
  - name: meta_value
    data_categories: [user]
    fides_meta: {identity: email, identity_when: {field: meta_key, eq: _billing_email}}
"""
MADE_META = (
    "CREATE TABLE posts (id integer PRIMARY KEY, author integer)",
    "CREATE TABLE postmeta (id integer PRIMARY KEY, post_id integer, meta_key varchar(40), meta_value varchar(99))",
    "INSERT INTO posts VALUES (1, 0), (2, 0), (3, 2), (4, 0)",
)


def test_an_order_kept_as_one_row_a_property_is_found_whole(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        USERS + META,
        *MADE_USERS,
        *MADE_META,
        "INSERT INTO postmeta VALUES (1, 1, '_billing_email', 'ann@x.cn'), (2, 1, '_billing_phone', '138'),"
        " (3, 1, '_name', 'Ann'), (4, 2, '_billing_email', 'bo@x.cn'), (5, 2, '_name', 'Bo'), (6, 4, '_note', 'ann@x.cn')",
    )
    found = everything(company.find(email="ann@x.cn"))
    assert found["shop.postmeta"] == {1: "own", 2: "own", 3: "own"}
    assert found["shop.posts"] == {1: "own"}


def test_a_record_that_also_names_somebody_else_is_decided_whole_by_a_person(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        USERS + META,
        *MADE_USERS,
        *MADE_META,
        "INSERT INTO postmeta VALUES (1, 1, '_billing_email', 'ann@x.cn'), (2, 1, '_billing_email', 'bo@x.cn'),"
        " (3, 1, '_name', 'Ann'), (4, 3, '_billing_email', 'ann@x.cn'), (5, 3, '_name', 'Bo')",
    )
    assert set(everything(company.find(email="ann@x.cn"))["shop.postmeta"].values()) == {"unclear"}


MAIL_LOG = """
- name: mail_log
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: to_mails, data_categories: [user.contact.email], fides_meta: {identity: email, identity_format: list}}
"""


def test_a_list_is_hers_when_it_names_only_her(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        USERS + MAIL_LOG,
        *MADE_USERS,
        "CREATE TABLE mail_log (id integer PRIMARY KEY, to_mails varchar(200))",
        """INSERT INTO mail_log VALUES (1, '["ann@x.cn"]'), (2, 'ann@x.cn;bo@x.cn'), (3, 'Ann <ANN@x.cn>'),
        (4, 'joann@x.cn'), (5, '["bo@x.cn", "cy@x.cn"]'), (6, 'bo@x.cn, Ann <ann@x.cn>')""",
    )
    expected = {1: "own", 2: "unclear", 3: "own", 6: "unclear"}
    assert everything(company.find(email="ann@x.cn"))["shop.mail_log"] == expected


def test_lists_of_phones_are_read_whatever_the_map_says(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        USERS,
        *MADE_USERS,
        "INSERT INTO users VALUES (3, NULL, '138-0013-8001'), (4, NULL, '13800138001/13900139000')",
    )
    assert everything(company.find(phone="13800138001"))["shop.users"] == {1: "own", 3: "own", 4: "unclear"}


FORUM = """
- name: users
  fields:
  - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
  - {name: nick, data_categories: [user.name]}
- name: user_emails
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: user_id, fides_meta: {references: [{dataset: shop, field: users.id}]}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
- name: posts
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: user_id, fides_meta: {references: [{dataset: shop, field: users.id, direction: from}]}}
  - {name: reply_to_user_id, fides_meta: {references: [{dataset: shop, field: users.id, direction: to}]}}
  - {name: text, data_categories: [user.content]}
"""
MADE_FORUM = (
    "CREATE TABLE users (id integer PRIMARY KEY, nick varchar(20))",
    "CREATE TABLE user_emails (id integer PRIMARY KEY, user_id integer, email varchar(60))",
    "CREATE TABLE posts (id integer PRIMARY KEY, user_id integer, reply_to_user_id integer, text varchar(20))",
    "INSERT INTO users VALUES (1, 'ann'), (2, 'bo'), (3, 'cy')",
    "INSERT INTO posts VALUES (1, 1, NULL, 'hello'), (2, 2, 1, 'hi ann'), (3, 1, 2, 'hi bo'), (4, 3, NULL, 'me')",
)


def test_an_account_is_whose_the_addresses_beside_it_are_whoever_mentions_it(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        FORUM,
        *MADE_FORUM,
        "INSERT INTO user_emails VALUES (1, 1, 'ann@x.cn'), (2, 2, 'bo@x.cn'), (3, 1, 'ann.old@x.cn')",
    )
    found = company.find(email="ann@x.cn")
    assert everything(found)["shop.posts"] == {1: "own", 3: "own"}
    assert keys(found, "shop.users") == [1]
    assert everything(found)["shop.users"][2] == "shared"
    assert everything(found)["shop.user_emails"] == {1: "own", 3: "own"}
    assert found.offered == {"email": {"ann.old@x.cn"}}


def test_an_account_is_unclear_where_an_address_beside_it_leads_to_somebody_else(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        FORUM,
        *MADE_FORUM,
        "INSERT INTO user_emails VALUES (1, 1, 'ann@x.cn'), (2, 2, 'bo@x.cn'), (3, 1, 'bo@x.cn')",
    )
    found = everything(company.find(email="ann@x.cn"))
    assert found["shop.users"] == {1: "unclear"}
    assert found["shop.user_emails"][1] == "unclear"
    assert "shop.posts" not in found


FOLLOWS = """
- name: follows
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: follower_id, fides_meta: {references: [{dataset: shop, field: users.id, direction: from}]}}
  - {name: target_id, data_categories: [user], fides_meta: {references: [{dataset: shop, field: users.id, direction: to}]}}
"""


def test_an_account_that_only_she_follows_is_not_hers(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        FORUM + FOLLOWS,
        *MADE_FORUM,
        "CREATE TABLE follows (id integer PRIMARY KEY, follower_id integer, target_id integer)",
        "INSERT INTO follows VALUES (1, 1, 3), (2, 2, 1)",
        "INSERT INTO user_emails VALUES (1, 1, 'ann@x.cn'), (2, 2, 'bo@x.cn')",
    )
    found = everything(company.find(email="ann@x.cn"))
    assert found["shop.users"] == {1: "own", 2: "shared", 3: "shared"}
    assert found["shop.follows"] == {1: "own"}


FRIENDS = """
- name: friendship
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: user_id, data_categories: [user], fides_meta: {references: [{dataset: shop, field: users.id}]}}
  - {name: friend_user_id, data_categories: [user], fides_meta: {references: [{dataset: shop, field: users.id}]}}
"""


def test_of_two_keys_to_people_neither_makes_a_row_hers_until_the_map_says_which_owns(
    tmp_path: Path,
    any_url: str,  # noqa: F811
) -> None:
    company = written(
        tmp_path,
        any_url,
        USERS + FRIENDS,
        *MADE_USERS,
        "CREATE TABLE friendship (id integer PRIMARY KEY, user_id integer, friend_user_id integer)",
        "INSERT INTO friendship VALUES (1, 1, 2), (2, 2, 1), (3, NULL, 1), (4, 1, NULL), (5, 1, 1), (6, 2, NULL)",
        refused="nothing tells which of them owns",
    )
    found = everything(company.find(email="ann@x.cn"))["shop.friendship"]
    assert found == {1: "third_party", 2: "third_party", 3: "unclear", 4: "unclear", 5: "own"}


ORDERS = """
- name: orders
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: user_id, fides_meta: {references: [{dataset: shop, field: users.id, direction: from}]}}
  - {name: buyer_email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: recipient_phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}}
"""


def test_a_recipients_phone_makes_no_order_hers(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        USERS + ORDERS,
        *MADE_USERS,
        "CREATE TABLE orders (id integer PRIMARY KEY, user_id integer, buyer_email varchar(60), recipient_phone varchar(20))",
        "INSERT INTO orders VALUES (1, 2, NULL, '13800138001'), (2, NULL, 'guest@x.cn', '13800138001'),"
        " (3, 1, NULL, '13800138001'), (4, 1, NULL, '13800138002')",
    )
    expected = {1: "third_party", 2: "third_party", 3: "own", 4: "own"}
    assert everything(company.find(phone="13800138001"))["shop.orders"] == expected


TWO_MAILS = """
- name: users
  fields:
  - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: other_email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: unconfirmed_email, data_categories: [user.contact.email], fides_meta: {identity: email}}
- name: newsletter
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
"""
MADE_TWO_MAILS = (
    "CREATE TABLE users (id integer PRIMARY KEY, email varchar(60), other_email varchar(60), unconfirmed_email varchar(60))",
    "CREATE TABLE newsletter (id integer PRIMARY KEY, email varchar(60))",
)


def test_a_second_address_that_is_nobody_elses_is_offered_and_not_followed(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        TWO_MAILS,
        *MADE_TWO_MAILS,
        "INSERT INTO users VALUES (1, 'ann@x.cn', 'ann2@x.cn', NULL), (2, 'bo@x.cn', NULL, NULL)",
        "INSERT INTO newsletter VALUES (1, 'ann2@x.cn'), (2, 'ann@x.cn')",
    )
    found = company.find(email="ann@x.cn")
    assert everything(found) == {"shop.users": {1: "own"}, "shop.newsletter": {2: "own"}}
    assert found.offered == {"email": {"ann2@x.cn"}}
    assert keys(company.find(email="ann2@x.cn"), "shop.users") == [1]


def test_a_second_address_that_leads_to_somebody_else_makes_the_row_unclear(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        TWO_MAILS,
        *MADE_TWO_MAILS,
        "INSERT INTO users VALUES (1, 'ann@x.cn', 'bo@x.cn', NULL), (2, 'bo@x.cn', 'bo2@x.cn', NULL)",
    )
    assert everything(company.find(email="ann@x.cn"))["shop.users"] == {1: "unclear"}


def test_an_address_that_waits_to_be_confirmed_makes_nobody_unclear(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        TWO_MAILS,
        *MADE_TWO_MAILS,
        "INSERT INTO users VALUES (1, 'ann@x.cn', NULL, 'bo@x.cn'), (2, 'bo@x.cn', NULL, NULL)",
    )
    assert everything(company.find(email="ann@x.cn"))["shop.users"] == {1: "own"}
    bo = company.find(email="bo@x.cn")
    assert everything(bo)["shop.users"] == {1: "third_party", 2: "own"}


PHONES = ("13800010001", "(+86)13800010001", " 13800010001", "13800010001 ", "１３８０００１０００１", "013800010001")
PHONES += (
    "+86-138-0001-0001",
    "86-138-0001-0001",
    "138.0001.0001",
    "\u00a013800010001\u3000",
    "+86 (0)138 0001 0001",
    "（＋８６）138－0001－0001",
)
MAILS = ("ann@y.cn ", " ann@y.cn", "\u3000Ann@y.cn", "ann＠y.cn", "\tann@y.cn", "ann@y.cn\u00a0")


def test_values_are_found_as_databases_really_hold_them(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    people = [f"({n}, NULL, '{phone}')" for n, phone in enumerate(PHONES, 10)]
    people += [f"({n}, '{mail}', NULL)" for n, mail in enumerate(MAILS, 30)]
    company = written(
        tmp_path,
        any_url,
        USERS,
        *MADE_USERS,
        f"INSERT INTO users VALUES {', '.join(people)}, (50, NULL, '138000100011'), (51, NULL, '23800010001')",
    )
    assert keys(company.find(phone="13800010001"), "shop.users") == list(range(10, 10 + len(PHONES)))
    assert keys(company.find(email="ann@y.cn"), "shop.users") == list(range(30, 30 + len(MAILS)))


def test_a_third_partys_oddly_written_number_is_still_theirs(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        USERS
        + """
- name: parcel
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: user_id, fides_meta: {references: [{dataset: shop, field: users.id, direction: from}]}}
  - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}}
""",
        "CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), phone varchar(60))",
        "INSERT INTO users VALUES (1, 'ann@x.cn', NULL), (2, 'bo@x.cn', ' (+86) 138 0013 8002')",
        "CREATE TABLE parcel (id integer PRIMARY KEY, user_id integer, phone varchar(40))",
        "INSERT INTO parcel VALUES (1, 1, '13800138002'), (2, 1, '13700137000')",
    )
    assert everything(company.find(email="ann@x.cn"))["shop.parcel"] == {1: "third_party", 2: "own"}


CARDS = """
- name: guests
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: card_no, data_categories: [user.government_id], fides_meta: {identity: resident_id}}
"""


def test_a_resident_number_is_found_with_15_and_with_18_signs(tmp_path: Path, any_url: str) -> None:  # noqa: F811
    company = written(
        tmp_path,
        any_url,
        CARDS,
        "CREATE TABLE guests (id integer PRIMARY KEY, card_no varchar(30))",
        "INSERT INTO guests VALUES (1, '110105491231002'), (2, '11010519491231002X'), (3, '11010519491231002x'),"
        " (4, ' １１０１０５４９１２３１００２'), (5, '110105491231003')",
    )
    for number in ("110105491231002", "11010519491231002X", "11010519491231002x"):
        assert keys(company.find(resident_id=number), "shop.guests", Ownership.OWN) == [1, 2, 3, 4], number
