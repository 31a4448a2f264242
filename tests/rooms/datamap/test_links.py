"""References become links that are told the same way round each time."""

from pathlib import Path

from privacy_center.datamap.graph import DataMap, Link
from tests.rooms.datamap.maps import apart_from_reach, errors, load


def _map(folder: Path, *collections: str) -> DataMap:
    text = "dataset:\n- fides_key: s\n  collections:\n" + "".join(f"  - {one}\n" for one in collections)
    data_map, findings = load(folder, text)
    assert apart_from_reach(errors(findings)) == []
    return data_map


def _collection(name: str, *fields: str) -> str:
    return f"{{name: {name}, fields: [{{name: id, fides_meta: {{primary_key: true}}}}, {', '.join(fields)}]}}"


def _reference(name: str, target: str, direction: str = "") -> str:
    said = f", direction: {direction}" if direction else ""
    return f"{{name: {name}, fides_meta: {{references: [{{dataset: s, field: {target}{said}}}]}}}}"


MAIL = "{name: mail, fides_meta: {identity: email}}"


def test_from_means_that_the_row_belongs_to_the_one_it_names(tmp_path: Path) -> None:
    data_map = _map(tmp_path, _collection("a", MAIL), _collection("b", _reference("a_id", "a.id", "from")))
    assert data_map.links == (Link("s.b", "a_id", "s.a", "id", belongs=True, assumed=False),)
    assert data_map.leads_to_identity("s.b")


def test_to_means_that_the_row_only_points(tmp_path: Path) -> None:
    data_map = _map(tmp_path, _collection("a", MAIL, _reference("b_id", "b.id", "to")), _collection("b"))
    assert data_map.links == (Link("s.a", "b_id", "s.b", "id", belongs=False, assumed=False),)
    assert not data_map.leads_to_identity("s.b")


def test_pointing_to_somebody_does_not_tell_whose_the_row_is(tmp_path: Path) -> None:
    data_map = _map(tmp_path, _collection("clerk", MAIL), _collection("till", _reference("clerk_id", "clerk.id", "to")))
    assert not data_map.leads_to_identity("s.till")


def test_without_direction_a_row_belongs_to_what_leads_to_an_identity(tmp_path: Path) -> None:
    data_map = _map(
        tmp_path,
        _collection("customer", MAIL, _reference("address_id", "address.id")),
        _collection("address"),
        _collection("orders", _reference("customer_id", "customer.id")),
        _collection("line", _reference("order_id", "orders.id"), _reference("product_id", "product.id")),
        _collection("product"),
    )
    said = {(one.child, one.parent): (one.belongs, one.assumed) for one in data_map.links}
    assert said == {
        ("s.customer", "s.address"): (False, True),
        ("s.orders", "s.customer"): (True, True),
        ("s.line", "s.orders"): (True, True),
        ("s.line", "s.product"): (False, True),
    }
    assert [key for key in data_map.collections if data_map.leads_to_identity(key)] == [
        "s.customer",
        "s.orders",
        "s.line",
    ]


def test_to_on_the_owners_side_makes_the_owner_point(tmp_path: Path) -> None:
    customer = "{name: customer, fields: [{name: id, fides_meta: {primary_key: true, identity: n, references: [{dataset: s, field: orders.customer_id, direction: to}]}}]}"
    data_map = _map(tmp_path, customer, _collection("orders", "{name: customer_id}"))
    assert data_map.links == (Link("s.customer", "id", "s.orders", "customer_id", belongs=False, assumed=False),)
    assert not data_map.leads_to_identity("s.orders")


def test_a_reference_to_itself_does_not_lead_to_an_identity_by_itself(tmp_path: Path) -> None:
    data_map = _map(
        tmp_path,
        _collection("customer", MAIL, _reference("invited_by", "customer.id", "to")),
        _collection("category", _reference("above", "category.id")),
    )
    assert not data_map.leads_to_identity("s.category")
    assert {(one.child, one.parent): one.belongs for one in data_map.links} == {
        ("s.customer", "s.customer"): False,
        ("s.category", "s.category"): False,
    }


def test_circles_of_references_are_fine(tmp_path: Path) -> None:
    data_map = _map(
        tmp_path,
        _collection("a", MAIL, _reference("b_id", "b.id", "to")),
        _collection("b", _reference("c_id", "c.id")),
        _collection("c", _reference("b_id", "b.id"), _reference("a_id", "a.id", "from")),
    )
    assert len(data_map.links) == 4
    assert data_map.leads_to_identity("s.b"), "through c, which belongs to a"


def test_one_link_stands_where_it_is_said_twice_and_a_direction_wins(tmp_path: Path) -> None:
    twice = "{name: a_id, fides_meta: {references: [{dataset: s, field: a.id}, {dataset: s, field: a.id, direction: from}]}}"
    data_map = _map(tmp_path, _collection("a", MAIL), _collection("b", twice))
    assert data_map.links == (Link("s.b", "a_id", "s.a", "id", belongs=True, assumed=False),)


def test_a_reference_may_name_a_nested_field_and_a_collection_with_a_dot(tmp_path: Path) -> None:
    nested = "{name: public.person, fields: [{name: contact, fields: [{name: mail, fides_meta: {identity: email}}]}]}"
    data_map = _map(tmp_path, nested, _collection("b", _reference("mail", "public.person.contact.mail", "from")))
    assert data_map.links == (Link("s.b", "mail", "s.public.person", "contact.mail", belongs=True, assumed=False),)
