"""Master sealing keys: they seal what belongs to nobody, and wrap the keys of data subjects."""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy_center.errors import Refusal

VERSION = 1
NONCE = 12
HEADER = 1 + 4


class Unreadable(Refusal):
    """Sealed data that this keyring cannot open: another key, another context, or changed bytes."""

    def __init__(self) -> None:
        super().__init__(
            "这条加密数据打不开：密钥不对或内容被改动。请用原来的密钥恢复。",
            "This sealed data cannot be opened: the key is another one or the bytes were changed. Restore the keys.",
        )


class MasterKeys:
    """All master keys by number; the newest seals, every one still opens.

    A process that runs while another rotates sees the next key file at its next use (one look at the folder, about two
    microseconds), so that nothing is sealed with the old key for longer than that.
    """

    def __init__(self, keys: Mapping[int, bytes], folder: Path, read: Callable[[], Mapping[int, bytes]]) -> None:
        self._folder, self._read = folder, read
        self._take(keys)

    @property
    def active(self) -> int:
        """The number of the newest key."""
        if os.path.exists(self._next):
            self._take(self._read())
        return self._active

    def seal(self, plain: bytes, context: str) -> bytes:
        """AES-256-GCM: version 1 (1 B), key number (4 B), nonce (12 B), ciphertext. Opens only with the same `context`."""
        number = self.active
        header, nonce = header_of(number), secrets.token_bytes(NONCE)
        return header + nonce + self._ciphers[number].encrypt(nonce, plain, header + context.encode())

    def open_sealed(self, sealed: bytes, context: str) -> bytes:
        """The plain bytes; refuses (`Unreadable`) another context, an unknown key or a changed byte."""
        header, nonce, rest = sealed[:HEADER], sealed[HEADER : HEADER + NONCE], sealed[HEADER + NONCE :]
        cipher = self._cipher(int.from_bytes(header[1:], "big"))
        if cipher is None or header[:1] != bytes([VERSION]):
            raise Unreadable
        try:
            return cipher.decrypt(nonce, rest, header + context.encode())
        except (InvalidTag, ValueError):
            raise Unreadable from None

    def _cipher(self, number: int) -> AESGCM | None:
        return self._ciphers.get(number) or (self._ciphers.get(number) if self.active >= number else None)

    def _take(self, keys: Mapping[int, bytes]) -> None:
        self._ciphers = {number: AESGCM(key) for number, key in keys.items()}
        self._active = max(keys)
        self._next = str(self._folder / f"seal-{self._active + 1}.key")


def header_of(number: int) -> bytes:
    """The first five bytes of whatever master key `number` sealed."""
    return bytes([VERSION]) + number.to_bytes(4, "big")
