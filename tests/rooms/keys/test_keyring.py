import os

import pytest

from privacy_center.db import Database
from privacy_center.errors import Misconfigured
from privacy_center.keys.canonical import canonical
from privacy_center.keys.keyring import Keyring, Unreadable
from privacy_center.keys.sealing import open_json, open_text, seal_json, seal_text


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys"


def test_what_is_sealed_opens_again_and_never_looks_the_same_twice(folder):
    keyring = Keyring.create(folder)
    first, second = (keyring.seal("张三".encode(), "person.name") for _ in range(2))
    assert keyring.open_sealed(first, "person.name").decode() == "张三"
    assert first != second
    assert "张三".encode() not in first


def test_a_value_sealed_for_one_column_does_not_open_for_another(folder):
    keyring = Keyring.create(folder)
    with pytest.raises(Unreadable):
        keyring.open_sealed(keyring.seal(b"1", "person.name"), "person.note")


@pytest.mark.parametrize("position", [0, 3, 6, 20, -1])
def test_a_changed_byte_anywhere_is_noticed(folder, position):
    keyring = Keyring.create(folder)
    sealed = bytearray(keyring.seal(b"13800138000", "person.phone"))
    sealed[position] ^= 1
    with pytest.raises(Unreadable):
        keyring.open_sealed(bytes(sealed), "person.phone")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01\x00\x00\x00\x01", b"\x01\x00\x00\x00\x01" + bytes(12)])
def test_bytes_too_short_to_be_sealed_are_refused_in_words(folder, sealed):
    with pytest.raises(Unreadable):
        Keyring.create(folder).open_sealed(sealed, "a.b")


def test_after_rotation_the_new_key_seals_and_the_old_one_still_opens(folder):
    old = Keyring.create(folder)
    before = old.seal(b"kept", "a.b")
    new = Keyring.rotate(folder)
    assert new.open_sealed(before, "a.b") == b"kept"
    assert new.is_stale(before)
    assert not new.is_stale(new.seal(b"kept", "a.b"))
    assert old.open_sealed(new.seal(b"kept", "a.b"), "a.b") == b"kept"
    assert new.is_stale(before) and old.active == new.active == 2


def test_blind_indexes_survive_rotation_and_differ_by_context_and_installation(folder, tmp_path):
    keyring = Keyring.create(folder)
    index = keyring.blind_index("a@example.com", "email")
    assert Keyring.rotate(folder).blind_index("a@example.com", "email") == index
    assert len(index) == 32
    assert keyring.blind_index("a@example.com", "phone_number") != index
    assert Keyring.create(tmp_path / "other").blind_index("a@example.com", "email") != index
    assert keyring.keyed_hash("a@example.com", "email") != index.hex()


def test_a_signature_holds_for_exactly_these_bytes(folder):
    keyring = Keyring.create(folder)
    signature = keyring.sign(b"certificate")
    assert Keyring.open(folder).verify(b"certificate", signature)
    assert not keyring.verify(b"certificate!", signature)
    assert len(keyring.public_keys()[keyring.signing_key]) == 32


def test_key_files_are_for_their_owner_only(folder):
    Keyring.create(folder)
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"}
    os.chmod(folder / "seal-1.key", 0o644)
    with pytest.raises(Misconfigured, match="chmod 600"):
        Keyring.open(folder)


def test_keys_are_never_written_over(folder):
    Keyring.create(folder)
    with pytest.raises(Misconfigured, match="already holds keys"):
        Keyring.create(folder)


def test_a_missing_or_damaged_key_is_named(folder):
    with pytest.raises(Misconfigured, match="missing"):
        Keyring.open(folder)
    Keyring.create(folder)
    (folder / "seal-1.key").write_text("zz")
    with pytest.raises(Misconfigured, match=r"seal-1\.key is damaged"):
        Keyring.open(folder)


def test_canonical_json_is_the_same_whatever_the_order_of_keys():
    assert canonical({"b": 1, "a": "张"}) == canonical({"a": "张", "b": 1}) == '{"a":"张","b":1}'.encode()
    with pytest.raises(ValueError):
        canonical({"a": float("nan")})


def test_a_session_seals_text_and_packs_big_documents(folder, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'own.db'}", keyring=Keyring.create(folder))
    with database.transaction() as session:
        assert open_text(session, seal_text(session, "您好", "a.b"), "a.b") == "您好"
        document = {"rows": ["same words"] * 1000}
        sealed = seal_json(session, document, "a.c")
        assert open_json(session, sealed, "a.c") == document
        assert len(sealed) < 500
        assert open_json(session, seal_json(session, [1], "a.c"), "a.c") == [1]
