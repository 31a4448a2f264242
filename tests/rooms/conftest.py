"""The privacy center's own database for the tests of the rooms: migrated as in real life, with a keyring."""

from datetime import UTC, datetime

import pytest

from privacy_center.db import Database
from privacy_center.db_upgrade import upgrade_database
from privacy_center.keys.keyring import Keyring
from tests import servers
from tests.own_tables import copy_own_tables


@pytest.fixture
def at():
    return datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def keyring(tmp_path_factory):
    return Keyring.create(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def own(tmp_path, keyring):
    """Our own database on SQLite, every revision run and nothing in it."""
    copy_own_tables(tmp_path / "own.db")
    database = Database(f"sqlite:///{tmp_path / 'own.db'}", keyring=keyring)
    yield database
    database.close()


@pytest.fixture(scope="session")
def own_on_postgres(postgres_server):
    """A PostgreSQL database with every table of ours and nothing in it, to make others like it."""
    with servers.fresh_database(postgres_server) as url:
        database = Database(url)
        upgrade_database(database)
        database.close()
        yield url


@pytest.fixture
def own_postgres(postgres_server, own_on_postgres, keyring):
    """Our own database on PostgreSQL."""
    with servers.fresh_database(postgres_server, like=own_on_postgres) as url:
        database = Database(url, keyring=keyring)
        yield database
        database.close()


@pytest.fixture(params=["own", "own_postgres"], ids=["sqlite", "postgresql"])
def either(request):
    """Our own database, once on SQLite and once on PostgreSQL."""
    return request.getfixturevalue(request.param)
