"""Everything that is wrong with a map is told: where, what, and what to do, all at once."""

from pathlib import Path

import pytest

from privacy_center.datamap.finding import did_you_mean
from privacy_center.datamap.load import load_map
from tests.rooms.datamap.maps import apart_from_reach, errors, load, only, warnings

SHOP = """
dataset:
  - fides_key: shop
    name: Shop
    collections:
      - name: customer
        description: People
        fides_meta: {after: [shop.orders]}
        fields:
          - name: id
            data_categories: [user.unique_id]
            fides_meta: {primary_key: true, data_type: integer}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email, data_type: string, length: 40}
          - name: extra
            fides_meta: {data_type: object}
            fields:
              - name: nick
                data_categories: [user.account.username]
      - name: orders
        fides_meta: {erase_after: [shop.customer]}
        fields:
          - name: id
            fides_meta: {primary_key: true}
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta:
              references:
                - {dataset: shop, field: customer.id, direction: from}
          - name: remark
            data_categories: [user.content]
            fides_meta: {masking_strategy_override: {strategy: null_rewrite}}
"""


def test_the_map_that_the_other_tests_break_is_sound(tmp_path: Path) -> None:
    assert load(tmp_path, SHOP)[1] == []


MISTAKES = [
    ("    name: Shop", "    naem: Shop", "map.yml: shop: The key naem", "name"),
    ("description: People", "descriptoin: People", "map.yml: shop.customer: The key descriptoin", "description"),
    ("{after: [shop", "{aftr: [shop", "map.yml: shop.customer: The key aftr", "after"),
    (
        "- name: email\n            data_categories",
        "- name: email\n            data_category",
        "map.yml: shop.customer.email: The key data_category",
        "data_categories",
    ),
    ("identity: email", "identiy: email", "map.yml: shop.customer.email: The key identiy", "identity"),
    (
        "- name: nick\n                data_categories",
        "- name: nick\n                data_categores",
        "map.yml: shop.customer.extra.nick: The key data_categores",
        "data_categories",
    ),
    ("direction: from", "direcion: from", "map.yml: shop.orders.customer_id: The key direcion", "direction"),
    (
        "{strategy: null",
        "{configration: {}, strategy: null",
        "map.yml: shop.orders.remark: The key configration",
        "configuration",
    ),
    (
        "user.contact.email]",
        "user.contact.emial]",
        "map.yml: shop.customer.email: The data category user.contact.emial",
        "user.contact.email",
    ),
    ("type: string", "type: strnig", "map.yml: shop.customer.email: The data type strnig", "string"),
    ("null_rewrite", "nul_rewrite", "map.yml: shop.orders.remark: The masking strategy nul_rewrite", "null_rewrite"),
    ("customer.id,", "customer.idd,", "map.yml: shop.orders.customer_id: The reference points to the field idd", "id"),
    (
        "field: customer.id",
        "field: custmer.id",
        "map.yml: shop.orders.customer_id: The reference points to the collection shop.custmer",
        "shop.customer",
    ),
    ("{after: [shop.orders", "{after: [shop.order", "map.yml: shop.customer: after names shop.order", "shop.orders"),
    (
        "erase_after: [shop.customer",
        "erase_after: [shop.custmer",
        "map.yml: shop.orders: erase_after names shop.custmer",
        "shop.customer",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "said", "meant"), MISTAKES)
def test_a_slip_of_the_pen_is_found_with_its_place_and_what_was_meant(
    tmp_path: Path, right: str, wrong: str, said: str, meant: str
) -> None:
    assert right in SHOP
    _, findings = load(tmp_path, SHOP.replace(right, wrong))

    found = [one for one in errors(findings) if one.startswith(said)]
    assert f"Did you mean {meant}?" in only(found)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    hidden_by_another = ("identiy: email", "field: custmer.id", "{after: [shop.order", "user.contact.emial]")
    text, expected = SHOP, []
    for right, wrong, said, _ in MISTAKES:
        if wrong not in hidden_by_another:
            text = text.replace(right, wrong)
            expected.append(said)
    found = errors(load(tmp_path, text)[1])

    assert [said for said in expected if not any(one.startswith(said) for one in found)] == []


def test_every_finding_speaks_both_languages_and_says_what_to_do(tmp_path: Path) -> None:
    for right, wrong, _, _ in MISTAKES:
        for one in load(tmp_path, SHOP.replace(right, wrong))[1]:
            assert "。" in one.words.zh and one.words.en.count(".") >= 1
            assert one.words.zh != one.words.en


def test_an_unknown_key_without_a_near_word_is_an_error_too(tmp_path: Path) -> None:
    _, findings = load(tmp_path, SHOP.replace("    name: Shop", "    name: Shop\n    wxyz: 1"))
    assert only(errors(findings)) == "map.yml: shop: The key wxyz is not known and is not read. Correct or remove it."


def test_an_unknown_key_at_the_top_of_a_file_is_an_error(tmp_path: Path) -> None:
    _, findings = load(tmp_path, SHOP, other="datasets: []")
    assert "Did you mean dataset?" in only(errors(findings))


def test_a_key_without_which_nothing_is_found_may_not_stand_in_the_wrong_place(tmp_path: Path) -> None:
    text = SHOP.replace("- name: nick\n", "- name: nick\n                identity: nick\n")
    assert "Move it to fides_meta" in only(errors(load(tmp_path, text)[1]))


def test_a_lighter_key_in_the_wrong_place_is_a_warning(tmp_path: Path) -> None:
    text = SHOP.replace("{identity: email,", "{identity: email, data_categories: [user],")
    _, findings = load(tmp_path, text)
    assert errors(findings) == []
    assert "data_categories stands in the wrong place" in only(warnings(findings))


@pytest.mark.parametrize(
    ("older", "today"),
    [
        ("user.provided.identifiable.contact.email", "user.contact.email"),
        ("user.derived.identifiable.unique_id", "user.unique_id"),
        ("user.financial.account_number", "user.financial.bank_account"),
        ("user.provided", "user"),
    ],
)
def test_a_category_of_an_older_fideslang_is_read_by_its_new_name(tmp_path: Path, older: str, today: str) -> None:
    data_map, findings = load(tmp_path, SHOP.replace("[user.content]", f"[{older}]"))

    assert errors(findings) == []
    assert f"is read as {today}" in only(warnings(findings))
    assert data_map.collections["shop.orders"].fields["remark"].data_categories == (today,)


def test_categories_that_the_company_declares_are_known(tmp_path: Path) -> None:
    text = SHOP.replace("[user.content]", "[user.loyalty.points]")
    assert "user.loyalty.points is not known" in only(errors(load(tmp_path, text)[1]))

    assert load_map(tmp_path, extra_categories=["user.loyalty.points"])[1] == []
    declared = "data_category: [{fides_key: user.loyalty.points}]"
    assert load(tmp_path, text, declared=declared)[1] == []


def test_a_reference_to_another_dataset_that_is_not_there_is_an_error_and_no_link(tmp_path: Path) -> None:
    data_map, findings = load(tmp_path, SHOP.replace("{dataset: shop, field", "{dataset: crm, field"))
    assert "the dataset crm, which the map does not have" in only(apart_from_reach(errors(findings)))
    assert data_map.links == ()


def test_two_collections_fields_or_datasets_of_one_name_are_errors(tmp_path: Path) -> None:
    twice = SHOP.replace("      - name: orders", "      - name: customer\n        fields: []\n      - name: orders")
    assert "The collection customer is written twice" in only(errors(load(tmp_path, twice)[1]))

    twice = SHOP.replace("          - name: remark", "          - name: id\n          - name: remark")
    data_map, findings = load(tmp_path, twice)
    assert only(errors(findings)).startswith("map.yml: shop.orders.id: The field id is written twice")
    assert data_map.collections["shop.orders"].primary_key == ("id",), "the first one stays"

    said = only(errors(load(tmp_path, SHOP, other=SHOP)[1]))
    assert said.startswith("other.yml: shop: The dataset shop is written twice (also in map.yml)")


def test_a_key_written_twice_in_one_mapping_is_an_error_with_its_line(tmp_path: Path) -> None:
    text = SHOP.lstrip().replace(
        "        description: People", "        description: People\n        description: Buyers"
    )
    assert "Line 7: description is written twice" in only(errors(load(tmp_path, text)[1]))


def test_a_file_that_is_no_yaml_is_one_finding_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_text("dataset:\n  - fides_key: a\n   name: b\n", "utf-8")
    data_map, findings = load(tmp_path, SHOP)

    said = only(errors(findings))
    assert said.startswith("broken.yml: Line 3 is not correct YAML")
    assert data_map.datasets == ("shop",), "the other files are read"


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"a: \x00", b"&a [*a, *a]", b"!!python/object:os.system {}", b"a: 2021-13-45"]
)
def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.yml").write_bytes(content)
    _, findings = load(tmp_path, SHOP)
    assert [one for one in errors(findings) if one.startswith("odd.yml")]


def test_a_missing_folder_and_an_empty_one_are_findings(tmp_path: Path) -> None:
    assert "There is no folder" in " ".join(errors(load_map(tmp_path / "nowhere")[1]))
    assert "No dataset was read" in only(errors(load_map(tmp_path)[1]))


def test_a_map_in_which_nothing_carries_an_identity_is_an_error(tmp_path: Path) -> None:
    _, findings = load(tmp_path, SHOP.replace("identity: email, ", ""))
    assert "nobody's data can be found" in only(errors(findings))


LONELY = "      - name: diary\n        fields: [{name: id, data_categories: [%s], fides_meta: {primary_key: true}}]\n"
DECLARED = """      - name: diary
        fides_meta: {out_of_scope: {by: Lin Yi, on: 2026-11-30, reason: {zh-CN: 纸本的影像, en: scans of paper}}}
        fields: [{name: id, data_categories: [user.content], fides_meta: {primary_key: true}}]
"""


def test_a_collection_that_no_identity_leads_to_is_an_error_that_names_it(tmp_path: Path) -> None:
    _, findings = load(tmp_path, SHOP + LONELY % "user.content")
    assert "No identity leads to shop.diary" in only(errors(findings))

    _, findings = load(tmp_path, SHOP + LONELY % "system.operations")
    assert findings == [], "what holds nothing about people need not be found"


def test_collections_that_nothing_leads_to_come_most_personal_first(tmp_path: Path) -> None:
    kinds = {"clicks": "user.behavior", "bank": "user.financial", "tax_zone": "user", "address": "user.contact.address"}
    lonely = "".join((LONELY % kind).replace("diary", name) for name, kind in kinds.items())
    said = errors(load(tmp_path, SHOP + lonely)[1])
    assert [one.split("leads to shop.")[1].split(",")[0] for one in said] == ["bank", "address", "clicks", "tax_zone"]


def test_a_collection_declared_out_of_scope_with_name_day_and_reason_is_no_error(tmp_path: Path) -> None:
    data_map, findings = load(tmp_path, SHOP + DECLARED)
    assert findings == []
    declared = data_map.collections["shop.diary"].out_of_scope
    assert declared and (declared.by, declared.on.isoformat(), declared.reason.en) == (
        "Lin Yi",
        "2026-11-30",
        "scans of paper",
    )


@pytest.mark.parametrize(
    ("part", "left", "names"),
    [
        ("by: Lin Yi, ", "", "by"),
        ("on: 2026-11-30", "on: soon", "on"),
        ("{zh-CN: 纸本的影像, en: scans of paper}", "{zh-CN: 纸本的影像}", "reason"),
        ("by: Lin Yi", "by: Lin Yi, who: me", "who"),
    ],
)
def test_a_declaration_that_is_not_whole_does_not_count(tmp_path: Path, part: str, left: str, names: str) -> None:
    said = errors(load(tmp_path, SHOP + DECLARED.replace(part, left))[1])
    assert f"not right here: {names}" in said[0]
    assert names == "who" or "No identity leads to shop.diary" in said[1]


def test_a_declaration_on_a_collection_that_is_searched_is_told(tmp_path: Path) -> None:
    declared = "out_of_scope: {by: Lin Yi, on: 2026-11-30, reason: old}, erase_after"
    assert "it is searched all the same" in only(warnings(load(tmp_path, SHOP.replace("erase_after", declared))[1]))


def test_reach_follows_the_direction_of_references(tmp_path: Path) -> None:
    against = SHOP.replace("direction: from", "direction: to")
    assert "No identity leads to shop.orders" in only(errors(load(tmp_path, against)[1]))

    none = SHOP.replace(", direction: from", "")
    assert load(tmp_path, none)[1] == []


def test_a_collection_without_a_primary_key_is_a_warning_that_says_what_to_do(tmp_path: Path) -> None:
    _, findings = load(tmp_path, SHOP.replace("{primary_key: true, data_type: integer}", "{data_type: integer}"))
    assert "Set fides_meta.primary_key: true" in only(warnings(findings))


def test_collections_that_must_each_be_erased_after_the_other_are_an_error(tmp_path: Path) -> None:
    _, findings = load(tmp_path, SHOP.replace("{after: [shop.orders]}", "{erase_after: [shop.orders]}"))
    assert "erase_after goes in a circle: shop.customer → shop.orders → shop.customer" in only(errors(findings))


def test_two_separate_circles_are_both_told(tmp_path: Path) -> None:
    part = """
      - name: {0}
        fides_meta: {{erase_after: [shop.{1}]}}
        fields: [{{name: id, data_categories: [system.operations], fides_meta: {{primary_key: true}}}}]"""
    text = SHOP.rstrip() + "".join(part.format(*pair) for pair in ("ab", "ba", "cd", "dc", "ea"))
    assert [one.split("circle: ")[1].split(".  ")[0][:24] for one in errors(load(tmp_path, text)[1])] == [
        "shop.a → shop.b → shop.a",
        "shop.c → shop.d → shop.c",
    ]


def test_a_word_that_yaml_takes_for_a_truth_value_is_told_to_be_quoted(tmp_path: Path) -> None:
    _, findings = load(tmp_path, SHOP.replace("- name: remark", "- name: on"))
    assert "Put it in quotes" in only(errors(findings))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("direction: from", "direction: fromm", "direction is wrong"),
        ("length: 40", "length: -1", "length is wrong"),
        ("- name: remark\n", "- description: x\n", "name is missing"),
        ("primary_key: true, data_type: integer", "primary_key: maybe", "primary_key is wrong"),
        ("fides_key: shop", "fides_key: my shop", "fides_key is wrong"),
        ("    collections:", "    collection:", "collections is missing"),
        ("after: [shop.orders]", "after: [orders]", "after is wrong"),
    ],
)
def test_what_fideslang_refuses_is_told_and_the_rest_is_read(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    _, findings = load(tmp_path, SHOP.replace(right, wrong, 1))
    assert [one for one in errors(findings) if said in one]
    assert not [one for one in errors(findings) if "points to the collection" in one], "no error that follows from it"


def test_several_refusals_of_one_dataset_are_told_together_and_nothing_else_is_lost(tmp_path: Path) -> None:
    text = SHOP.replace("length: 40", "length: none").replace("direction: from", "direction: up")
    data_map, findings = load(tmp_path, text.replace("primary_key: true, data_type: integer", "data_type: whole"))

    assert len(errors(findings)) == 3
    assert data_map.collections["shop.customer"].identities == {"email": "email"}


def test_several_refused_fields_of_one_collection_go_and_their_neighbours_stay(tmp_path: Path) -> None:
    text = """
        fides_key: a
        collections:
          - name: c
            fields: [{description: one}, {name: id, fides_meta: {primary_key: true, identity: n}}, {description: two}, {name: b}]
        """
    data_map, findings = load(tmp_path, text)
    assert [one.split(": name")[0] for one in errors(findings)] == ["map.yml: a.c.[0]", "map.yml: a.c.[2]"]
    assert list(data_map.collections["a.c"].fields) == ["id", "b"]


def test_a_hint_is_given_only_for_a_near_word() -> None:
    assert did_you_mean("emial", ["email", "phone"]).en == " Did you mean email?"
    assert did_you_mean("zzzz", ["email"]).zh == ""
