"""The keys of one installation: sealing, blind indexes and signatures. They live in files, never in the database."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy_center.errors import Refusal
from privacy_center.keys.files import KeyFiles, add_key, create_key_files, read_key_files

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


class Keyring:
    """All keys by id; the newest seals and signs, every one still opens and verifies."""

    def __init__(self, files: KeyFiles) -> None:
        self._sealing = {number: AESGCM(key) for number, key in files.sealing.items()}
        self._index_key = files.index
        self._signing = {number: Ed25519PrivateKey.from_private_bytes(key) for number, key in files.signing.items()}
        self.active = max(self._sealing)
        self.signing_key = max(self._signing)

    @classmethod
    def create(cls, folder: Path) -> "Keyring":
        """A new set of keys in `folder` (files 0600 in a folder 0700); refuses a folder that already holds keys."""
        create_key_files(folder)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> "Keyring":
        """The keys in `folder`; refuses with `Misconfigured` when one is missing, damaged or readable by others."""
        return cls(read_key_files(folder))

    @classmethod
    def rotate(cls, folder: Path) -> "Keyring":
        """Add a newer sealing key. What older keys sealed stays readable, and is sealed anew when next written."""
        add_key(folder, "seal")
        return cls.open(folder)

    def seal(self, plain: bytes, context: str) -> bytes:
        """AES-256-GCM: version (1 B), key id (4 B), nonce (12 B), ciphertext. Opens only with the same `context`."""
        header = bytes([VERSION]) + self.active.to_bytes(4, "big")
        nonce = secrets.token_bytes(NONCE)
        return header + nonce + self._sealing[self.active].encrypt(nonce, plain, header + context.encode())

    def open_sealed(self, sealed: bytes, context: str) -> bytes:
        """The plain bytes; refuses (`Unreadable`) another context, an unknown key or a changed byte."""
        header, nonce, rest = sealed[:HEADER], sealed[HEADER : HEADER + NONCE], sealed[HEADER + NONCE :]
        key = self._sealing.get(int.from_bytes(header[1:], "big"))
        if key is None or header[:1] != bytes([VERSION]):
            raise Unreadable
        try:
            return key.decrypt(nonce, rest, header + context.encode())
        except (InvalidTag, ValueError):
            raise Unreadable from None

    def is_stale(self, sealed: bytes) -> bool:
        """Whether an older key sealed it, so that the next write should seal it anew."""
        return int.from_bytes(sealed[1:HEADER], "big") != self.active

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


def _fits(key: Ed25519PrivateKey, message: bytes, signature: bytes) -> bool:
    try:
        key.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True
