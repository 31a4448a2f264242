"""Real servers for every test that asks: started on first use, one empty database for each test."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from privacy_center.people.hashing import HASHER
from tests import servers
from tests.once import CompiledOnce

gc.set_threshold(100_000, 50, 50)
"""Compiling statements and templates makes many small objects; looked through as seldom, tests need an eighth less work."""
Flask.jinja_options = {"bytecode_cache": CompiledOnce()}
REAL_HASHING = HASHER._parameters
HASHER._parameters = replace(REAL_HASHING, time_cost=1, memory_cost=64, parallelism=1)
"""Tests make hundreds of passwords: each quickly. What the product uses is looked at in `tests/rooms/people/test_staff.py`."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[str]:
    with servers.mariadb() as server:
        yield server


@pytest.fixture
def new_postgres(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Each call makes one more empty PostgreSQL database and gives its URL."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(servers.fresh_database(postgres_server))


@pytest.fixture
def new_mariadb(mariadb_server: str) -> Iterator[Callable[[], str]]:
    """Each call makes one more empty MariaDB database and gives its URL."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(servers.fresh_database(mariadb_server))


@pytest.fixture
def postgres_url(new_postgres: Callable[[], str]) -> str:
    """An empty PostgreSQL database of this test's own."""
    return new_postgres()


@pytest.fixture
def mariadb_url(new_mariadb: Callable[[], str]) -> str:
    """An empty MariaDB database of this test's own."""
    return new_mariadb()


@pytest.fixture
def smtp_server() -> Iterator[servers.Mailbox]:
    """An SMTP server: `.host`, `.port`, and `.messages` in the order in which they came."""
    with servers.smtp() as box:
        yield box


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, quiet: it calls nobody."""
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--no-sandbox", "--disable-component-update", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": servers.chromium(), "args": quiet}


MARKS = {"postgres_server": "postgres", "mariadb_server": "mariadb", "page": "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m "not mariadb"` and the like follow from what a test asks for."""
    for item in items:
        for fixture in MARKS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKS[fixture])
