"""A key for each data subject. Destroying it makes whatever it sealed unreadable, wherever a copy of that lies."""

import secrets
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.keys.masters import MasterKeys, Unreadable
from privacy_center.keys.store import KeptKey, KeyStore

VERSION = 2
HEADER, NONCE, KEY_BYTES = 1 + 16, 12, 32
MOST_SPARES = 64
REMEMBERED = 4_096  # keys of people who are being worked on, about 1 kB each
SECONDS = 60.0  # for how long a process may still use a key that another one destroyed


class Destroyed(Unreadable):
    """Sealed data whose key was destroyed on purpose: nobody can open it any more."""

    def __init__(self) -> None:
        Refusal.__init__(
            self,
            "这条内容的密钥已销毁，任何人都不能再读取。其余记录仍可查看。",
            "The key of this content was destroyed; nobody can read it any more. The rest of the record can be seen.",
        )


@dataclass(frozen=True, slots=True, repr=False)
class _Ready:
    id: uuid.UUID
    cipher: AESGCM
    since: float


class SubjectKeys:
    """The keys of data subjects, unwrapped in this process for at most 60 seconds each."""

    def __init__(self, masters: MasterKeys, store: KeyStore) -> None:
        self._masters, self._store = masters, store
        self._by_id: OrderedDict[uuid.UUID, _Ready] = OrderedDict()
        self._of_owner: OrderedDict[uuid.UUID, uuid.UUID] = OrderedDict()
        self._spares: list[KeptKey] = []
        self._batch = 1
        self._lock = threading.Lock()

    def seal(self, plain: bytes, context: str, owner: uuid.UUID) -> bytes:
        """AES-256-GCM: version 2 (1 B), id of the owner's key (16 B), nonce (12 B), ciphertext.

        A data subject without a key gets one: one small statement in the key store, once in a life.
        """
        return _seal(self._key_of(owner), plain, context)

    def seal_like(self, plain: bytes, context: str, other: bytes) -> bytes:
        """The same by the key that sealed `other`; refuses `Destroyed` one that was."""
        return _seal(self._key(uuid.UUID(bytes=other[1:HEADER])), plain, context)

    def open_sealed(self, sealed: bytes, context: str) -> bytes:
        """The plain bytes; refuses `Destroyed` a key that was, `Unreadable` another context or a changed byte."""
        header, nonce, rest = sealed[:HEADER], sealed[HEADER : HEADER + NONCE], sealed[HEADER + NONCE :]
        if len(header) < HEADER:
            raise Unreadable
        key = self._key(uuid.UUID(bytes=header[1:]))
        try:
            return key.cipher.decrypt(nonce, rest, header + context.encode())
        except (InvalidTag, ValueError):
            raise Unreadable from None

    def destroy(self, owner: uuid.UUID, at: datetime, sealed: Iterable[bytes] = ()) -> bool:
        """Destroy the key of a data subject for good; False when there is none (any more).

        `sealed`: some of what is theirs. The keys it names are destroyed as well: after a power cut a key may be in use
        without the note of whose it is.
        """
        named = {uuid.UUID(bytes=one[1:HEADER]) for one in sealed if one[:1] == bytes([VERSION])}
        gone = self._store.destroy(owner, named, at)
        with self._lock:
            self._of_owner.pop(owner, None)
            for key in gone:
                self._by_id.pop(key, None)
        return bool(gone)

    def has_key(self, owner: uuid.UUID) -> bool:
        """Whether a data subject has a key that was not destroyed."""
        return self._store.by_owner(owner) is not None

    def wrap_anew(self, batch: int = 500) -> int:
        """Wrap by the newest master key what older ones wrap, at most `batch` keys; answers how many were found."""
        master = self._masters.active
        stale = self._store.wrapped_by_others(master, batch)
        changed = [(key, self._wrap(key.id, self._unwrap(key))) for key in stale]
        self._store.wrap_anew(changed, master)
        return len(stale)

    def _key_of(self, owner: uuid.UUID) -> _Ready:
        with self._lock:
            known = self._of_owner.get(owner)
        ready = self._remembered(known) if known else None
        if ready is None:
            ready = self._remember(self._store.by_owner(owner) or self._make(owner))
            with self._lock:
                self._of_owner[owner] = ready.id
                if len(self._of_owner) > REMEMBERED:
                    self._of_owner.popitem(last=False)
        return ready

    def _key(self, key: uuid.UUID) -> _Ready:
        ready = self._remembered(key)
        if ready is not None:
            return ready
        kept = self._store.by_id(key)
        if kept is None:
            raise Unreadable
        return self._remember(kept)

    def _remembered(self, key: uuid.UUID) -> _Ready | None:
        with self._lock:
            ready = self._by_id.get(key)
            if ready is None or time.monotonic() - ready.since > SECONDS:
                return None
            self._by_id.move_to_end(key)
            return ready

    def _remember(self, kept: KeptKey) -> _Ready:
        since = time.monotonic()
        ready = _Ready(kept.id, AESGCM(self._unwrap(kept)), since)
        with self._lock:
            self._by_id[kept.id] = ready
            if len(self._by_id) > REMEMBERED:
                self._by_id.popitem(last=False)
        return ready

    def _make(self, owner: uuid.UUID) -> KeptKey:
        """Give the owner one of the keys that this process laid in; a batch waits for the disk once."""
        with self._lock:
            spare = self._spares.pop() if self._spares else None
        if spare is None:
            spare = self._lay_in()
        given = self._store.give(spare.id, owner)
        return spare if given == spare.id else (self._store.by_id(given) or spare)

    def _lay_in(self) -> KeptKey:
        """Twice as many each time, up to 64: a command makes one, a server soon has enough."""
        self._batch = min(self._batch * 2, MOST_SPARES)
        ids, master = [uuid.uuid4() for _ in range(self._batch)], self._masters.active
        wrapped = {key: self._wrap(key, secrets.token_bytes(KEY_BYTES)) for key in ids}
        self._store.put_spares(wrapped, master, clock.now())
        first, *others = (KeptKey(key, one) for key, one in wrapped.items())
        with self._lock:
            self._spares += others
        return first

    def _wrap(self, key: uuid.UUID, plain: bytes) -> bytes:
        return self._masters.seal(plain, f"subject_key:{key}")

    def _unwrap(self, kept: KeptKey) -> bytes:
        if kept.wrapped is None:
            raise Destroyed
        return self._masters.open_sealed(kept.wrapped, f"subject_key:{kept.id}")


def _seal(key: _Ready, plain: bytes, context: str) -> bytes:
    header, nonce = bytes([VERSION]) + key.id.bytes, secrets.token_bytes(NONCE)
    return header + nonce + key.cipher.encrypt(nonce, plain, header + context.encode())
