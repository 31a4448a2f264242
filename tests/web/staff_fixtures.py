"""Fixtures for tests of the staff pages; import what a test module needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.staff_room import AUDITOR, StaffRoom, copy_home, open_room, prepare_home


@pytest.fixture(scope="session")
def company_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_home(tmp_path_factory.mktemp("company"))


@pytest.fixture
def room(company_home: Path, tmp_path: Path) -> Iterator[StaffRoom]:
    """The sample company with nothing asked yet, and an auditor beside the demo's staff."""
    from privacy_center.people.staff.models import Role

    with open_room(copy_home(company_home, tmp_path)) as opened:
        opened.hire(AUDITOR, Role.AUDITOR)
        yield opened
