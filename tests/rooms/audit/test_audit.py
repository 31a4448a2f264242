import threading
import uuid

import pytest
import sqlalchemy as sa

from privacy_center.audit.append import Actor, record
from privacy_center.audit.models import AuditEntry
from privacy_center.audit.queries import entries_about, entries_of_request, newest_entries
from privacy_center.audit.verify import Head, chain_head, verify_chain

CLERK = Actor("staff", "S-0007", "reviewer")


def write(database, at, times=1, **more):
    with database.transaction() as session:
        return [record(session, actor=CLERK, act="request.view", at=at, **more) for _ in range(times)]


def verify(database, known=None):
    with database.reading() as session:
        return verify_chain(session, known)


def tamper(database, *statements):
    """As somebody would who owns the database: the triggers taken away first."""
    with database.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        else:
            for what in ("update", "delete", "replace"):
                session.execute(sa.text(f"DROP TRIGGER audit_entry_no_{what}"))
        for statement in statements:
            session.execute(sa.text(statement))


def test_entries_form_a_chain_that_holds(either, at):
    person = uuid.uuid4()
    write(either, at, 3, subject=person, request="PC-1", details={"count": 2, "category": "user.contact"})
    found = verify(either)
    assert (found.ok, found.entries, found.head.seq) == (True, 3, 3)
    with either.reading() as session:
        assert [entry.seq for entry in entries_about(session, person)] == [3, 2, 1]
        assert [entry.seq for entry in entries_about(session, person, before=3, limit=1)] == [2]
        assert len(entries_of_request(session, "PC-1")) == 3
        assert newest_entries(session, limit=1)[0].details == '{"category":"user.contact","count":2}'


def test_an_empty_trail_holds(own):
    found = verify(own)
    assert (found.ok, found.entries, found.head) == (True, 0, None)
    with own.reading() as session:
        assert chain_head(session) is None


def test_an_entry_is_gone_when_the_act_is_rolled_back(either, at):
    with pytest.raises(RuntimeError), either.transaction() as session:
        record(session, actor=CLERK, act="request.view", at=at)
        raise RuntimeError
    write(either, at)
    assert verify(either).entries == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET act = 'other'", "DELETE FROM audit_entry", "DELETE FROM audit_entry WHERE 1 = 0"],
)
def test_the_database_refuses_to_change_or_remove_an_entry(either, at, statement):
    write(either, at, 2)
    if "1 = 0" in statement and either.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has row triggers only: a statement that touches no row is no change")
    with pytest.raises(sa.exc.DBAPIError, match="never changed or removed"), either.transaction() as session:
        session.execute(sa.text(statement))
    assert verify(either).entries == 2


def test_postgresql_refuses_to_empty_the_trail(own_postgres, at):
    database = own_postgres
    write(database, at)
    with pytest.raises(sa.exc.DBAPIError, match="never changed or removed"), database.transaction() as session:
        session.execute(sa.text("TRUNCATE audit_entry"))
    database.close()


def test_sqlite_refuses_to_replace_an_entry(own, at):
    write(own, at)
    with pytest.raises(sa.exc.DBAPIError, match="never changed or removed"), own.transaction() as session:
        session.execute(sa.text("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry"))


def test_verification_names_the_entry_whose_content_was_changed(either, at):
    write(either, at, 5)
    tamper(either, "UPDATE audit_entry SET actor_id = 'S-0008' WHERE seq = 3")
    found = verify(either)
    assert (found.ok, found.first_broken.seq, found.entries) == (False, 3, 2)
    assert "changed after writing" in found.first_broken.words.en


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'2020-01-01 00:00:00+00:00'"),
        ("act", "'x'"),
        ("details", "'{}x'"),
        ("request_reference", "'PC-2'"),
        ("actor_role", "''"),
        ("actor_kind", "'system'"),
        ("subject_id", "NULL"),
        ("previous_hash", "hash"),
        ("content_sealed", "hash"),
        ("content_sealed", "NULL"),
    ],
)
def test_no_column_can_be_changed_unseen(either, at, column, value):
    write(either, at, 1, subject=uuid.uuid4(), content=b"sealed")
    tamper(either, f"UPDATE audit_entry SET {column} = {value}")
    assert not verify(either).ok


def test_verification_names_missing_entries(either, at):
    write(either, at, 5)
    tamper(either, "DELETE FROM audit_entry WHERE seq IN (2, 3)")
    found = verify(either)
    assert found.first_broken.seq == 4
    assert "Entries 2 to 3 are missing" in found.first_broken.words.en


def test_a_cut_end_and_a_rewritten_chain_are_seen_with_a_head_kept_elsewhere(either, at):
    write(either, at, 4)
    with either.reading() as session:
        kept = chain_head(session)
    write(either, at)
    assert verify(either, kept).ok
    tamper(either, "DELETE FROM audit_entry WHERE seq > 2")
    assert verify(either).ok
    cut = verify(either, kept)
    assert (cut.ok, cut.first_broken.seq) == (False, 3)
    write(either, at, 5, request="PC-OTHER")
    assert verify(either).ok
    assert "rewritten" in verify(either, kept).first_broken.words.en
    assert not verify(either, Head(99, b"")).ok


def test_many_writers_at_once_make_one_chain(either, at):
    def work():
        for _ in range(10):
            write(either, at)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found = verify(either)
    assert (found.ok, found.entries) == (True, 60)


def test_an_entry_costs_one_insert_and_one_select(own, at):
    said = []
    sa.event.listen(own.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    write(own, at)
    assert [text.split()[0] for text in said if not text.startswith("BEGIN")] == ["SELECT", "INSERT"]


def test_the_trail_is_read_in_batches(own, at, monkeypatch):
    monkeypatch.setattr("privacy_center.audit.verify.BATCH", 4)
    write(own, at, 10)
    assert verify(own).entries == 10
    with own.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 10
