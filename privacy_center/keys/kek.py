"""The key-encryption key (KEK): it wraps the key files, so that a copied folder opens nothing by itself.

It comes from a file (the default), from an environment variable, or from a command that asks a key management service.
"""

import base64
import binascii
import hashlib
import os
import secrets
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy_center.config import KekSettings
from privacy_center.errors import Misconfigured
from privacy_center.keys.key_text import KEY_BYTES, read_private_text

KEK_FILE = "kek.key"
ID, NONCE = 4, 12
SECONDS = 30


class Kek(Protocol):
    """What wraps other keys."""

    def wrap(self, key: bytes) -> bytes:
        """The key, readable only by who has this KEK."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key again; refuses (`Misconfigured`) what another KEK wrapped."""


class LocalKek:
    """KEKs of 32 bytes held by this process: the first wraps, every one unwraps (AES-256-GCM)."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._first = kek_id(keys[0])
        self._ciphers: Mapping[bytes, AESGCM] = {kek_id(key): AESGCM(key) for key in keys}

    def wrap(self, key: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return self._first + nonce + self._ciphers[self._first].encrypt(nonce, key, self._first)

    def unwrap(self, wrapped: bytes) -> bytes:
        name = wrapped[:ID]
        try:
            return self._ciphers[name].decrypt(wrapped[ID : ID + NONCE], wrapped[ID + NONCE :], name)
        except (KeyError, InvalidTag, ValueError):
            raise _another_kek() from None


class CommandKek:
    """A command given `wrap` or `unwrap`: base64 of the bytes on its stdin, base64 of the answer on its stdout.

    Refuses (`Misconfigured`) a command that fails, says nothing, or takes longer than 30 seconds; what it wrote is not
    repeated, for it may hold secrets.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)

    def wrap(self, key: bytes) -> bytes:
        return self._ask("wrap", key)

    def unwrap(self, wrapped: bytes) -> bytes:
        return self._ask("unwrap", wrapped)

    def _ask(self, act: str, given: bytes) -> bytes:
        try:
            done = subprocess.run(
                [*self._command, act],
                input=base64.b64encode(given) + b"\n",
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )
            answer = base64.b64decode(done.stdout.strip(), validate=True)
        except (OSError, subprocess.SubprocessError, binascii.Error):
            answer = b""
        if not answer:
            name = self._command[0]
            raise Misconfigured(
                f"密钥命令 {name} {act} 没有给出可用的结果。请检查 settings.toml 的 [keys] kek 和密钥服务。",
                f"The key command {name} {act} gave nothing usable. Check [keys] kek in settings.toml, and the service.",
            )
        return answer


def open_kek(folder: Path, settings: KekSettings) -> Kek | None:
    """The KEK that the settings name; None for a folder without one, whose key files are not wrapped."""
    if settings.command:
        return CommandKek(settings.command)
    if settings.env:
        return LocalKek(_from_environment(settings.env))
    path = kek_path(folder, settings)
    if not settings.file and not path.exists():
        return None
    return LocalKek(read_keks(path))


def kek_path(folder: Path, settings: KekSettings) -> Path:
    """The file of the KEK: the one that the settings name, else `kek.key` beside the keys it wraps."""
    return Path(settings.file) if settings.file else folder / KEK_FILE


def read_keks(path: Path) -> list[bytes]:
    """The KEKs of a file, one in hex on each line, the newest first."""
    return [_read_hex(line, str(path)) for line in read_private_text(path).split()] or [_read_hex("", str(path))]


def kek_id(key: bytes) -> bytes:
    """Four bytes that tell one KEK from another and nothing about it."""
    return hashlib.sha256(b"privacy-center kek\0" + key).digest()[:ID]


def _from_environment(name: str) -> list[bytes]:
    """One KEK, or several in hex with commas: the first wraps, the others still open."""
    given = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    if not given:
        raise Misconfigured(
            f"环境变量 {name} 里没有主密钥。请设置后再启动。",
            f"The environment variable {name} holds no key-encryption key. Set it and start again.",
        )
    return [_read_hex(part, name) for part in given]


def _read_hex(text: str, place: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Misconfigured(
            f"{place} 里的主密钥已损坏（应为 {KEY_BYTES} 字节的十六进制）。请从备份恢复。",
            f"The key-encryption key in {place} is damaged ({KEY_BYTES} bytes in hex expected). Restore it.",
        )
    return key


def _another_kek() -> Misconfigured:
    return Misconfigured(
        "密钥文件是用另一个主密钥加密的，打不开。请恢复原来的主密钥（见 [keys] kek）。",
        "The key files were wrapped by another key-encryption key. Bring the former one back (see [keys] kek).",
    )
