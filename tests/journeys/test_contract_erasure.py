"""Whole deletions in small strange companies, from the terminal: what stands in the databases afterwards."""

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


@pytest.fixture
def company(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def write(data_map: str, dataset: str, *statements: str, url: str = "", more: str = "") -> Terminal:
        home = tmp_path / "home"
        write_company(home, data_map, dataset, statements, url, more)
        return Terminal(home, capsys)

    return write


def delete(terminal: Terminal, identity: str = "email=a@x.com") -> dict:
    """Submit, approve and carry out one deletion; what `request execute` says of it."""
    asked = ("request", "submit", "--kind", "deletion", "--identity", identity, "--verified-by", "card", "--by", "A1")
    reference = terminal.json(*asked)["reference"]
    assert terminal("request", "decide", reference, "approve", "--by", "R1") == 0, terminal.err
    return terminal.json("request", "execute", reference)


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
