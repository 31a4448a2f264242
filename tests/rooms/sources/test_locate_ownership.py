"""Whose a reached row is."""

from pathlib import Path

import pytest

from privacy_center.datamap.graph import Collection
from privacy_center.sources.rows import Ownership
from tests.rooms.sources.company import Company, collection, data_map, everything, keys, sqlite

CUSTOMER = collection("shop.customer", "id!", "email=email", "phone=phone_number", "member=member_no")
PEOPLE = (
    "CREATE TABLE customer (id integer PRIMARY KEY, email text, phone text, member text)",
    "INSERT INTO customer VALUES (1, 'ann@x.cn', '13800138001', NULL), (2, 'bob@x.cn', '13800138002', 'B2')",
)


def open_company(folder: Path, *collections: Collection, made: tuple[str, ...] = ()) -> Company:
    company = Company(data_map(*collections), sqlite(folder, "shop"))
    company.run("shop", *made)
    return company


def why(company: Company, name: str, key: object, **identities: str) -> str:
    rows = company.find(**identities).collections[name].rows
    found = next(row for row in rows if row.key == (key,))
    assert found.why and found.why.zh
    return found.why.en


# --- rows with a proven identity


def test_every_row_with_a_proven_value_is_own_whatever_kind_found_it(tmp_path: Path) -> None:
    letter = collection("shop.letter", "id!", "sent_to=email", "called=phone")
    made = (
        "CREATE TABLE letter (id integer PRIMARY KEY, sent_to text, called text)",
        "INSERT INTO letter VALUES (1, 'ann@x.cn', NULL), (2, '', '138 0013 8001'), (3, 'bob@x.cn', NULL)",
    )
    company = open_company(tmp_path, CUSTOMER, letter, made=PEOPLE + made)
    found = company.find(email="ann@x.cn", phone="13800138001")
    assert everything(found) == {"shop.customer": {1: "own"}, "shop.letter": {1: "own", 2: "own"}}


def test_a_row_that_matches_one_proven_value_and_contradicts_another_waits_for_a_person(tmp_path: Path) -> None:
    company = open_company(tmp_path, CUSTOMER, made=PEOPLE)
    found = company.find(email="ann@x.cn", phone="13800138002")
    assert everything(found) == {"shop.customer": {1: "unclear", 2: "unclear"}}
    said = why(company, "shop.customer", 1, email="ann@x.cn", phone="13800138002")
    assert "phone number" in said and "138" not in said


def test_a_row_whose_owners_key_stands_on_two_peoples_rows_waits_for_a_person(tmp_path: Path) -> None:
    household = collection("shop.person", "id!", "email=email", "home_no")
    bill = collection("shop.bill", "id!", "home_no>from shop.person.home_no")
    made = (
        "CREATE TABLE person (id integer PRIMARY KEY, email text, home_no int)",
        "CREATE TABLE bill (id integer PRIMARY KEY, home_no text)",
        "INSERT INTO person VALUES (1, 'ann@x.cn', 7), (2, 'bob@x.cn', 7), (3, 'ann@x.cn', 8)",
        "INSERT INTO bill VALUES (1, '7'), (2, '8')",
    )
    company = open_company(tmp_path, household, bill, made=made)
    found = everything(company.find(email="ann@x.cn"))
    assert found["shop.bill"] == {1: "unclear", 2: "own"}
    assert "shop.person" in why(company, "shop.bill", 1, email="ann@x.cn")
    both = everything(company.find(email=["ann@x.cn", "bob@x.cn"]))
    assert both["shop.bill"] == {1: "own", 2: "own"}


def test_nothing_is_followed_from_an_unclear_row(tmp_path: Path) -> None:
    made = ("CREATE TABLE orders (id integer PRIMARY KEY, customer_id int)", "INSERT INTO orders VALUES (1, 1)")
    orders = collection("shop.orders", "id!", "customer_id>shop.customer.id")
    company = open_company(tmp_path, CUSTOMER, orders, made=PEOPLE + made)
    assert "shop.orders" not in company.find(email="ann@x.cn", phone="13800138002").collections


def test_a_value_of_a_kind_that_was_not_proven_is_offered_and_not_followed(tmp_path: Path) -> None:
    letter = collection("shop.letter", "id!", "called=phone")
    made = ("CREATE TABLE letter (id integer PRIMARY KEY, called text)", "INSERT INTO letter VALUES (1, '13800138002')")
    company = open_company(tmp_path, CUSTOMER, letter, made=PEOPLE + made)
    found = company.find(email="BOB@x.cn")
    assert everything(found) == {"shop.customer": {2: "own"}}
    assert found.offered == {"phone_number": {"13800138002"}, "member_no": {"B2"}}
    assert found.identifiers == {"email": {"bob@x.cn"}, "phone_number": {"13800138002"}, "member_no": {"B2"}}


def test_a_row_with_a_proven_identity_that_belongs_to_somebody_else_waits_for_a_person(tmp_path: Path) -> None:
    ticket = collection("shop.ticket", "id!", "customer_id>shop.customer.id", "reply_to=email")
    made = (
        "CREATE TABLE ticket (id integer PRIMARY KEY, customer_id int, reply_to text)",
        "INSERT INTO ticket VALUES (1, 2, 'ann@x.cn')",
    )
    company = open_company(tmp_path, CUSTOMER, ticket, made=PEOPLE + made)
    assert everything(company.find(email="ann@x.cn"))["shop.ticket"] == {1: "unclear"}


def test_a_row_with_a_proven_identity_whose_owner_does_not_exist_is_own(tmp_path: Path) -> None:
    orders = collection("shop.orders", "id!", "customer_id>shop.customer.id", "mail=email")
    made = (
        "CREATE TABLE orders (id integer PRIMARY KEY, customer_id int, mail text)",
        "INSERT INTO orders VALUES (1, 0, 'ann@x.cn'), (2, NULL, 'ann@x.cn'), (3, 1, 'ann@x.cn')",
    )
    company = open_company(tmp_path, CUSTOMER, orders, made=PEOPLE + made)
    assert everything(company.find(email="ann@x.cn"))["shop.orders"] == {1: "own", 2: "own", 3: "own"}


# --- belonging rows that carry an identity

PARCEL = collection("shop.parcel", "id!", "customer_id>shop.customer.id", "phone=phone", "card=card_no")
PARCELS = ("CREATE TABLE parcel (id integer PRIMARY KEY, customer_id int, phone text, card text)",)


@pytest.mark.parametrize(("held", "whose"), [("+86 13800138001", "own"), ("13800138002", "third_party"), ("", "own")])
def test_a_belonging_row_with_another_value_of_a_known_kind_is_somebody_elses(
    tmp_path: Path, held: str, whose: str
) -> None:
    made = (*PARCELS, f"INSERT INTO parcel VALUES (1, 1, '{held}', NULL)")
    company = open_company(tmp_path, CUSTOMER, PARCEL, made=PEOPLE + made)
    assert everything(company.find(email="ann@x.cn"))["shop.parcel"] == {1: whose}


def test_a_belonging_row_with_a_value_of_an_unknown_kind_is_own_when_nobody_else_carries_it(tmp_path: Path) -> None:
    made = (*PARCELS, "INSERT INTO parcel VALUES (1, 1, NULL, 'C9'), (2, 1, NULL, 'C9'), (3, 2, NULL, 'C7')")
    company = open_company(tmp_path, CUSTOMER, PARCEL, made=PEOPLE + made)
    found = company.find(email="ann@x.cn")
    assert everything(found)["shop.parcel"] == {1: "own", 2: "own"}
    assert found.offered["card_no"] == {"C9"}


def test_a_belonging_row_with_a_value_that_somebody_else_carries_is_theirs(tmp_path: Path) -> None:
    made = (*PARCELS, "INSERT INTO parcel VALUES (1, 1, NULL, 'C9'), (3, 2, NULL, 'C9')")
    company = open_company(tmp_path, CUSTOMER, PARCEL, made=PEOPLE + made)
    assert everything(company.find(email="ann@x.cn"))["shop.parcel"] == {1: "third_party"}
    assert "card_no" in why(company, "shop.parcel", 1, email="ann@x.cn")


def test_all_unknown_values_are_looked_up_in_one_query_per_collection(tmp_path: Path) -> None:
    rows = ", ".join(f"({n}, 1, NULL, 'C{n}')" for n in range(1, 40))
    company = open_company(tmp_path, CUSTOMER, PARCEL, made=(*PEOPLE, *PARCELS, f"INSERT INTO parcel VALUES {rows}"))
    company.find(email="ann@x.cn")
    sent = company.statements("shop")
    assert len(keys(company.find(email="ann@x.cn"), "shop.parcel")) == 39
    assert len([one for one in sent if "FROM parcel" in one]) == 2


# --- belonging rows with several owners

PAYMENT = collection("shop.payment", "id!", "order_id>shop.orders.id", "card_id>shop.card.id")
ORDERS = collection("shop.orders", "id!", "customer_id>shop.customer.id")
CARD = collection("shop.card", "id!", "customer_id>shop.customer.id")
PAID = (
    "CREATE TABLE orders (id integer PRIMARY KEY, customer_id int)",
    "CREATE TABLE card (id integer PRIMARY KEY, customer_id int)",
    "CREATE TABLE payment (id integer PRIMARY KEY, order_id int, card_id int)",
    "INSERT INTO orders VALUES (10, 1), (20, 2)",
    "INSERT INTO card VALUES (1, 1), (2, 2)",
)


def test_a_payment_with_somebody_elses_card_is_not_the_customers(tmp_path: Path) -> None:
    made = (*PAID, "INSERT INTO payment VALUES (1, 10, 1), (2, 10, 2), (3, 20, 1), (4, 10, NULL)")
    company = open_company(tmp_path, CUSTOMER, ORDERS, CARD, PAYMENT, made=PEOPLE + made)
    found = company.find(email="ann@x.cn")
    assert everything(found) == {
        "shop.customer": {1: "own"},
        "shop.orders": {10: "own"},
        "shop.card": {1: "own"},
        "shop.payment": {1: "own", 2: "third_party", 3: "third_party", 4: "own"},
    }
    assert "shop.card" in why(company, "shop.payment", 2, email="ann@x.cn")
    both = company.find(email=["ann@x.cn", "bob@x.cn"])
    assert set(everything(both)["shop.payment"].values()) == {"own"}


def test_an_owner_key_that_leads_to_no_row_contradicts_nobody(tmp_path: Path) -> None:
    company = open_company(
        tmp_path, CUSTOMER, ORDERS, CARD, PAYMENT, made=(*PEOPLE, *PAID, "INSERT INTO payment VALUES (1, 10, 999)")
    )
    assert everything(company.find(email="ann@x.cn"))["shop.payment"] == {1: "own"}


def test_unresolved_owners_are_looked_up_in_one_query(tmp_path: Path) -> None:
    rows = ", ".join(f"({n}, 10, {n + 100})" for n in range(1, 50))
    company = open_company(
        tmp_path, CUSTOMER, ORDERS, CARD, PAYMENT, made=(*PEOPLE, *PAID, f"INSERT INTO payment VALUES {rows}")
    )
    company.find(email="ann@x.cn")
    sent = company.statements("shop")
    assert len(keys(company.find(email="ann@x.cn"), "shop.payment")) == 49
    assert len([one for one in sent if "FROM card" in one]) == 2


def test_an_employee_who_handled_tickets_does_not_get_the_customers_tickets(tmp_path: Path) -> None:
    employee = collection("shop.employee", "id!", "email=email")
    ticket = collection("shop.ticket", "id!", "customer_id>shop.customer.id", "handled_by>to shop.employee.id")
    undirected = collection("shop.ticket", "id!", "customer_id>shop.customer.id", "handled_by>shop.employee.id")
    made = (
        "CREATE TABLE employee (id integer PRIMARY KEY, email text)",
        "CREATE TABLE ticket (id integer PRIMARY KEY, customer_id int, handled_by int)",
        "INSERT INTO employee VALUES (1, 'eve@work.cn')",
        "INSERT INTO ticket VALUES (1, 1, 1)",
    )
    company = open_company(tmp_path, CUSTOMER, employee, ticket, made=PEOPLE + made)
    assert everything(company.find(email="eve@work.cn")) == {"shop.employee": {1: "own"}}
    found = company.find(email="ann@x.cn")
    assert everything(found)["shop.ticket"] == {1: "own"}
    assert everything(found)["shop.employee"] == {1: "third_party"}
    company.map = data_map(CUSTOMER, employee, undirected)
    company.sources.data_map = company.map
    assert everything(company.find(email="eve@work.cn"))["shop.ticket"] == {1: "third_party"}


def test_an_owner_that_leads_to_no_person_never_contradicts(tmp_path: Path) -> None:
    store = collection("shop.store", "id!", "name")
    orders = collection("shop.orders", "id!", "customer_id>shop.customer.id", "store_id>from shop.store.id")
    made = (
        "CREATE TABLE store (id integer PRIMARY KEY, name text)",
        "CREATE TABLE orders (id integer PRIMARY KEY, customer_id int, store_id int)",
        "INSERT INTO store VALUES (5, 'Main')",
        "INSERT INTO orders VALUES (1, 1, 5)",
    )
    company = open_company(tmp_path, CUSTOMER, store, orders, made=PEOPLE + made)
    assert everything(company.find(email="ann@x.cn"))["shop.orders"] == {1: "own"}


def test_nothing_is_followed_from_a_row_that_is_not_own(tmp_path: Path) -> None:
    line = collection("shop.line", "id!", "payment_id>shop.payment.id")
    made = (
        *PAID,
        "CREATE TABLE line (id integer PRIMARY KEY, payment_id int)",
        "INSERT INTO payment VALUES (1, 10, 2), (2, 10, 1)",
        "INSERT INTO line VALUES (1, 1), (2, 2)",
    )
    company = open_company(tmp_path, CUSTOMER, ORDERS, CARD, PAYMENT, line, made=PEOPLE + made)
    assert everything(company.find(email="ann@x.cn"))["shop.line"] == {2: "own"}


# --- cycles and self references

CYCLE = (
    collection("shop.orders", "id!", "customer_id>shop.customer.id", "latest_payment_id>shop.payment.id"),
    collection("shop.payment", "id!", "order_id>shop.orders.id", "card_id>shop.card.id"),
    CARD,
)
CYCLED = (
    "CREATE TABLE card (id integer PRIMARY KEY, customer_id int)",
    "CREATE TABLE orders (id integer PRIMARY KEY, customer_id int, latest_payment_id int)",
    "CREATE TABLE payment (id integer PRIMARY KEY, order_id int, card_id int)",
    "INSERT INTO card VALUES (1, 1), (2, 2)",
)


def test_rows_that_depend_only_on_each_other_become_own_together(tmp_path: Path) -> None:
    made = (
        *CYCLED,
        "INSERT INTO orders VALUES (10, 1, 100)",
        "INSERT INTO payment VALUES (100, 10, NULL), (99, 10, 1)",
    )
    company = open_company(tmp_path, CUSTOMER, *CYCLE, made=PEOPLE + made)
    found = everything(company.find(email="ann@x.cn"))
    assert found["shop.orders"] == {10: "own"} and found["shop.payment"] == {99: "own", 100: "own"}


def test_a_cycle_that_leads_to_somebody_else_is_not_own(tmp_path: Path) -> None:
    made = (*CYCLED, "INSERT INTO orders VALUES (10, 1, 100)", "INSERT INTO payment VALUES (100, 10, 2)")
    company = open_company(tmp_path, CUSTOMER, *CYCLE, made=PEOPLE + made)
    found = everything(company.find(email="ann@x.cn"))
    assert found["shop.orders"] == {10: "third_party"} and "shop.payment" not in found


def test_a_cycle_that_belongs_to_nobody_known_is_not_swept_in(tmp_path: Path) -> None:
    made = (
        *CYCLED,
        "INSERT INTO orders VALUES (10, 1, NULL), (11, NULL, 110)",
        "INSERT INTO payment VALUES (110, 11, 1)",
    )
    company = open_company(tmp_path, CUSTOMER, *CYCLE, made=PEOPLE + made)
    found = everything(company.find(email="ann@x.cn"))
    assert found["shop.orders"] == {10: "own", 11: "own"}
    assert found["shop.payment"] == {110: "own"}
    assert "shop.orders" not in everything(company.find(email="bob@x.cn"))


def test_a_self_reference_without_direction_never_contradicts(tmp_path: Path) -> None:
    note = collection("shop.note", "id!", "customer_id>shop.customer.id", "reply_to>shop.note.id")
    made = (
        "CREATE TABLE note (id integer PRIMARY KEY, customer_id int, reply_to int)",
        "INSERT INTO note VALUES (1, 1, NULL), (2, 2, 1), (3, 1, 2), (4, NULL, 3)",
    )
    company = open_company(tmp_path, CUSTOMER, note, made=PEOPLE + made)
    assert everything(company.find(email="ann@x.cn"))["shop.note"] == {1: "own", 2: "third_party", 3: "own", 4: "own"}


def test_a_self_reference_with_a_direction_does(tmp_path: Path) -> None:
    account = collection("shop.account", "id!", "customer_id>shop.customer.id", "head>from shop.account.id")
    made = (
        "CREATE TABLE account (id integer PRIMARY KEY, customer_id int, head int)",
        "INSERT INTO account VALUES (1, 1, 2), (2, 2, NULL), (3, 1, 3), (4, 1, 3)",
    )
    company = open_company(tmp_path, CUSTOMER, account, made=PEOPLE + made)
    assert everything(company.find(email="ann@x.cn"))["shop.account"] == {1: "third_party", 3: "own", 4: "own"}


# --- rows that are pointed to

ADDRESS = collection("shop.address", "id!", "line:user.contact.address.street")
PRODUCT = collection("shop.product", "id!", "name:system.operations")
HOME = collection("shop.orders", "id!", "customer_id>shop.customer.id", "address_id>to shop.address.id", "product_id>to shop.product.id")  # fmt: skip
HOMES = (
    "CREATE TABLE address (id integer PRIMARY KEY, line text)",
    "CREATE TABLE product (id integer PRIMARY KEY, name text)",
    "CREATE TABLE orders (id integer PRIMARY KEY, customer_id int, address_id int, product_id int)",
    "INSERT INTO address VALUES (1, 'family'), (2, 'own flat')",
    "INSERT INTO product VALUES (7, 'tea')",
    "INSERT INTO orders VALUES (1, 1, 1, 7), (2, 1, 2, NULL), (3, 1, 2, NULL), (4, 2, 1, NULL)",
)


def test_an_address_is_shared_until_every_row_that_points_to_it_is_own(tmp_path: Path) -> None:
    company = open_company(tmp_path, CUSTOMER, ADDRESS, PRODUCT, HOME, made=PEOPLE + HOMES)
    assert everything(company.find(email="ann@x.cn"))["shop.address"] == {1: "shared", 2: "own"}
    assert "refer to it" in why(company, "shop.address", 1, email="ann@x.cn")
    company.run("shop", "UPDATE orders SET customer_id = 1 WHERE id = 4")
    assert everything(company.find(email="ann@x.cn"))["shop.address"] == {1: "own", 2: "own"}


def test_a_row_that_is_about_no_person_is_never_promoted(tmp_path: Path) -> None:
    company = open_company(tmp_path, CUSTOMER, ADDRESS, PRODUCT, HOME, made=PEOPLE + HOMES)
    sent = company.statements("shop")
    assert everything(company.find(email="ann@x.cn"))["shop.product"] == {7: "shared"}
    assert "not about a person" in why(company, "shop.product", 7, email="ann@x.cn")
    assert not [one for one in sent if "count" in one and "product_id IN" in one]


def test_a_pointing_row_in_a_collection_that_nothing_else_reaches_counts(tmp_path: Path) -> None:
    visit = collection("shop.visit", "id!", "address_id>to shop.address.id")
    made = (*HOMES, "CREATE TABLE visit (id integer PRIMARY KEY, address_id int)", "INSERT INTO visit VALUES (1, 2)")
    company = open_company(tmp_path, CUSTOMER, ADDRESS, PRODUCT, HOME, visit, made=PEOPLE + made)
    assert everything(company.find(email="ann@x.cn"))["shop.address"] == {1: "shared", 2: "shared"}


def test_two_references_of_one_row_to_two_addresses_are_counted_apart(tmp_path: Path) -> None:
    orders = collection("shop.orders", "id!", "customer_id>shop.customer.id", "home>to shop.address.id", "work>to shop.address.id")  # fmt: skip
    made = (
        "CREATE TABLE address (id integer PRIMARY KEY, line text)",
        "CREATE TABLE orders (id integer PRIMARY KEY, customer_id int, home int, work int)",
        "INSERT INTO address VALUES (1, 'a'), (2, 'b'), (3, 'c')",
        "INSERT INTO orders VALUES (1, 1, 1, 2), (2, 1, 2, 1), (3, 2, 3, 3), (4, 1, 3, 1)",
    )
    company = open_company(tmp_path, CUSTOMER, ADDRESS, orders, made=PEOPLE + made)
    company.find(email="ann@x.cn")
    sent = company.statements("shop")
    assert everything(company.find(email="ann@x.cn"))["shop.address"] == {1: "own", 2: "own", 3: "shared"}
    assert len([one for one in sent if "count" in one]) == 1


def test_what_a_promoted_row_leads_to_is_followed(tmp_path: Path) -> None:
    region = collection("shop.region", "id!", "note:user")
    address = collection("shop.address", "id!", "line:user.contact", "region_id>to shop.region.id")
    gate = collection("shop.gate", "id!", "address_id>from shop.address.id")
    made = (
        "CREATE TABLE region (id integer PRIMARY KEY, note text)",
        "CREATE TABLE address (id integer PRIMARY KEY, line text, region_id int)",
        "CREATE TABLE gate (id integer PRIMARY KEY, address_id int)",
        "CREATE TABLE product (id integer PRIMARY KEY, name text)",
        "CREATE TABLE orders (id integer PRIMARY KEY, customer_id int, address_id int, product_id int)",
        "INSERT INTO region VALUES (1, 'north')",
        "INSERT INTO address VALUES (1, 'flat', 1)",
        "INSERT INTO gate VALUES (1, 1)",
        "INSERT INTO orders VALUES (1, 1, 1, NULL)",
    )
    company = open_company(tmp_path, CUSTOMER, region, address, gate, PRODUCT, HOME, made=PEOPLE + made)
    found = everything(company.find(email="ann@x.cn"))
    assert found["shop.gate"] == {1: "own"} and found["shop.region"] == {1: "own"}


def test_a_row_that_points_to_itself_does_not_stand_in_its_own_way(tmp_path: Path) -> None:
    address = collection("shop.address", "id!", "line:user.contact", "main_id>to shop.address.id")
    made = (
        "CREATE TABLE address (id integer PRIMARY KEY, line text, main_id int)",
        "CREATE TABLE product (id integer PRIMARY KEY, name text)",
        "CREATE TABLE orders (id integer PRIMARY KEY, customer_id int, address_id int, product_id int)",
        "INSERT INTO address VALUES (1, 'flat', 1), (2, 'house', 2), (3, 'cellar', 2)",
        "INSERT INTO orders VALUES (1, 1, 1, NULL), (2, 1, 2, NULL)",
    )
    company = open_company(tmp_path, CUSTOMER, address, PRODUCT, HOME, made=PEOPLE + made)
    assert everything(company.find(email="ann@x.cn"))["shop.address"] == {1: "own", 2: "shared"}


def test_a_pointed_row_with_an_owner_of_its_own_is_that_owners(tmp_path: Path) -> None:
    address = collection("shop.address", "id!", "customer_id>shop.customer.id", "phone=phone", about="thing")
    orders = collection("shop.orders", "id!", "customer_id>shop.customer.id", "address_id>to shop.address.id")
    made = (
        "CREATE TABLE address (id integer PRIMARY KEY, customer_id int, phone text)",
        "CREATE TABLE orders (id integer PRIMARY KEY, customer_id int, address_id int)",
        "INSERT INTO address VALUES (1, 1, NULL), (2, 2, NULL), (3, NULL, NULL), (4, NULL, '13800138002'), (5, 99, NULL)",
        "INSERT INTO orders VALUES (1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 1, 4), (5, 1, 5), (6, 2, 1)",
    )
    company = open_company(tmp_path, CUSTOMER, address, orders, made=PEOPLE + made)
    found = company.find(email="ann@x.cn")
    assert everything(found)["shop.address"] == {1: "own", 2: "third_party", 3: "own", 4: "third_party", 5: "own"}
    assert keys(found, "shop.address", Ownership.SHARED) == []


def test_a_pointed_row_with_an_identity_of_its_own_is_somebody_else_however_few_point_to_it(tmp_path: Path) -> None:
    clerk = collection("shop.clerk", "id!", "staff_no=staff_number")
    visit = collection("shop.visit", "id!", "customer_id>from shop.customer.id", "clerk_id>to shop.clerk.id")
    made = (
        "CREATE TABLE clerk (id integer PRIMARY KEY, staff_no text)",
        "CREATE TABLE visit (id integer PRIMARY KEY, customer_id int, clerk_id int)",
        "INSERT INTO clerk VALUES (7, 'S7'), (8, NULL)",
        "INSERT INTO visit VALUES (1, 1, 7), (2, 1, 8)",
    )
    company = open_company(tmp_path, CUSTOMER, clerk, visit, made=PEOPLE + made)
    found = company.find(email="ann@x.cn")
    assert everything(found)["shop.clerk"] == {7: "third_party", 8: "shared"}
    assert "staff_number" not in found.identifiers
    assert why(company, "shop.clerk", 7, email="ann@x.cn")


def test_a_row_that_was_shared_and_becomes_own_settles_rows_that_waited_for_it(tmp_path: Path) -> None:
    household = collection("shop.household", "id!", "name:user", "code=household_no", about="thing")
    customer = collection("shop.customer", "id!", "email=email", "household_id>to shop.household.id")
    plan = collection("shop.plan", "id!", "customer_id>from shop.customer.id", "household_id>from shop.household.id")
    made = (
        "CREATE TABLE household (id integer PRIMARY KEY, name text, code text)",
        "CREATE TABLE customer (id integer PRIMARY KEY, email text, household_id int)",
        "CREATE TABLE plan (id integer PRIMARY KEY, customer_id int, household_id int)",
        "INSERT INTO household VALUES (1, 'alone', NULL), (2, 'family', NULL)",
        "INSERT INTO customer VALUES (1, 'ann@x.cn', 1), (2, 'bob@x.cn', 2), (3, 'cat@x.cn', 2)",
        "INSERT INTO plan VALUES (1, 1, 1), (2, 2, 2)",
    )
    company = open_company(tmp_path, household, customer, plan, made=made)
    ann, bob = everything(company.find(email="ann@x.cn")), everything(company.find(email="bob@x.cn"))
    assert ann["shop.household"] == {1: "own"} and ann["shop.plan"] == {1: "own"}
    assert bob["shop.household"] == {2: "shared"} and bob["shop.plan"] == {2: "third_party"}


def test_a_customer_with_nothing_is_an_empty_answer(tmp_path: Path) -> None:
    company = open_company(tmp_path, CUSTOMER, ADDRESS, PRODUCT, HOME, made=PEOPLE + HOMES)
    found = company.find(email="nobody@x.cn")
    assert found.collections == {} and found.skipped == {} and found.offered == {}
    assert found.identifiers == {"email": {"nobody@x.cn"}}


# --- one proven value on the accounts of two people

ACCOUNT = collection("shop.account", "id!", "email=email", "phone=phone_number", "number=customer_number")
PURCHASE = collection("shop.purchase", "id!", "account_id>from shop.account.id", "phone=phone_number", "email=email")
ACCOUNTS = (
    "CREATE TABLE account (id integer PRIMARY KEY, email text, phone text, number text)",
    "CREATE TABLE purchase (id integer PRIMARY KEY, account_id int, phone text, email text)",
    "INSERT INTO account VALUES (1, 'old@x.cn', '13800138009', 'A1'), (2, 'new@x.cn', '13800138009', 'A2')",
    "INSERT INTO account VALUES (3, 'two@x.cn', '13800138005', 'A3'), (4, 'two@x.cn', '13800138005', 'A4')",
    "INSERT INTO account VALUES (5, NULL, '13800138006', 'A5'), (6, 'six@x.cn', '13800138006', 'A6')",
    "INSERT INTO purchase VALUES (1, 1, NULL, NULL), (2, 2, NULL, NULL), (3, 3, NULL, NULL), (4, 4, NULL, NULL)",
)


def test_a_number_on_the_accounts_of_two_people_shows_neither_until_a_person_decides(tmp_path: Path) -> None:
    company = open_company(tmp_path, ACCOUNT, PURCHASE, made=ACCOUNTS)
    found = company.find(phone_number="13800138009")
    assert everything(found) == {"shop.account": {1: "unclear", 2: "unclear"}}
    assert "@" not in why(company, "shop.account", 1, phone_number="13800138009")
    assert found.offered == {}


def test_the_other_identity_tells_two_people_with_one_number_apart(tmp_path: Path) -> None:
    company = open_company(tmp_path, ACCOUNT, PURCHASE, made=ACCOUNTS)
    found = company.find(phone_number="13800138009", email="new@x.cn")
    assert everything(found) == {"shop.account": {1: "unclear", 2: "own"}, "shop.purchase": {2: "own"}}


def test_two_accounts_that_do_not_contradict_each_other_are_one_persons(tmp_path: Path) -> None:
    company = open_company(tmp_path, ACCOUNT, PURCHASE, made=ACCOUNTS)
    assert everything(company.find(phone_number="13800138005"))["shop.account"] == {3: "own", 4: "own"}
    assert everything(company.find(phone_number="13800138006"))["shop.account"] == {5: "own", 6: "own"}


def test_a_number_that_is_two_peoples_in_one_collection_proves_nothing_in_the_others(tmp_path: Path) -> None:
    member = collection("shop.member", "no!", "phone=phone_number")
    made = (
        "CREATE TABLE member (no text PRIMARY KEY, phone text)",
        "INSERT INTO member VALUES ('M1', '13800138009'), ('M2', '13800138009')",
    )
    company = open_company(tmp_path, member, ACCOUNT, PURCHASE, made=ACCOUNTS + made)
    assert everything(company.find(phone_number="13800138009"))["shop.member"] == {"M1": "unclear", "M2": "unclear"}
