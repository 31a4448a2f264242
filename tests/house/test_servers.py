"""The test servers are real, and no test sees what another left."""

import smtplib
from collections.abc import Callable
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from tests.servers import Mailbox


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.parametrize("kind", ["postgres_url", "mariadb_url"])
def test_each_test_gets_a_database_in_which_nothing_is(kind: str, turn: str, request: pytest.FixtureRequest) -> None:
    engine = sa.create_engine(request.getfixturevalue(kind))
    assert sa.inspect(engine).get_table_names() == []
    with engine.connect() as connection:  # left open on purpose: dropping the database gets over it
        connection.exec_driver_sql("CREATE TABLE left_over (name VARCHAR(20))")
        connection.exec_driver_sql("INSERT INTO left_over VALUES ('张三')")
        assert connection.exec_driver_sql("SELECT name FROM left_over").scalar() == "张三"
        connection.detach()


def test_one_test_can_have_several_databases(new_postgres: Callable[[], str]) -> None:
    assert new_postgres() != new_postgres()


def test_mariadb_checks_rights(mariadb_url: str) -> None:
    engine = sa.create_engine(mariadb_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'r'")
        connection.exec_driver_sql(f"GRANT SELECT ON {engine.url.database}.* TO reader@'127.0.0.1'")
    reader = sa.create_engine(engine.url.set(username="reader", password="r"))
    with reader.connect() as connection, pytest.raises(sa.exc.OperationalError, match="denied"):
        connection.exec_driver_sql("CREATE TABLE t (a INT)")
    engine.dispose()
    reader.dispose()


def test_the_mail_server_keeps_what_it_receives(smtp_server: Mailbox) -> None:
    message = EmailMessage()
    message["Subject"], message["To"], message["From"] = "您的请求", "a@example.com", "b@example.com"
    message.set_content("已收到")
    with smtplib.SMTP(smtp_server.host, smtp_server.port) as client:
        client.send_message(message)
    assert smtp_server.messages[0]["Subject"] == "您的请求"
    assert smtp_server.messages[0].get_content().strip() == "已收到"
