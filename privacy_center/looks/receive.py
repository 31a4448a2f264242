"""Taking looks from another system into the chain: all of a batch or nothing, each entry once however often it comes."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import CHAIN_LOCK, Actor
from privacy_center.audit.look import record_look
from privacy_center.errors import Refusal, Words
from privacy_center.looks.entry import SentLook, WrongEntry, read_entry
from privacy_center.looks.models import ReceivedLook
from privacy_center.people.identity import identity_index
from privacy_center.people.models import PersonIdentity
from privacy_center.people.not_me.models import ContactChange
from privacy_center.people.rate import Limit

MOST_ENTRIES = 500
OUR_CASE = re.compile(r"(PC|IC)([._/#-]?[0-9A-Z]{4}){3}", re.I)
BATCHES = Limit("access_log.system", 600, timedelta(minutes=1))
MONTH = timedelta(days=31)
AFTER_LOOK = timedelta(days=90)
"""For how long a look belongs to whoever proves the contact it named: a number is given to somebody else after 90 days."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one entry of a batch: its place from 0, its id where it has one, the field."""

    place: int
    id: str | None
    field: str
    words: Words


class WrongBatch(Refusal):
    """A batch with entries that cannot be taken; none of it was kept."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "这一批里有记录写错了，整批都没有收。改好或去掉这些记录，再用原来的编号重发。",
            "Some entries are wrong, so none of the batch was kept. Mend or drop them, and send again with the same ids.",
            status=422,
        )
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Received:
    """Which ids were written now, and which had been before."""

    written: list[str]
    known: list[str]


def read_batch(told: Any, months: int, at: datetime) -> list[SentLook]:
    """The entries of `{"entries": [...]}`; refuses (422) another shape, more than 500, and every entry that is wrong."""
    entries = told.get("entries") if isinstance(told, dict) and told.keys() == {"entries"} else None
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_ENTRIES:
        raise Refusal(
            f'请发送 {{"entries": [...]}}，每批 1 到 {MOST_ENTRIES} 条。',
            f'Send {{"entries": [...]}} with 1 to {MOST_ENTRIES} entries.',
            status=422,
            field="entries",
        )
    sound, faults, seen = [], [], set()
    for place, one in enumerate(entries):
        try:
            look = read_entry(one, at, at - months * MONTH)
            if look.id in seen:
                raise WrongEntry("id", _TWICE)
            seen.add(look.id)
            sound.append(look)
        except WrongEntry as wrong:
            name = one.get("id") if isinstance(one, dict) else None
            faults.append(Fault(place, name if isinstance(name, str) else None, wrong.field, wrong.words))
    if faults:
        raise WrongBatch(faults)
    return sound


def take_batch(session: Session, system: str, looks: Sequence[SentLook], at: datetime) -> Received:
    """Write what was not written before. Two workers that get the same batch wait for each other."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
    mine = sa.select(ReceivedLook.entry_id).where(
        ReceivedLook.system == system, ReceivedLook.entry_id.in_([one.id for one in looks])
    )
    known = set(session.scalars(mine))
    fresh = [one for one in looks if one.id not in known]
    for one in fresh:
        _write(session, system, one, at)
    return Received([one.id for one in fresh], [one.id for one in looks if one.id in known])


def _write(session: Session, system: str, look: SentLook, at: datetime) -> None:
    person, index = _whose(session, look)
    entry = record_look(
        session,
        actor=Actor("staff", look.number, look.role, look.department),
        subject=person,
        owner=owner_of(index) if index else None,
        data=look.data,
        purpose=look.purpose,
        case=None if names_our_case(look) else look.case,
        system=system,
        act=look.act,
        shown=look.content,
        channel=look.channel,
        more=_more(look, index, person),
        at=look.at,
    )
    row = {"id": uuid.uuid4(), "system": system, "entry_id": look.id, "seq": entry.seq, "received_at": at}
    unknown = index if person is None else None
    session.execute(sa.insert(ReceivedLook).values(**row, value_index=unknown, proven_by=look.at + AFTER_LOOK))


def names_our_case(look: SentLook) -> bool:
    """Whether the case has the shape of our own references: it then counts as none, for nobody here has checked it.

    By its shape and not by whether there is one, so that the answer tells nothing and a later case is not met either.
    """
    return look.case is not None and OUR_CASE.fullmatch(look.case) is not None


def owner_of(index: bytes) -> uuid.UUID:
    """Whose key seals what was seen of a contact that nobody has proven: a name that follows from its blind index."""
    return uuid.UUID(bytes=index[:16])


def _more(look: SentLook, index: bytes | None, person: uuid.UUID | None) -> dict[str, object]:
    """What else is told: the sender's id, how many records, where from; who it is about where nobody has proven to be that."""
    told: dict[str, object] = {"entry": look.id, "records": look.records}
    if names_our_case(look):
        told["case_told"] = look.case
    if all(look.regions):
        told["operator_region"], told["subject_region"] = look.regions
    if index and person is None:
        told["subject_index"] = index.hex()
    return told


def _whose(session: Session, look: SentLook) -> tuple[uuid.UUID | None, bytes | None]:
    """Who had the identity when it was looked at, if anybody has proven that, and its blind index; the value is not kept."""
    if look.subject is None:
        return None, None
    kind, value = look.subject
    index = identity_index(session, kind, value)
    return _former_owner(session, index, look.at) or _owner(session, kind, index, look.at), index


def _owner(session: Session, kind: str, index: bytes, at: datetime) -> uuid.UUID | None:
    """Who has it now, unless they proved it long after the look, or after it and somebody else had given it up."""
    mine = sa.select(PersonIdentity.person_id, PersonIdentity.proven_at).where(
        PersonIdentity.kind == kind, PersonIdentity.value_index == index, PersonIdentity.proven_at <= at + AFTER_LOOK
    )
    found = session.execute(mine).one_or_none()
    if found is None or at >= found.proven_at:
        return found.person_id if found else None
    others = sa.exists().where(*_given_up(index), ContactChange.person_id != found.person_id)
    return None if session.scalar(sa.select(others)) else found.person_id


def _former_owner(session: Session, index: bytes, at: datetime) -> uuid.UUID | None:
    """Who had it at that moment and has given it up since."""
    had = (*_given_up(index), ContactChange.at >= at, PersonIdentity.proven_at <= at + AFTER_LOOK)
    found = sa.select(ContactChange.person_id).join(PersonIdentity, PersonIdentity.id == ContactChange.old_identity)
    return session.scalar(found.where(*had).order_by(ContactChange.at).limit(1))


def _given_up(index: bytes) -> tuple[sa.ColumnElement[bool], ...]:
    return ContactChange.old_index == index, ContactChange.undone_at.is_(None)


_TWICE = Words("这一批里有两条同样的编号", "Two entries of this batch have the same id")
