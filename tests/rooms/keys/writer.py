"""A process that signs people in and asks for codes until it is told to stop: what web and worker do during a rotation."""

import sys
import uuid
from pathlib import Path

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.outbox.models import MessageKind
from privacy_center.outbox.queue import put_in_inbox, put_message
from privacy_center.people.identity import find_or_create_person


def write_until(home: Path, stop: Path, started: Path) -> None:
    """One person, one message to nobody known and one to the person in each transaction."""
    center = Center.open(home)
    number = 0
    while not stop.exists():
        number += 1
        with center.database.transaction() as session:
            at, one = clock.now(), f"w{number}@example.com"
            person = find_or_create_person(session, "email", one, at)
            key, context = (
                uuid.uuid4().hex,
                {"code": "123456", "action_zh": "登录", "action_en": "sign in", "minutes": 10},
            )
            put_message(
                session, kind=MessageKind.EMAIL, address=one, template="sign_in_code", context=context,
                dedupe_key=key, language="en", at=at,
            )  # fmt: skip
            told = {"reference": "PR-1", "due_on": "2026-12-01"}
            put_in_inbox(session, person=person.id, template="request_received", context=told, dedupe_key=key, at=at)
        if number == 20:
            started.touch()


if __name__ == "__main__":
    write_until(*map(Path, sys.argv[1:]))
