"""What is refused in a rule pack, in which words; all findings at once."""

from datetime import date

import pytest

from privacy_center.datamap.live import LiveColumn
from tests.rooms.retention.conftest import a_pack, a_rule
from tests.rooms.retention.test_applies import records

WHEN = {"field": "status", "eq": "x"}
EXISTS = {"collection": "shop.cases", "on": {"order_id": "id"}}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"covers": {"collection": "shop.oders"}},
            "rule a-rule: the data map has no collection shop.oders. Did you mean shop.orders?",
        ),
        (
            {"covers": {"category": "user.financal"}},
            "rule a-rule: no field of the data map is in user.financal, so the rule matches nothing. Did you mean user.financial?",
        ),
        (
            {"when": {"field": "statuss", "eq": 1}},
            "rule a-rule: shop.orders has no field statuss. Did you mean status?",
        ),
        ({"needs": ["id", "totl"]}, "rule a-rule: shop.orders has no field totl. Did you mean total?"),
        (
            {"until": {"period": "P3Y", "from": "complete_at"}},
            "rule a-rule: shop.orders has no field complete_at. Did you mean completed_at?",
        ),
        (
            {"when": {"exists": {**EXISTS, "collection": "shop.case"}}},
            "rule a-rule: the data map has no collection shop.case. Did you mean shop.cases?",
        ),
        (
            {"when": {"exists": {**EXISTS, "on": {"oder_id": "id"}}}},
            "rule a-rule: shop.cases has no field oder_id. Did you mean order_id?",
        ),
        (
            {"when": {"exists": {**EXISTS, "when": {"field": "nota", "is": None}}}},
            "rule a-rule: shop.cases has no field nota. Did you mean note?",
        ),
        (
            {"when": {"exists": {**EXISTS, "on": {"order_id": "idd"}}}},
            "rule a-rule: shop.orders has no field idd. Did you mean id?",
        ),
        (
            {"when": {"field": "total", "gt": {"field": "totale"}}},
            "rule a-rule: shop.orders has no field totale. Did you mean total?",
        ),
        (
            {"when": {"field": "status", "eqq": 1}},
            "rule a-rule when: There is no operator eqq. Use one of is eq ne in not_in lt le gt ge. Did you mean eq?",
        ),
        (
            {"when": {"fild": "status", "eq": 1}},
            "rule a-rule when: A condition is {field: …, eq: …}, or all, any, not, exists.",
        ),
        (
            {"when": {"field": "status", "eq": None}},
            "rule a-rule when: To compare with nothing use is: null or is: not_null.",
        ),
        (
            {"when": {"field": "status", "eq": "a", "ne": "b"}},
            "rule a-rule when: Write one operator in each condition; for several use all: [...].",
        ),
        (
            {"when": {"all": [WHEN, {"field": "status", "in": []}]}},
            "rule a-rule: the list for status is empty, so it never holds.",
        ),
        (
            {"when": {"all": [WHEN, {"field": "status", "eq": "y"}]}},
            "rule a-rule: the conditions on status contradict each other, so they never hold.",
        ),
        (
            {"when": {"all": [WHEN, {"field": "status", "is": None}]}},
            "rule a-rule: the conditions on status contradict each other, so they never hold.",
        ),
        (
            {"when": {"all": [{"field": "total", "gt": 5}, {"field": "total", "le": 5}]}},
            "rule a-rule: the conditions on total contradict each other, so they never hold.",
        ),
        (
            {
                "when": {
                    "all": [
                        {"field": "placed_at", "ge": {"today": "P0D"}},
                        {"field": "placed_at", "lt": {"today": "-P1Y"}},
                    ]
                }
            },
            "rule a-rule: the conditions on placed_at contradict each other, so they never hold.",
        ),
        (
            {"effective": {"from": date(2026, 2, 1), "to": date(2026, 1, 1)}},
            "rule a-rule: it is effective from 2026-02-01 to 2026-01-01, which is never. Correct the days.",
        ),
        (
            {"authority": "statute"},
            "rule a-rule authority: Write one of 'law', 'administrative_regulation', 'delegated_rule', 'department_rule', 'local_regulation', 'national_standard', 'contract', 'company_policy'.",
        ),
        (
            {"treatment": "restict"},
            "rule a-rule treatment: Write one of 'restrict', 'mask', 'seal', 'ask', 'manual'. Did you mean restrict?",
        ),
        ({"coverz": 1}, "rule a-rule coverz: There is no such key. Did you mean covers?"),
        ({"customer": None}, "rule a-rule: The words for the customer are missing: customer."),
        ({"citation": None}, "rule a-rule: The source is missing: citation."),
        ({"title": None}, "rule a-rule title: This is missing."),
        ({"title": {"zh-TW": "x"}}, "rule a-rule title: Write {zh-CN: …, en: …} here, not zh-TW."),
        (
            {"until": {"event": "x", "period": "P1Y"}},
            "rule a-rule until: Until is {event: …}, or {period: P3Y, from: field}.",
        ),
        (
            {"covers": {"collection": "shop.orders", "category": "user"}},
            "rule a-rule covers: In covers write one of collection, category, record.",
        ),
        (
            {"authority": "company_policy", "until": {"event": "x"}},
            "rule a-rule: Company policy and delete_at_latest only say when to delete at the latest: give period and from.",
        ),
        ({"needs": []}, "rule a-rule needs: "),
    ],
)
def test_a_wrong_rule_is_refused_with_what_to_do(company, keys, said):
    (found,) = company.said(a_pack(a_rule(**keys)))
    assert found.startswith(said) if keys == {"needs": []} else found == said


def test_all_findings_come_at_once_with_file_and_place(company):
    _, findings = company.rules(
        a_pack(a_rule("one", when={"field": "a", "is": None}), a_rule("two", treatment="x"), pack="p1"),
        a_pack(a_rule("three", covers={"collection": "shop.cases"}, needs=["b"]), pack="p2"),
    )
    errors = [(one.file, one.collection, one.field) for one in findings if one.level == "error"]
    assert errors == [("pack0.yml", "", ""), ("pack0.yml", "orders", "a"), ("pack1.yml", "cases", "b")]


def test_a_related_collection_in_another_database_is_refused(company):
    from tests.rooms.retention.conftest import a_map

    company.data_map = a_map(crm__cases="id order_id")
    rule = a_rule(when={"exists": {**EXISTS, "collection": "crm.cases"}})
    assert company.said(a_pack(rule)) == ["rule a-rule: rules reach within one dataset only; crm.cases is in another."]


def test_a_category_whose_collections_lack_the_rule_s_fields_is_refused_or_told(company):
    rule = a_rule(covers={"category": "user.financial"}, when={"field": "ip", "is": None})
    assert "has no field ip" in company.said(a_pack(rule))[0]
    both = a_rule(covers={"category": "user"}, when={"field": "ip", "is": None})
    assert company.said(a_pack(both)) == []
    assert "shop.invoices is in user but has no field ip" in company.said(a_pack(both), level="warning")[0]


def test_a_record_whose_mapping_lacks_a_name_is_refused_and_an_unknown_kind_is_told(company):
    records(company, "records: {case: [{collection: shop.cases}], none: []}")
    rule = a_rule(covers={"record": ["case", "none", "other"]}, when={"field": "closed", "is": None})
    assert company.said(a_pack(rule)) == [
        "rule a-rule speaks of 'closed'. Say in records.case of catalogue.yml which field that is."
    ]
    (told,) = company.said(a_pack(rule), level="warning")
    assert "does not place: other." in told


FAMILIES = {
    "status": "text",
    "placed_at": "datetime",
    "completed_at": "text",
    "total": "integer",
    "customer_id": "text",
    "id": "integer",
    "opened_at": "datetime",
    "closed_at": "datetime",
    "note": "text",
    "order_id": "integer",
}


def live(key: str, field: str) -> LiveColumn | None:
    choices = {"status": ("open", "closed")}.get(field, ()) if key == "shop.cases" else ()
    if key not in ("shop.orders", "shop.cases"):
        return None
    return LiveColumn(field, FAMILIES[field], nullable=field != "status", choices=choices)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"until": {"period": "P1Y", "from": "status"}},
            "rule a-rule: status is text, not a date; no days can be counted from it. Name a date column.",
        ),
        (
            {"until": {"period": "P1Y", "from": "total"}},
            "rule a-rule: total is integer, not a date; no days can be counted from it. Name a date column.",
        ),
        (
            {"when": {"field": "status", "lt": {"today": "-P1Y"}}},
            "rule a-rule: status is text, not a date; no days can be counted from it. Name a date column.",
        ),
        (
            {"when": {"field": "total", "eq": "many"}},
            "rule a-rule: total is integer and cannot be compared with 'many'.",
        ),
        (
            {"when": {"field": "placed_at", "gt": 5}},
            "rule a-rule: placed_at is datetime and cannot be compared with 5.",
        ),
        (
            {"covers": {"collection": "shop.cases"}, "when": {"field": "status", "in": ["open", "opne"]}},
            "rule a-rule: status only ever is one of open, closed; there is no 'opne'.",
        ),
        (
            {"when": {"field": "placed_at", "gt": "2026-01-01 25:00"}},
            "rule a-rule: placed_at is datetime and cannot be compared with '2026-01-01 25:00'.",
        ),
        (
            {"when": {"field": "placed_at", "gt": "2026-02-30"}},
            "rule a-rule: placed_at is datetime and cannot be compared with '2026-02-30'.",
        ),
        (
            {"when": {"field": "placed_at", "gt": {"field": "total"}}},
            "rule a-rule: datetime cannot be compared with total (integer).",
        ),
        (
            {"when": {"field": "status", "is": None}},
            "rule a-rule: status can never be empty in the database, so is: null never holds.",
        ),
    ],
)
def test_the_live_database_shows_wrong_types_and_conditions_that_never_hold(company, keys, said):
    assert company.said(a_pack(a_rule(**keys)), live=live) == [said]


def test_text_that_is_named_as_a_date_is_told_and_taken(company):
    rule = a_rule(until={"period": "P1Y", "from": "completed_at"})
    assert company.said(a_pack(rule), live=live) == []
    assert company.said(a_pack(rule), live=live, level="warning") == [
        "rule a-rule: completed_at is text. It is read as ISO 8601 (2026-01-31); rows that cannot be read wait for a person."
    ]


def test_is_null_on_a_column_that_is_never_null_is_only_told_where_it_stands_among_others(company):
    rule = a_rule(when={"any": [{"field": "status", "is": None}, {"field": "total", "gt": 1}]})
    assert company.said(a_pack(rule), live=live) == []
    assert "status can never be empty" in company.said(a_pack(rule), live=live, level="warning")[0]


def test_a_bare_on_is_a_word_and_not_true(company):
    text = """
pack: test
version: 1.5
jurisdiction: CN
status: signed
by: Counsel
on: 2026-01-01
rules:
  - key: r
    title: t
    authority: law
    citation: {law: x, article: 3, checked: true}
    covers: {collection: shop.orders}
    when: {exists: {collection: shop.cases, on: {order_id: id}, when: {field: note, in: [yes, no, on, off]}}}
    until: {event: closed}
    needs: all
    customer: c
"""
    book, findings = company.rules(text)
    assert [one for one in findings if one.file == "pack0.yml"] == []
    (rule,) = book.rules_for("shop.orders")
    assert rule.when.exists.on == {"order_id": "id"}
    assert rule.when.exists.when.value == ("yes", "no", "on", "off")
    assert book.packs[0].version == "1.5"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pack: [", "This YAML cannot be read"),
        ("pack: x", "A pack has pack, version, jurisdiction, status and a list of rules."),
        ("pack: x\npack: y\nrules: []", "pack stands twice"),
        (
            "pack: x\nrules: [{key: a, effective: {from: 2026-13-01}}]",
            "This YAML cannot be read: month must be in 1..12",
        ),
        (
            "{pack: x, version: '1', jurisdiction: CN, status: signed, rules: []}",
            "pack: A signed pack says by whom and on which day",
        ),
        (
            "{pack: x, version: '1', jurisdiction: china, status: needs_counsel_review, rules: []}",
            "pack jurisdiction: ",
        ),
        ("{pack: x, version: '1', jurisdiction: CN, status: draft, rules: []}", "pack status: Write one of"),
    ],
)
def test_a_file_that_is_no_pack_is_refused(company, text, said):
    assert any(said in one for one in company.said(text))


def test_a_key_stands_once_in_all_packs(company):
    said = company.said(a_pack(a_rule("same"), pack="p1"), a_pack(a_rule("same"), pack="p2"))
    assert said == ["rule same is already in pack0.yml. Use every key once."]


def test_a_flag_that_no_rule_uses_is_told(company):
    said = company.said(a_pack(a_rule(flags=["platform"])), flags=["platfrom"], level="warning")
    assert said == ["No rule uses the flag platfrom. Did you mean platform?"]


def test_a_pack_without_a_lawyer_s_signature_is_told(company):
    pack = a_pack(a_rule(), status="needs_counsel_review")
    del pack["by"], pack["on"]
    assert company.said(pack, level="warning") == [
        "Pack test is not signed by counsel yet. Once it is, write status: signed with by and on."
    ]


def test_a_rule_whose_time_is_over_is_told_and_not_refused(company):
    rule = a_rule(effective={"to": date(2025, 12, 31)})
    assert company.said(a_pack(rule)) == []
    assert company.said(a_pack(rule), level="warning") == [
        "rule a-rule ended on 2025-12-31 and applies to nothing now. It can be taken out."
    ]
