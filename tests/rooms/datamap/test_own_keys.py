"""What a map says beyond Fides: rows for which a reference or identity holds, records of several rows, what rows are about."""

from pathlib import Path

from privacy_center.datamap.row_condition import FieldTest, Junction
from tests.rooms.datamap.maps import errors, load

USERS = """
- name: users
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
"""


def _map(rest: str) -> str:
    lines = "\n".join(f"  {line}" for line in f"{USERS}{rest}".splitlines())
    return f"fides_key: shop\ncollections:\n{lines}\n"


def test_a_reference_may_hold_for_some_rows(tmp_path: Path) -> None:
    data_map, findings = load(
        tmp_path,
        _map("""
- name: versions
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: item_type}
  - name: item_id
    fides_meta:
      references:
      - {dataset: shop, field: users.id, direction: from, when: {field: item_type, in: [User, Admin]}}
"""),
    )
    assert errors(findings) == []
    assert data_map.links[0].when == FieldTest("item_type", "in", ("User", "Admin"))


def test_a_condition_may_have_parts(tmp_path: Path) -> None:
    data_map, findings = load(
        tmp_path,
        _map("""
- name: meta
  fides_meta: {record: [post_id]}
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: post_id}
  - {name: meta_key}
  - name: meta_value
    fides_meta:
      identity: email
      identity_when: {all: [{field: meta_key, eq: _billing_email}, {field: post_id, is: not_null}]}
"""),
    )
    assert errors(findings) == []
    one = data_map.collections["shop.meta"]
    assert one.record == ("post_id",)
    condition = one.fields["meta_value"].identity_when
    assert isinstance(condition, Junction) and condition.parts[1] == FieldTest("post_id", "not_null")


def test_a_reference_with_a_condition_that_cannot_be_read_is_an_error_and_left_out(tmp_path: Path) -> None:
    for when in ("{field: itemtype, eq: User}", "{field: item_type, like: User}", "{field: item_type, in: []}", "yes"):
        data_map, findings = load(
            tmp_path,
            _map(f"""
- name: versions
  fields:
  - {{name: item_type}}
  - name: item_id
    fides_meta: {{references: [{{dataset: shop, field: users.id, direction: from, when: {when}}}]}}
"""),
        )
        assert any("when" in one for one in errors(findings)), when
        assert data_map.links == (), when


def test_an_identity_with_a_condition_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    data_map, findings = load(
        tmp_path,
        _map("""
- name: meta
  fields:
  - {name: meta_value, fides_meta: {identity: email, identity_when: {field: meta_kee, eq: mail}}}
"""),
    )
    assert errors(findings)
    assert data_map.collections["shop.meta"].identities == {}


def test_wrong_words_are_refused(tmp_path: Path) -> None:
    _, findings = load(
        tmp_path,
        _map("""
- name: meta
  fides_meta: {about: animal, record: [post]}
  fields:
  - {name: mail, fides_meta: {identity: email, identity_role: friend, identity_format: csv}}
"""),
    )
    told = "\n".join(errors(findings))
    for key in ("about", "record", "identity_role", "identity_format"):
        assert key in told


def test_of_two_references_to_the_same_people_without_direction_none_owns(tmp_path: Path) -> None:
    data_map, _ = load(
        tmp_path,
        _map("""
- name: friendship
  fields:
  - {name: user_id, fides_meta: {references: [{dataset: shop, field: users.id}]}}
  - {name: friend_user_id, fides_meta: {references: [{dataset: shop, field: users.id}]}}
"""),
    )
    assert [link.unsaid for link in data_map.links] == [True, True]


def test_an_account_with_its_addresses_beside_it_is_identified_by_them(tmp_path: Path) -> None:
    data_map, _ = load(
        tmp_path,
        """
fides_key: forum
collections:
- name: users
  fields:
  - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
- name: user_emails
  fields:
  - {name: user_id, fides_meta: {references: [{dataset: forum, field: users.id}]}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
- name: posts
  fields:
  - {name: user_id, fides_meta: {references: [{dataset: forum, field: users.id}]}}
  - {name: text, data_categories: [user.content]}
""",
    )
    assert {link.child: (link.identifies, link.belongs) for link in data_map.links} == {
        "forum.user_emails": (True, True),
        "forum.posts": (False, True),
    }


def test_a_thing_that_is_only_pointed_to_is_identified_by_nobody(tmp_path: Path) -> None:
    data_map, _ = load(
        tmp_path,
        _map("""
- name: address
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: street, data_categories: [user.contact.address.street]}
- name: parcel
  fields:
  - {name: to_mail, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: address_id, fides_meta: {references: [{dataset: shop, field: address.id}]}}
"""),
    )
    assert [(link.belongs, link.identifies) for link in data_map.links] == [(False, False)]


def test_an_address_not_yet_confirmed_is_a_mention(tmp_path: Path) -> None:
    data_map, _ = load(
        tmp_path,
        """
fides_key: shop
collections:
- name: users
  fields:
  - {name: email, fides_meta: {identity: email}}
  - {name: unconfirmed_email, fides_meta: {identity: email}}
  - {name: normalized_email, fides_meta: {identity: email, identity_role: own}}
""",
    )
    roles = {path: one.identity_role for path, one in data_map.collections["shop.users"].fields.items()}
    assert roles == {"email": "own", "unconfirmed_email": "mention", "normalized_email": "own"}
