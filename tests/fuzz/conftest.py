"""One sample company for all of the fuzzing; what the tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.visitors import House, open_house
from tests.web.staff_fixtures import company_home  # noqa: F401
from tests.web.staff_room import copy_home


@pytest.fixture(scope="module")
def house(company_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:  # noqa: F811
    with open_house(copy_home(company_home, tmp_path_factory.mktemp("fuzzed"))) as opened:
        yield opened
