"""What the tests of execution share: companies that are closed when a test has ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms.execution.company import CUSTOMERS, Company, Open


@pytest.fixture
def open_company(tmp_path: Path) -> Iterator[Open]:
    """Each call makes a company of two customers and what the statements add; `mapped` and `rules` as in `Company`."""
    opened: list[Company] = []

    def make(url: str, statements: list[str], mapped: str = "", rules: str = "") -> Company:
        opened.append(Company(tmp_path / "home", url, CUSTOMERS + statements, mapped, rules))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
