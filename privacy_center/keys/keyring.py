"""The keys of one installation: sealing, blind indexes and signatures. They live in files, never in the database."""

import hashlib
import hmac
import uuid
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy_center.config import KeySettings
from privacy_center.keys.files import add_key, create_key_files, read_key_files
from privacy_center.keys.masters import HEADER, VERSION, MasterKeys, Unreadable
from privacy_center.keys.store import KeyStore
from privacy_center.keys.subjects import VERSION as OF_SUBJECT
from privacy_center.keys.subjects import SubjectKeys

__all__ = ["Keyring", "Unreadable"]


class Keyring:
    """All keys by id; the newest seals and signs, every one still opens and verifies. `subjects`: a key for each person."""

    def __init__(self, folder: Path, settings: KeySettings) -> None:
        files = read_key_files(folder, settings.kek)
        self.folder, self.settings = folder, settings
        self.masters = MasterKeys(files.sealing, folder, lambda: read_key_files(folder, settings.kek).sealing)
        self.store = KeyStore(folder, settings.store)
        self.subjects = SubjectKeys(self.masters, self.store)
        self._index_key = files.index
        self._signing = {number: Ed25519PrivateKey.from_private_bytes(key) for number, key in files.signing.items()}
        self.signing_key = max(self._signing)

    @classmethod
    def create(cls, folder: Path, settings: KeySettings | None = None) -> "Keyring":
        """A new set of keys in `folder` (files 0600 in a folder 0700); refuses a folder that already holds keys."""
        settings = settings or KeySettings()
        create_key_files(folder, settings.kek)
        return cls(folder, settings)

    @classmethod
    def open(cls, folder: Path, settings: KeySettings | None = None) -> "Keyring":
        """The keys in `folder`; refuses with `Misconfigured` when one is missing, damaged or readable by others."""
        return cls(folder, settings or KeySettings())

    @classmethod
    def rotate(cls, folder: Path, settings: KeySettings | None = None) -> "Keyring":
        """Add a newer master sealing key. What older keys sealed stays readable; `keys.rotation` seals it anew."""
        settings = settings or KeySettings()
        add_key(folder, "seal", settings.kek)
        return cls(folder, settings)

    @property
    def active(self) -> int:
        """The number of the master key that seals."""
        return self.masters.active

    def seal(self, plain: bytes, context: str, subject: uuid.UUID | None = None) -> bytes:
        """Sealed by the key of the data subject (version 2), else by the master key (version 1): nonce and AES-256-GCM.

        Opens only with the same `context`.
        """
        if subject is not None:
            return self.subjects.seal(plain, context, subject)
        return self.masters.seal(plain, context)

    def seal_like(self, plain: bytes, context: str, other: bytes) -> bytes:
        """Sealed by the key that sealed `other`, whosever that is; refuses `Destroyed` one that is no more."""
        if other[:1] == bytes([OF_SUBJECT]):
            return self.subjects.seal_like(plain, context, other)
        return self.masters.seal(plain, context)

    def open_sealed(self, sealed: bytes, context: str) -> bytes:
        """The plain bytes; refuses (`Unreadable`) another context, an unknown key or a changed byte."""
        opening = self.subjects if sealed[:1] == bytes([OF_SUBJECT]) else self.masters
        return opening.open_sealed(sealed, context)

    def is_stale(self, sealed: bytes) -> bool:
        """Whether an older master key sealed it. What a subject's key sealed never is: that key is wrapped anew instead."""
        return sealed[:1] == bytes([VERSION]) and int.from_bytes(sealed[1:HEADER], "big") != self.active

    def blind_index(self, value: str, context: str) -> bytes:
        """32 bytes by which equal values can be found without being read (HMAC-SHA256 with a key of its own)."""
        return hmac.new(self._index_key, f"index\0{context}\0{value}".encode(), hashlib.sha256).digest()

    def keyed_hash(self, value: str, context: str) -> str:
        """A hash in hex that only this installation can compute: for codes, tokens and pseudonyms."""
        return hmac.new(self._index_key, f"hash\0{context}\0{value}".encode(), hashlib.sha256).hexdigest()

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature (64 bytes) with the newest signing key, whose id is `signing_key`."""
        return self._signing[self.signing_key].sign(message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether any of our signing keys, old or new, made this signature over exactly these bytes."""
        return any(_fits(key, message, signature) for key in self._signing.values())

    def public_keys(self) -> Mapping[int, bytes]:
        """Signing key id → raw public key (32 bytes), for whoever checks a certificate elsewhere."""
        return {number: key.public_key().public_bytes_raw() for number, key in self._signing.items()}

    def close(self) -> None:
        """Let go of the key store."""
        self.store.close()


def _fits(key: Ed25519PrivateKey, message: bytes, signature: bytes) -> bool:
    try:
        key.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True
