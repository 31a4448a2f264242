"""`marketing_refusal` in a map: read, and refused where nothing could be remembered by it."""

from pathlib import Path

import pytest

from privacy_center.datamap.marketing_refusal import MarketingRefusal
from privacy_center.datamap.row_condition import FieldTest
from tests.rooms.datamap.maps import errors, load

MAP = """
fides_key: shop
collections:
- name: users
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: login, data_categories: [user.account.username], fides_meta: {identity: %s}}
- name: newsletter
  fides_meta: {%s}
  fields:
  - {name: id, fides_meta: {primary_key: true}}
  - {name: user_id, fides_meta: {references: [{dataset: shop, field: users.id, direction: from}]}}
  - {name: address, data_categories: [user.contact.email]}
  - {name: mobile, data_categories: [user.contact.phone_number]}
  - {name: wanted, data_categories: [user.privacy_preferences]}
  - {name: at, data_categories: [system.operations]}
"""
NO = "when: {field: wanted, eq: false}"


def read(tmp_path: Path, meta: str, identity: str = "email"):
    data_map, findings = load(tmp_path, MAP % (identity, meta))
    return data_map.collections["shop.newsletter"].marketing_refusals, errors(findings)


def test_one_or_several_refusals_are_read(tmp_path: Path):
    one = f"{{{NO}, channel: ' SMS ', contacts: [mobile], newest_by: at}}"
    two = f"{{{NO}, channel: {{field: wanted}}}}"
    refusals, wrong = read(tmp_path, f"marketing_refusal: [{one}, {two}]")
    when = FieldTest("wanted", "eq", (False,))
    assert wrong == []
    assert refusals == (
        MarketingRefusal(when, "sms", None, ("mobile",), "at"),
        MarketingRefusal(when, "", "wanted"),
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("marketing_refusal: yes", "Write marketing_refusal as"),
        ("marketing_refusal: []", "Write marketing_refusal as"),
        ("marketing_refusal: {channel: sms}", "Write a condition"),
        ("marketing_refusal: {when: {field: wnated, eq: false}}", "Did you mean wanted"),
        (f"marketing_refusal: {{{NO}, chanel: sms}}", "Did you mean channel"),
        (f"marketing_refusal: {{{NO}, channel: {{field: gone}}}}", "does not have"),
        (f"marketing_refusal: {{{NO}, channel: [sms]}}", "is the name of a channel"),
        (f"marketing_refusal: {{{NO}, contacts: [nobody]}}", "does not have"),
        (f"marketing_refusal: {{{NO}, contacts: [wanted]}}", "nothing tells what kind of contact"),
        (f"marketing_refusal: {{{NO}, contacts: {{a: b}}}}", "does not have"),
        (f"marketing_refusal: {{{NO}, newest_by: when}}", "does not have"),
        (f"marketing_refusal: {{{NO}, channel: sms, contacts: [address]}}", "reaches no contact"),
        (f"skip_processing: true, marketing_refusal: {{{NO}}}", "is not read"),
    ],
)
def test_an_unsound_refusal_is_named(tmp_path: Path, written: str, said: str):
    wrong = read(tmp_path, written)[1]
    assert any(said in one for one in wrong), wrong


def test_a_refusal_that_reaches_no_contact_of_the_customer_is_named(tmp_path: Path):
    assert any("reaches no contact" in one for one in read(tmp_path, f"marketing_refusal: {{{NO}}}", "member_no")[1])
    assert read(tmp_path, f"marketing_refusal: {{{NO}, contacts: [address]}}", "member_no")[1] == []
