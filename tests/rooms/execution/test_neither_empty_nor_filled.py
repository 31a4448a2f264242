"""A day that is neither NULL nor a day, and blank text, are missing facts: the row waits for a person."""

from pathlib import Path

import pytest

from tests.rooms.execution.company import CUSTOMERS, LI, Company, belonging, held_while_open


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [
        ("mariadb", "DATETIME", "0000-00-00 00:00:00"),
        ("mariadb", "DATE NOT NULL", "0000-00-00"),
        ("mariadb", "VARCHAR(20)", ""),
        ("postgresql", "TEXT", " "),
        ("sqlite", "DATETIME", ""),
        ("sqlite", "DATE", "0"),
        ("sqlite", "TEXT", ""),
    ],
)
def test_a_case_whose_end_cannot_be_told_is_not_erased(request, tmp_path: Path, kind: str, column: str, value: str):
    urls = {"mariadb": "mariadb_url", "postgresql": "postgres_url"}
    url = request.getfixturevalue(urls[kind]) if kind in urls else f"sqlite:///{tmp_path / 'shop.db'}"
    company = Company(
        tmp_path / "home",
        url,
        [
            *(["SET sql_mode = ''"] if kind == "mariadb" else []),
            *CUSTOMERS,
            f"CREATE TABLE help (id INTEGER PRIMARY KEY, customer_id INTEGER, closed_at {column})",
            f"INSERT INTO help VALUES (1, 1, '{value}'), (2, 1, '2020-01-01')",
        ],
        belonging("help", "closed_at"),
        held_while_open("help"),
    )
    assert company.erase(LI) == "completed_with_holds"
    assert company.tell("SELECT id FROM help") == [(1,)]
    company.close()
