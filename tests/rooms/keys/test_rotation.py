"""A new master key while other processes write, and a new key-encryption key."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from privacy_center.center import Center
from privacy_center.keys import rotation
from privacy_center.keys.columns import sealed_columns
from privacy_center.keys.opening import open_everything
from privacy_center.keys.rotation import is_unfinished, old_key_files, rotate
from privacy_center.terminal.own_tables import every_table
from tests import corner
from tests.journeys.terminal import Terminal

LI = {"email": ["li@example.com"]}


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request, tmp_path):
    own = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = corner.open_corner(tmp_path / "home", own_url=own)
    yield opened
    opened.center.close()


@contextmanager
def writing(home: Path, tmp_path: Path):
    """Another process that writes all the while."""
    stop, started = tmp_path / "stop", tmp_path / "started"
    with subprocess.Popen([sys.executable, "-m", "tests.rooms.keys.writer", home, stop, started]) as process:
        try:
            while not started.exists():
                assert process.poll() is None
            yield
            assert process.poll() is None
        finally:
            stop.touch()
            assert process.wait(30) == 0


def states(center: Center) -> tuple[int, int, int]:
    """Values that open, that do not, and that an older key sealed."""
    with center.database.reading() as session:
        found = list(open_everything(session, center.keyring, sealed_columns(every_table())))
    return tuple(sum(getattr(one, name) for one in found) for name in ("opened", "closed", "stale"))


def test_a_rotation_beside_a_process_that_writes_leaves_nothing_under_the_old_key(shop, tmp_path):
    corner.sign_and_run(shop, LI)
    terminal = Terminal(shop.home)
    index = shop.center.keyring.blind_index("li@example.com", "identity.email")
    with writing(shop.home, tmp_path):
        done = terminal.json("keys", "rotate")
    assert done["key"] == 2 and done["values"] and done["subject_keys"] and done["old_files"] == ["seal-1.key"]
    (shop.home / "keys" / "seal-1.key").unlink()
    center = Center.open(shop.home)
    opened, closed, stale = states(center)
    assert opened and (closed, stale) == (0, 0)
    assert center.keyring.blind_index("li@example.com", "identity.email") == index
    assert terminal("keys", "check") == 0, terminal.out
    assert terminal("audit", "verify") == 0


def test_a_rotation_that_was_killed_goes_on_and_makes_no_third_key(shop, monkeypatch):
    corner.sign_and_run(shop, LI)
    center, columns = shop.center, sealed_columns(every_table())
    monkeypatch.setattr(rotation, "_seal_row", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    monkeypatch.setattr(rotation, "SETTLES", 0)
    from privacy_center import clock
    from privacy_center.outbox.models import MessageKind
    from privacy_center.outbox.queue import put_message

    with center.database.transaction() as session:
        put_message(
            session, kind=MessageKind.EMAIL, address="a@example.com", template="notice", dedupe_key="k", language="en",
            context={"reference": "—", "site": "x"}, at=clock.now(),
        )  # fmt: skip
    with pytest.raises(KeyboardInterrupt):
        rotate(center.database, center.keyring, columns, 0)
    monkeypatch.undo()
    assert is_unfinished(center.database, center.keyring, columns)
    done = rotate(center.database, center.keyring, columns, 0)
    assert (done.key, done.resumed) == (2, True) and done.values
    assert not is_unfinished(center.database, center.keyring, columns)
    assert old_key_files(center.keyring) == ["seal-1.key"]
    assert rotate(center.database, center.keyring, columns, 0).key == 3


def test_a_new_kek_wraps_every_key_file_and_the_old_one_opens_none(shop, tmp_path):
    corner.sign_and_run(shop, LI)
    folder = shop.home / "keys"
    before = {path.name: path.read_text() for path in folder.glob("*.key")}
    assert Terminal(shop.home).json("keys", "rotate", "--kek")["files"] == 3
    after = {path.name: path.read_text() for path in folder.glob("*.key")}
    assert before.keys() == after.keys() and not set(before.values()) & set(after.values())
    assert len(after["kek.key"].split()) == 1
    assert Terminal(shop.home)("keys", "check") == 0
    (folder / "kek.key").write_text(before["kek.key"])
    assert Terminal(shop.home)("keys", "check") == 1


def test_a_kek_rotation_that_was_killed_halfway_lost_nothing(shop, monkeypatch):
    from privacy_center.keys import files, rewrap

    folder, written = shop.home / "keys", []
    real = files.write_private_text

    def killed_at_the_second(path, text, **more):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(path)
        real(path, text, **more)

    monkeypatch.setattr(files, "write_private_text", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        rewrap.rotate_kek(folder, shop.center.settings.keys.kek)
    monkeypatch.undo()
    assert Terminal(shop.home)("keys", "check") == 0
    assert Terminal(shop.home).json("keys", "rotate", "--kek")["files"] == 3
    assert len((folder / "kek.key").read_text().split()) == 1
