"""Kept connections are asked after they lay idle, and only then."""

from collections.abc import Callable

import psycopg
import pymysql
import pytest
import sqlalchemy as sa

from privacy_center import idle
from privacy_center.db import open_engine
from privacy_center.sources.config import SourceConfig
from privacy_center.sources.dialects import open_source_engine


def open_company(url: str) -> sa.Engine:
    return open_source_engine(SourceConfig(url, None, "write"), 30)


@pytest.mark.parametrize("opened", [open_engine, open_company])
def test_a_connection_cut_off_while_it_lay_idle_is_replaced(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, opened: Callable[[str], sa.Engine]
) -> None:
    monkeypatch.setattr(idle, "IDLE_SECONDS", 0.0)
    engine = opened(postgres_url)
    with engine.connect() as connection:
        first = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT pg_backend_pid()")) != first
    engine.dispose()


def test_a_connection_of_mariadb_cut_off_while_it_lay_idle_is_replaced(
    mariadb_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "IDLE_SECONDS", 0.0)
    engine, url = open_company(mariadb_url), sa.make_url(mariadb_url)
    with engine.connect() as connection:
        first = connection.scalar(sa.text("SELECT connection_id()"))
    place = url.translate_connect_args(username="user", password="passwd")
    with pymysql.connect(**place) as other, other.cursor() as cursor:
        cursor.execute(f"KILL {first}")
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT connection_id()")) != first
    engine.dispose()


@pytest.mark.parametrize("opened", [open_engine, open_company])
def test_a_connection_used_a_moment_ago_is_not_asked(postgres_url: str, opened: Callable[[str], sa.Engine]) -> None:
    engine = opened(postgres_url)
    with engine.connect() as connection:
        pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    again = engine.raw_connection()
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as other:
        last = other.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone()
    assert last == ("ROLLBACK",)
    again.close()
    engine.dispose()
