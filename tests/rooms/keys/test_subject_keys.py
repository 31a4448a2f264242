"""A key for each data subject, kept outside the database that holds what it seals."""

import shutil
import uuid
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from privacy_center.config import KeySettings, Settings
from privacy_center.keys import subjects
from privacy_center.keys.keyring import Keyring, Unreadable
from privacy_center.keys.store import SUBJECTS_FILE
from privacy_center.keys.subjects import Destroyed
from privacy_center.terminal.key_store import CLOSED, NOT_SWEPT, check_store
from tests.servers import free_port

LI, WANG = uuid.uuid4(), uuid.uuid4()
AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def keyring(request, tmp_path):
    store = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = Keyring.create(tmp_path / "keys", KeySettings(store=store))
    yield made
    made.close()


def again(keyring: Keyring) -> Keyring:
    """The same keys in another process."""
    return Keyring.open(keyring.folder, keyring.settings)


def test_what_is_sealed_for_a_person_names_their_key_and_opens_in_every_process(keyring):
    sealed = keyring.seal(b"kept", "a.b", LI)
    assert sealed[0] == 2
    assert sealed[1:17] == keyring.seal(b"other", "a.b", LI)[1:17] != keyring.seal(b"kept", "a.b", WANG)[1:17]
    assert again(keyring).open_sealed(sealed, "a.b") == b"kept"
    with pytest.raises(Unreadable):
        keyring.open_sealed(sealed, "a.c")


@pytest.mark.parametrize("position", [0, 5, 20, -1])
def test_a_changed_byte_of_what_a_person_owns_is_noticed(keyring, position):
    sealed = bytearray(keyring.seal(b"13800138000", "a.b", LI))
    sealed[position] ^= 1
    with pytest.raises(Unreadable):
        keyring.open_sealed(bytes(sealed), "a.b")


def test_two_processes_that_meet_a_person_at_once_agree_on_one_key(keyring):
    other = again(keyring)
    first, second = keyring.seal(b"1", "a.b", LI), other.seal(b"2", "a.b", LI)
    assert first[1:17] == second[1:17]
    assert other.open_sealed(first, "a.b") == b"1"


def test_destroying_a_key_ends_everything_of_one_person_and_nothing_of_another(keyring):
    mine, theirs = keyring.seal(b"li", "a.b", LI), keyring.seal(b"wang", "a.b", WANG)
    assert keyring.subjects.destroy(LI, AT)
    assert not keyring.subjects.destroy(LI, AT)
    for process in (keyring, again(keyring)):
        with pytest.raises(Destroyed):
            process.open_sealed(mine, "a.b")
        assert process.open_sealed(theirs, "a.b") == b"wang"
    assert not keyring.subjects.has_key(LI)
    later = keyring.seal(b"again", "a.b", LI)
    assert later[1:17] != mine[1:17]


def test_another_process_forgets_a_destroyed_key_within_a_minute(keyring, monkeypatch):
    sealed = keyring.seal(b"li", "a.b", LI)
    other = again(keyring)
    assert other.open_sealed(sealed, "a.b") == b"li"
    keyring.subjects.destroy(LI, AT)
    monkeypatch.setattr(subjects, "SECONDS", -1.0)
    with pytest.raises(Destroyed):
        other.open_sealed(sealed, "a.b")


def test_no_file_of_the_key_store_holds_a_destroyed_key(tmp_path):
    keyring = Keyring.create(tmp_path / "keys")
    for _ in range(50):
        keyring.seal(b"x", "a.b", uuid.uuid4())
    keyring.seal(b"li", "a.b", LI)
    wrapped = keyring.store.by_owner(LI).wrapped
    lies_in = lambda: [path.name for path in keyring.folder.iterdir() if wrapped in path.read_bytes()]  # noqa: E731
    assert lies_in()
    keyring.subjects.destroy(LI, AT)
    assert lies_in() == []
    assert oct((keyring.folder / SUBJECTS_FILE).stat().st_mode & 0o777) == "0o600"


def test_no_dead_row_of_a_postgresql_key_store_holds_a_destroyed_key(tmp_path, postgres_url):
    keyring = Keyring.create(tmp_path / "keys", KeySettings(store=postgres_url))
    for owner in (uuid.uuid4(), LI, uuid.uuid4()):
        keyring.seal(b"x", "a.b", owner)
    wrapped = keyring.store.by_owner(LI).wrapped
    assert wrapped in heap_of(postgres_url)
    keyring.subjects.destroy(LI, AT)
    assert wrapped not in heap_of(postgres_url)
    keyring.close()


def test_a_role_that_may_not_vacuum_is_told_and_destroys_all_the_same(tmp_path, postgres_url, caplog):
    Keyring.create(tmp_path / "first", KeySettings(store=postgres_url)).seal(b"x", "a.b", WANG)
    with sa.create_engine(postgres_url).begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE keeper_{LI.hex} LOGIN")
        connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE ON subject_key TO keeper_{LI.hex}")
    url = sa.make_url(postgres_url).set(username=f"keeper_{LI.hex}").render_as_string(hide_password=False)
    keyring = Keyring.create(tmp_path / "keys", KeySettings(store=url))
    sealed = keyring.seal(b"li", "a.b", LI)
    assert keyring.subjects.destroy(LI, AT)
    with pytest.raises(Destroyed):
        again(keyring).open_sealed(sealed, "a.b")
    assert not keyring.store.sweep()
    assert "the key store keeps rows of destroyed keys" in caplog.text
    settings = Settings(home=tmp_path, keys=KeySettings(store=url))
    assert [(one.level, one.words) for one in check_store(settings)] == [("warning", NOT_SWEPT)]
    keyring.close()
    with sa.create_engine(postgres_url).begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY keeper_{LI.hex}")
        connection.exec_driver_sql(f"DROP ROLE keeper_{LI.hex}")


def test_a_key_store_that_does_not_answer_is_an_error_of_the_check(tmp_path):
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/keys"
    settings = Settings(home=tmp_path, keys=KeySettings(store=url))
    assert [(one.level, one.words) for one in check_store(settings)] == [("error", CLOSED)]


def heap_of(url: str) -> bytes:
    """Every page of the table as the server holds it, dead rows among them (the role of the tests is superuser)."""
    with sa.create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        return connection.exec_driver_sql(
            "SELECT pg_read_binary_file(pg_relation_filepath('subject_key'))"
        ).scalar_one()


def test_a_copy_of_the_key_files_without_the_key_store_opens_nothing_of_anybody(tmp_path):
    keyring = Keyring.create(tmp_path / "keys")
    sealed = keyring.seal(b"li", "a.b", LI)
    shutil.copytree(keyring.folder, tmp_path / "copy", ignore=shutil.ignore_patterns(f"{SUBJECTS_FILE}*"))
    with pytest.raises(Unreadable):
        Keyring.open(tmp_path / "copy").open_sealed(sealed, "a.b")


def test_few_keys_are_remembered_and_all_still_open(tmp_path, monkeypatch):
    monkeypatch.setattr(subjects, "REMEMBERED", 3)
    keyring = Keyring.create(tmp_path / "keys")
    people = [uuid.uuid4() for _ in range(8)]
    sealed = [keyring.seal(person.bytes, "a.b", person) for person in people]
    assert [keyring.open_sealed(one, "a.b") for one in sealed] == [person.bytes for person in people]
