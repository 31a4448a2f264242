"""A process of its own that asks for codes, or guesses one, as often as it can: `python -m tests.rooms.people.guesser …`.

It prints how often it was let through. The moment is given, so that every process counts at the same one.
"""

import sys
import uuid
from datetime import datetime
from pathlib import Path

from privacy_center.db import Database
from privacy_center.errors import Refusal
from privacy_center.keys.keyring import Keyring
from privacy_center.people.rate import Limit, count_once
from privacy_center.people.sign_in import WRONG_CODES, finish_proof, start_sign_in


def main(what: str, url: str, keys: str, moment: str, *more: str) -> int:
    """How often one process got through."""
    database, at, came = Database(url, keyring=Keyring.open(Path(keys))), datetime.fromisoformat(moment), 0
    for number in range(12):
        try:
            with database.transaction() as session:
                ACTS[what](session, at, number, *more)
            came += 1
        except Refusal:
            continue
    database.close()
    return came


def ask_for_code(session, at, number, who):
    """One more code for one contact, from an address of its own."""
    start_sign_in(
        session, typed=who, browser_token="b", address=f"198.51.100.{number}", language="en", at=at,
    )  # fmt: skip


def ask_from_one_place(session, at, number, who):
    """One more code for somebody new, from one /64."""
    start_sign_in(
        session, typed=f"{who}{number}@example.com", browser_token="b", address=f"2001:db8:1:2::{number:x}",
        language="en", at=at,
    )  # fmt: skip


def count(session, at, _number, times):
    """One more of what all processes count together."""
    from datetime import timedelta

    count_once(session, Limit("everybody.test", int(times), timedelta(hours=1)), "", at)


def guess(session, at, number, attempt, browser):
    """One wrong code; counted as let through when it was looked at."""
    assert WRONG_CODES.free == 5
    assert finish_proof(session, uuid.UUID(attempt), f"wrong{number}", browser, "sign_in", at) is None


ACTS = {"code": ask_for_code, "place": ask_from_one_place, "count": count, "guess": guess}

if __name__ == "__main__":
    print(main(*sys.argv[1:]))
