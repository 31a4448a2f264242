"""The privacy center's own database for the tests of the rooms: migrated as in real life, with a keyring."""

from datetime import UTC, datetime

import pytest

from privacy_center.db import Database
from privacy_center.db_upgrade import upgrade_database
from privacy_center.keys.keyring import Keyring
from tests.own_tables import copy_own_tables


@pytest.fixture
def at():
    return datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def keyring(tmp_path_factory):
    return Keyring.create(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def own(tmp_path, keyring):
    """Our own database on SQLite, every revision run."""
    copy_own_tables(tmp_path / "own.db")
    database = Database(f"sqlite:///{tmp_path / 'own.db'}", keyring=keyring)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, tmp_path, keyring):
    """Our own database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        copy_own_tables(tmp_path / "own.db")
        database = Database(f"sqlite:///{tmp_path / 'own.db'}", keyring=keyring)
    else:
        database = Database(request.getfixturevalue("postgres_url"), keyring=keyring)
        upgrade_database(database)
    yield database
    database.close()
