"""Passwords as they are kept, of customers and staff alike: argon2id, and the same work for somebody who has none."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()  # argon2id with the parameters of RFC 9106, low-memory
SHORTEST, LONGEST = 12, 200


def holds(kept: str | None, password: str) -> bool:
    """Whether the password is the one whose hash is kept; with nothing kept the work is the same, and the answer no."""
    try:
        return HASHER.verify(_nobodys_hash() if kept is None else kept, password[: LONGEST + 1]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return HASHER.hash("nobody has this password")
