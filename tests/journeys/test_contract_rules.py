"""Rule packs written by a company, judged from the terminal: calendar, missing facts, several rules, strength."""

from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal, write_company

MAP = """
dataset:
- fides_key: r
  collections:
  - name: customer
    fields:
    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - name: doc
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - name: customer_id
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: r, field: customer.id, direction: from}]}
    - {name: issued_on, data_categories: [user.financial]}
    - {name: issued_at, data_categories: [user.financial]}
    - {name: status, data_categories: [user.behavior]}
    - {name: opened_at, data_categories: [user.behavior]}
    - {name: closed_at, data_categories: [user.behavior]}
    - {name: secret, data_categories: [user.content]}
  - name: child
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - name: doc_id
      data_categories: [system.operations]
      fides_meta: {references: [{dataset: r, field: doc.id, direction: from}]}
    - {name: kind, data_categories: [user.behavior]}
"""
ROWS = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT)",
    "CREATE TABLE doc (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id), issued_on DATE,"
    " issued_at DATETIME, status TEXT, opened_at DATETIME, closed_at DATETIME, secret TEXT)",
    "CREATE TABLE child (id INTEGER PRIMARY KEY, doc_id INTEGER REFERENCES doc(id), kind TEXT)",
    "INSERT INTO customer VALUES (1, 'a@x.com')",
    "INSERT INTO doc VALUES (1, 1, '2024-02-29', '2024-05-31T16:00:00Z', 'open', NULL, NULL, 's')",
    "INSERT INTO doc VALUES (2, 1, '2024-01-31', '2024-05-31T15:59:59Z', 'closed', NULL, NULL, 's')",
    "INSERT INTO doc VALUES (3, 1, '2023-03-31', '2023-03-31 00:00:00', NULL, NULL, NULL, 's')",
    "INSERT INTO doc VALUES (4, 1, '2023-04-01', '2023-04-01 00:00:00', 'x', '2023-05-01', '2023-04-01', 's')",
    "INSERT INTO doc VALUES (5, 1, NULL, NULL, 'x', NULL, NULL, 's')",
    "INSERT INTO child VALUES (1, 2, 'x'), (2, 3, 'y')",
)
OPEN = "when: {field: status, eq: open}"
EVENT = "until: {event: done}"


def rule(*lines: str, key: str = "a", authority: str = "law", treatment: str = "restrict") -> str:
    citation = [] if authority == "company_policy" else ['citation: {law: L, article: "1", checked: true}']
    whole = [
        f"title: {{zh-CN: 规则, en: Rule {key}}}",
        f"authority: {authority}",
        *citation,
        "covers: {collection: r.doc}",
        f"treatment: {treatment}",
        "customer: {zh-CN: 中文。, en: English.}",
        *lines,
    ]
    return f"- key: {key}\n" + "".join(f"  {line}\n" for line in whole)


class Company:
    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def docs(self, *rules: str, on: str = "2026-01-01", head: str = "", settings: str = "") -> dict[int, dict]:
        """Document → its item in the plan of that day."""
        pack = f"pack: p\nversion: '1'\njurisdiction: CN\nstatus: needs_counsel_review\n{head}rules:\n{''.join(rules)}"
        (self.terminal.home / "policy" / "p.yml").write_text(pack)
        (self.terminal.home / "settings.toml").write_text(settings)
        plan = self.terminal.json("plan", "--identity", "email=a@x.com", "--on", on)
        return {one["key"]["id"]: one for one in plan["items"] if one["collection"] == "r.doc"}


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    write_company(tmp_path / "home", MAP, "r", ROWS)
    return Company(Terminal(tmp_path / "home"))


def verdicts(docs: dict[int, dict]) -> dict[int, str]:
    return {number: one["verdict"] for number, one in sorted(docs.items())}


@pytest.mark.parametrize(
    ("until", "settings", "document", "last", "free"),
    [
        ("{period: P3Y, from: issued_on}", "", 1, "2027-02-28", "2027-03-01"),
        ("{period: P1M, from: issued_on}", "", 2, "2024-02-29", "2024-03-01"),
        (
            "{period: P1Y, from: issued_on, start: next_fiscal_year}",
            'fiscal_year_start = "04-01"',
            3,
            "2024-03-31",
            "2024-04-01",
        ),
        (
            "{period: P1Y, from: issued_on, start: next_fiscal_year}",
            'fiscal_year_start = "04-01"',
            4,
            "2025-03-31",
            "2025-04-01",
        ),
        ("{period: P30Y, from: issued_on, start: next_fiscal_year}", "", 1, "2054-12-31", "2055-01-01"),
        ("{period: P1Y, from: issued_at}", "", 1, "2025-06-01", "2025-06-02"),
        ("{period: P1Y, from: issued_at}", "", 2, "2025-05-31", "2025-06-01"),
        ("{period: P1Y, from: issued_at}", 'timezone = "America/New_York"', 1, "2025-05-31", "2025-06-01"),
    ],
)
def test_a_row_is_kept_through_its_last_day_and_free_on_the_next(
    company: Company, until: str, settings: str, document: int, last: str, free: str
) -> None:
    kept = company.docs(rule(f"until: {until}"), on=last, settings=settings)[document]
    assert (kept["verdict"], kept["holds"][0]["until"]) == ("restrict", last)
    assert company.docs(rule(f"until: {until}"), on=free, settings=settings)[document]["verdict"] == "erase"


def test_a_missing_fact_is_for_a_person_and_never_a_yes_or_no(company: Company) -> None:
    docs = company.docs(rule("when: {field: status, ne: closed}", EVENT))
    assert verdicts(docs) == {1: "restrict", 2: "erase", 3: "manual", 4: "restrict", 5: "restrict"}
    assert "status" in docs[3]["why"]
    assert company.docs(rule("until: {period: P3Y, from: issued_on}"))[5]["verdict"] == "manual"


def test_a_close_before_the_opening_is_for_a_person(company: Company) -> None:
    docs = company.docs(rule("when: {field: closed_at, is: null}", EVENT))
    assert verdicts(docs)[4] == "manual" and "opened_at" in docs[4]["why"]


def test_every_rule_is_listed_and_what_any_of_them_needs_stays_readable(company: Company) -> None:
    docs = company.docs(
        rule("until: {period: P3Y, from: issued_on}", "needs: [id, issued_on]", key="three"),
        rule("until: {period: P5Y, from: issued_on}", "needs: [id, status]", key="five"),
        rule("until: {period: P50Y, from: issued_on}", key="policy", authority="company_policy"),
        rule(OPEN, EVENT, "needs: [id]", key="event", authority="contract"),
    )
    assert [one["rule"] for one in docs[1]["holds"]] == ["event", "five", "three"]
    assert [one["until"] for one in docs[2]["holds"]] == ["2029-01-31", "2027-01-31"]
    assert set(docs[1]["fields"]) == {"issued_at", "opened_at", "closed_at", "secret"}


def test_company_policy_alone_never_holds(company: Company) -> None:
    policy = rule("until: {period: P50Y, from: issued_on}", authority="company_policy")
    assert set(verdicts(company.docs(policy)).values()) == {"erase"}


def test_flags_and_effective_days_decide_whether_a_rule_is_applied(company: Company) -> None:
    held = rule(OPEN, EVENT)
    assert company.docs(held, head="flags: [platform]\n")[1]["verdict"] == "erase"
    assert company.docs(held, head="flags: [platform]\n", settings='flags = ["platform"]')[1]["verdict"] == "restrict"
    later = rule(OPEN, EVENT, "effective: {from: 2026-06-01}")
    assert company.docs(later, on="2026-05-31")[1]["verdict"] == "erase"
    assert company.docs(later, on="2026-06-01")[1]["verdict"] == "restrict"


def test_a_row_is_held_by_what_exists_elsewhere(company: Company) -> None:
    there = "{exists: {collection: r.child, on: {doc_id: id}, when: {field: kind, eq: x}}}"
    assert [key for key, said in verdicts(company.docs(rule(f"when: {there}", EVENT))).items() if said != "erase"] == [
        2
    ]
    lacking = rule("when: {not: {exists: {collection: r.child, on: {doc_id: id}}}}", EVENT)
    assert verdicts(company.docs(lacking)) == {1: "restrict", 2: "erase", 3: "erase", 4: "restrict", 5: "restrict"}


def test_the_treatment_says_who_acts_next(company: Company) -> None:
    docs = company.docs(
        rule(OPEN, EVENT, key="ask", treatment="ask"),
        rule("when: {field: status, eq: closed}", EVENT, key="person", treatment="manual"),
    )
    assert (docs[1]["verdict"], docs[1]["action"]) == ("ask", "wait")
    assert (docs[2]["verdict"], docs[2]["action"]) == ("manual", "decide")


def test_the_same_plan_has_the_same_digest_and_another_day_another(company: Company) -> None:
    def digest(on: str) -> str:
        return company.terminal.json("plan", "--identity", "email=a@x.com", "--on", on)["digest"]

    company.docs(rule("until: {period: P3Y, from: issued_on}"))
    assert digest("2026-01-01") == digest("2026-01-01")
    assert digest("2026-01-01") != digest("2027-06-01")


def test_a_plan_says_what_the_contract_says(company: Company) -> None:
    company.docs(rule(OPEN, EVENT))
    plan = company.terminal.json("plan", "--identity", "email=a@x.com")
    assert {"digest", "items", "totals", "problems"} <= plan.keys()
    for item in plan["items"]:
        assert {"collection", "key", "ownership", "verdict", "action", "fields", "holds"} <= item.keys()
        assert item["ownership"] in ("own", "shared", "third_party")
        for hold in item["holds"]:
            assert {"rule", "authority", "until", "event", "reason"} <= hold.keys()
