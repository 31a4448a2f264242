"""The key that wraps the others: from a file, from the environment, or from a command."""

import stat
import sys

import pytest

from privacy_center.config import KekSettings, KeySettings
from privacy_center.errors import Misconfigured
from privacy_center.keys.keyring import Keyring

KMS = """#!{python}
import base64, hashlib, sys
from pathlib import Path
from cryptography.fernet import Fernet
key = Fernet(Path("{secret}").read_bytes())
given = base64.b64decode(sys.stdin.readline())
done = key.encrypt(given) if sys.argv[-1] == "wrap" else key.decrypt(given)
print(base64.b64encode(done).decode())
"""


def kms(tmp_path) -> list[str]:
    """A small key service: its key never leaves it."""
    from cryptography.fernet import Fernet

    (tmp_path / "service.secret").write_bytes(Fernet.generate_key())
    script = tmp_path / "kms"
    script.write_text(KMS.format(python=sys.executable, secret=tmp_path / "service.secret"))
    script.chmod(stat.S_IRWXU)
    return [str(script), "--key", "privacy"]


def settings(**kek) -> KeySettings:
    return KeySettings(kek=KekSettings(**kek))


@pytest.fixture(params=["file", "env", "command"])
def chosen(request, tmp_path, monkeypatch):
    monkeypatch.setenv("THE_KEK", "ab" * 32)
    if request.param == "command":
        return settings(command=kms(tmp_path))
    return settings(env="THE_KEK") if request.param == "env" else settings(file=str(tmp_path / "elsewhere.key"))


def test_keys_are_wrapped_and_open_by_the_kek_alone(tmp_path, chosen):
    folder = tmp_path / "keys"
    keyring = Keyring.create(folder, chosen)
    sealed = keyring.seal("张三".encode(), "a.b")
    assert {path.name: path.read_text()[:8] for path in folder.glob("*.key")} == dict.fromkeys(
        ("seal-1.key", "sign-1.key", "index.key"), "wrapped:"
    )
    assert Keyring.open(folder, chosen).open_sealed(sealed, "a.b").decode() == "张三"
    with pytest.raises(Misconfigured, match=r"kek\.key is missing"):
        Keyring.open(folder)


def test_another_kek_opens_nothing_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("THE_KEK", "ab" * 32)
    Keyring.create(tmp_path / "keys", settings(env="THE_KEK"))
    monkeypatch.setenv("THE_KEK", "cd" * 32)
    with pytest.raises(Misconfigured, match="another key-encryption key"):
        Keyring.open(tmp_path / "keys", settings(env="THE_KEK"))
    monkeypatch.setenv("THE_KEK", "cd" * 32 + "," + "ab" * 32)
    Keyring.open(tmp_path / "keys", settings(env="THE_KEK"))


@pytest.mark.parametrize("command", [["/bin/false"], ["/bin/true"], ["/no/such/command"], ["/bin/echo", "***"]])
def test_a_key_command_that_fails_is_named_and_its_words_are_not_repeated(tmp_path, command):
    with pytest.raises(Misconfigured, match="gave nothing usable") as refused:
        Keyring.create(tmp_path / "keys", settings(command=command))
    assert "***" not in refused.value.words.en


def test_one_place_for_the_kek_is_enough():
    with pytest.raises(ValueError, match="name one of"):
        KekSettings(file="a", env="B")
