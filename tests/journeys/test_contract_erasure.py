"""Whole deletions in small strange companies, from the terminal: what stands in the databases afterwards."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal, run_in, write_company

Company = Callable[..., Terminal]
WRITTEN = """
dataset:
- fides_key: log
  collections:
  - name: person
    fields:
    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - name: visit
    fields:
    - name: person_id
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: log, field: person.id, direction: from}]}
    - {name: page, data_categories: [user.behavior]}
"""
HELD = """
pack: p
version: "1"
jurisdiction: CN
status: needs_counsel_review
rules:
- key: kept
  title: {zh-CN: 规则, en: Kept}
  authority: law
  citation: {law: L, article: "1", checked: true}
  covers: {collection: log.visit}
  when: {field: page, eq: held}
  until: {event: done}
  treatment: restrict
  customer: {zh-CN: 中文。, en: English.}
"""


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def write(data_map: str, dataset: str, *statements: str, url: str = "", more: str = "") -> Terminal:
        home = tmp_path / "home"
        write_company(home, data_map, dataset, statements, url, more)
        return Terminal(home)

    return write


def delete(terminal: Terminal, identity: str = "email=a@x.com") -> dict:
    """Submit, approve by two people and carry out one deletion; what `request execute` says of it."""
    asked = ("request", "submit", "--kind", "deletion", "--identity", identity, "--verified-by", "card", "--by", "A1")
    reference = terminal.json(*asked)["reference"]
    approve(terminal, reference)
    return terminal.json("request", "execute", reference)


def approve(terminal: Terminal, reference: str) -> None:
    """Everything that a company knows of a person goes by the decision of two people."""
    assert terminal("request", "decide", reference, "approve", "--by", "R1") == 0, terminal.err
    assert terminal("request", "decide", reference, "confirm", "--by", "R2") == 0, terminal.err


def test_rows_without_a_key_are_found_by_days_and_times_however_they_are_written(company: Company) -> None:
    terminal = company(
        WRITTEN,
        "log",
        "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT)",
        "CREATE TABLE visit (person_id INTEGER, page TEXT, at DATETIME, day DATE, hour TIME)",
        "INSERT INTO person VALUES (1, 'a@x.com'), (2, 'b@x.com')",
        "INSERT INTO visit VALUES (1, 'a', '2020-01-01', '2020/01/01', '10:00'), (1, 'b', '2020-01-01 10:00:00', NULL, ''),"
        " (1, NULL, '2020-01-01T10:00:00Z', '2020-01-01', '10:00:00.5'), (2, 'c', '2020-01-01', NULL, NULL)",
    )
    done = delete(terminal)
    assert done["state"] == "completed"
    assert done["runs"][0]["steps"][0]["result"]["log.visit"]["erased"] == 3
    assert run_in(f"sqlite:///{terminal.home / 'company.db'}", "SELECT page FROM visit") == [("c",)]


def test_a_view_in_the_map_is_a_problem_of_the_plan_and_no_crash(company: Company) -> None:
    view = WRITTEN.replace("name: visit", "name: visits_of")
    terminal = company(
        view,
        "log",
        "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT)",
        "CREATE TABLE visit (person_id INTEGER, page TEXT)",
        "CREATE VIEW visits_of AS SELECT person_id, page FROM visit",
        "INSERT INTO person VALUES (1, 'a@x.com')",
        "INSERT INTO visit VALUES (1, 'a')",
    )
    plan = terminal.json("plan", "--identity", "email=a@x.com")
    assert [one["collection"] for one in plan["problems"] if one["blocking"]] == ["log.visits_of"]


def test_a_row_that_becomes_held_after_the_decision_is_left_and_goes_when_told_of_the_event(company: Company) -> None:
    terminal = company(
        WRITTEN.replace("- name: person_id", "- {name: id, fides_meta: {primary_key: true}}\n    - name: person_id"),
        "log",
        "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT)",
        "CREATE TABLE visit (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person (id), page TEXT)",
        "INSERT INTO person VALUES (1, 'A@x.com')",
        "INSERT INTO visit VALUES (1, 1, 'a'), (2, 1, 'b')",
    )
    url = f"sqlite:///{terminal.home / 'company.db'}"
    (terminal.home / "policy" / "p.yml").write_text(HELD)
    asked = ("--identity", "email=a@X.com", "--verified-by", "card", "--by", "A1")
    reference = terminal.json("request", "submit", "--kind", "deletion", *asked)["reference"]
    approve(terminal, reference)
    run_in(url, "UPDATE visit SET page = 'held' WHERE id = 1")
    done = terminal.json("request", "execute", reference)
    assert done["state"] == "completed_with_holds"
    assert run_in(url, "SELECT * FROM visit") == [(1, 1, "held")]
    terminal.json("request", "execute", reference)
    assert run_in(url, "SELECT * FROM visit") == [(1, 1, "held")]
    run_in(url, "UPDATE visit SET page = 'done' WHERE id = 1")
    assert terminal.json("sweep", "--collection", "log.visit")["requests"] == [reference]
    assert run_in(url, "SELECT * FROM visit") == []
    assert terminal.json("request", "show", reference)["state"] == "completed"


def test_rows_that_refer_and_cannot_be_read_stand_in_the_way_of_the_plan(company: Company, postgres_url: str) -> None:
    role = f"reader_{secrets.token_hex(4)}"
    run_in(
        postgres_url,
        "CREATE SCHEMA crm",
        "CREATE TABLE crm.person (id INT PRIMARY KEY, email TEXT)",
        "CREATE TABLE crm.visit (person_id INT REFERENCES crm.person, page TEXT)",
        "CREATE TABLE crm.audit (person_id INT NOT NULL REFERENCES crm.person)",
        "INSERT INTO crm.person VALUES (1, 'a@x.com')",
        f"CREATE ROLE {role} LOGIN",
        f"GRANT USAGE ON SCHEMA crm TO {role}",
        f"GRANT SELECT, DELETE, UPDATE ON crm.person, crm.visit TO {role}",
    )
    url = postgres_url.replace("postgres@", f"{role}@")
    plan = company(WRITTEN, "log", url=url, more=", schema: crm").json("plan", "--identity", "email=a@x.com")
    said = [one["words"] for one in plan["problems"] if one["blocking"]]
    assert any("audit" in one and "privilege" in one for one in said)


def test_an_account_that_may_only_read_cannot_be_asked_to_erase(company: Company, postgres_url: str) -> None:
    run_in(
        postgres_url,
        "CREATE TABLE person (id INT PRIMARY KEY, email TEXT)",
        "CREATE TABLE visit (person_id INT, page TEXT)",
        "INSERT INTO person VALUES (1, 'a@x.com')",
    )
    plan = company(WRITTEN, "log", url=postgres_url, more=", access: read").json("plan", "--identity", "email=a@x.com")
    assert ["access: read" in one["words"] for one in plan["problems"]] == [True]
