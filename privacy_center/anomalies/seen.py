"""An entry of the access log as the rules see it."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.anomalies.rule import Hours, Of
from privacy_center.audit.models import AuditEntry
from privacy_center.datamap.catalogue import Catalogue
from privacy_center.people.models import PersonIdentity
from privacy_center.people.staff.models import Relation, StaffIdentity, StaffMember
from privacy_center.people.staff.permits import class_of
from privacy_center.privacy_requests.deadlines import is_working_day

CODES = ("system", "department", "purpose", "channel")
Close = Mapping[str, frozenset[tuple[str, Relation]]]
"""Subject (person id or blind index, in hex) → staff number and relation of every member whose identity it has."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a company is: its clock, its calendar, what its data categories are."""

    timezone: str
    jurisdiction: str
    catalogue: Catalogue
    hours: Hours

    def is_working_time(self, at: datetime) -> bool:
        """Whether people work at this moment."""
        local = at.astimezone(ZoneInfo(self.timezone))
        day = self.hours.days == "every" or is_working_day(local.date(), self.jurisdiction)
        return day and self.hours.from_ <= local.time() < self.hours.to


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: who, when, at whom, and the codes that came with it. The ticket that a search was made for is its case."""

    seq: int
    at: datetime
    act: str
    actor: str
    role: str
    subject: str
    case: bool
    case_name: str
    told: Mapping[str, object] = field(repr=False)

    @property
    def records(self) -> int:
        """How many records it touched; one where nothing is said."""
        said = self.told.get("records", 1)
        return said if isinstance(said, int) else 1

    def text(self, name: str) -> str:
        """One of the codes that came with it."""
        return str(self.told.get(name) or "")

    def group(self, by: str) -> str:
        """What the entry counts for."""
        if by == "actor_subject":
            return f"{self.actor}|{self.subject}" if self.subject else ""
        known = {"actor": self.actor, "subject": self.subject, "case": self.case_name}
        return known[by] if by in known else self.text(by)


def read_entry(entry: AuditEntry) -> Seen:
    """An entry of the chain, read once for all rules."""
    told = json.loads(entry.details)
    subject = entry.subject_id.hex if entry.subject_id else str(told.get("subject_index") or "")
    return Seen(
        seq=entry.seq,
        at=entry.at,
        act=entry.act.removeprefix("data."),
        actor=entry.actor_id,
        role=entry.actor_role,
        subject=subject,
        case=bool(entry.request_reference or told.get("cases") or told.get("ticket")),
        case_name=entry.request_reference or str(told.get("ticket") or ""),
        told=told,
    )


def counts(of: Of, one: Seen, around: Surroundings, close: Close) -> bool:
    """Whether a rule counts this entry."""
    return _is_named(of, one) and _stands_so(of, one, around) and _is_about(of, one, around.catalogue, close)


def _is_named(of: Of, one: Seen) -> bool:
    said = {"act": one.act, "role": one.role} | {name: one.text(name) for name in CODES}
    return all(not getattr(of, name) or value in getattr(of, name) for name, value in said.items())


def _stands_so(of: Of, one: Seen, around: Surroundings) -> bool:
    """Case, hours, whether a search found somebody, and regions."""
    if of.case and one.case != (of.case == "given"):
        return False
    if of.hours and around.is_working_time(one.at) != (of.hours == "inside"):
        return False
    if of.found and one.told.get("found") is not (of.found == "somebody"):
        return False
    return not of.regions or _regions(one) == of.regions


def _is_about(of: Of, one: Seen, catalogue: Catalogue, close: Close) -> bool:
    """Kinds of data, and whose."""
    if of.data and not any(_within(code, root) for code in _data(one) for root in of.data):
        return False
    if of.class_ and _classes(one, catalogue).isdisjoint(of.class_):
        return False
    return not of.subject or not _relations(one, close).isdisjoint(of.subject)


def _data(one: Seen) -> list[str]:
    said = one.told.get("data")
    return [str(code) for code in said] if isinstance(said, list) else []


def _within(code: str, root: str) -> bool:
    return code == root or code.startswith(f"{root}.")


def _classes(one: Seen, catalogue: Catalogue) -> set[str]:
    return {class_of(code, sensitive=catalogue.category(code).sensitive).value for code in _data(one)}


def _regions(one: Seen) -> str:
    mine, theirs = one.text("operator_region"), one.text("subject_region")
    return "" if not (mine and theirs) else "same" if mine == theirs else "differ"


def _relations(one: Seen, close: Close) -> set[str]:
    if not one.subject:
        return {"none"}
    said = set()
    for number, relation in close.get(one.subject, ()):
        if relation is Relation.OWN:
            said.add("own" if number == one.actor else "colleague")
        elif number == one.actor:
            said.add("close")
    return said


def close_to_staff(session: Session, entries: Iterable[Seen]) -> Close:
    """Which of the people in these entries work here, or were declared by somebody who does."""
    subjects = {one.subject for one in entries if one.subject}
    people = [uuid.UUID(one) for one in subjects if len(one) == 32]
    indexes = [bytes.fromhex(one) for one in subjects if len(one) == 64]
    found: dict[str, set[tuple[str, Relation]]] = {}
    same = sa.and_(StaffIdentity.kind == PersonIdentity.kind, StaffIdentity.value_index == PersonIdentity.value_index)
    proven = (
        sa.select(PersonIdentity.person_id, StaffMember.number, StaffIdentity.relation)
        .join(StaffIdentity, same)
        .join(StaffMember, StaffMember.id == StaffIdentity.staff_id)
        .where(PersonIdentity.person_id.in_(people))
    )
    for person, number, relation in session.execute(proven) if people else ():
        found.setdefault(person.hex, set()).add((number, relation))
    named = sa.select(StaffIdentity.value_index, StaffMember.number, StaffIdentity.relation).join(
        StaffMember, StaffMember.id == StaffIdentity.staff_id
    )
    for index, number, relation in (
        session.execute(named.where(StaffIdentity.value_index.in_(indexes))) if indexes else ()
    ):
        found.setdefault(index.hex(), set()).add((number, relation))
    return {subject: frozenset(relations) for subject, relations in found.items()}
