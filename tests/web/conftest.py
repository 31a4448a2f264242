"""Fixtures of the tests of public and customer pages; those of staff pages stand in `staff_fixtures`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from privacy_center.center import Center
from privacy_center.web.app import build_app
from tests.web.attackers import Attack, open_attack
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_fixtures import company_home  # noqa: F401
from tests.web.staff_room import copy_home


@pytest.fixture
def counter(company_home: Path, tmp_path: Path) -> Iterator[CustomerRoom]:  # noqa: F811
    """The sample company with nothing asked yet."""
    center = Center.open(copy_home(company_home, tmp_path))
    center.settings.secure_cookies = False
    try:
        yield CustomerRoom(center, build_app(center))
    finally:
        center.close()


@pytest.fixture
def lin(counter: CustomerRoom) -> Browser:
    """The browser of a customer with an open after-sales case, signed in."""
    return counter.sign_in("open-case")


@pytest.fixture(scope="module")
def attack(company_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attack]:  # noqa: F811
    """The sample company with a request, for all attacks of a module."""
    with open_attack(copy_home(company_home, tmp_path_factory.mktemp("attacked"))) as opened:
        yield opened
