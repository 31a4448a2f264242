"""Finding one customer for a case: two exact identifiers that belong together, and nothing that could be browsed."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.people.identity import identity_index
from privacy_center.people.models import Person, PersonIdentity
from privacy_center.people.rate import Limit, count_once
from privacy_center.people.staff.models import StaffMember
from privacy_center.privacy_requests.models import PrivacyRequest

KINDS = ("phone_number", "email", "customer_number", "reference")
CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/-]{3,39}")
LIMIT = Limit("staff.search", 30, timedelta(hours=1))


def find_subject(
    session: Session, identifiers: Sequence[tuple[str, str]], *, case: str, by: StaffMember, at: datetime
) -> Person | None:
    """The one customer to whom both identifiers lead; None when they lead to nobody or to two people.

    `identifiers`: two (kind, value) of different kinds, compared whole (ux S1). Refuses (422) anything else and a case
    number that is none, (429) the 31st search of a member within an hour. The caller writes the search into the record.
    """
    _refuse_wrong(identifiers, case)
    count_once(session, LIMIT, by.number, at)
    first, second = (_owners(session, kind, value) for kind, value in identifiers)
    both = first & second
    return session.get(Person, both.pop()) if len(both) == 1 else None


def _owners(session: Session, kind: str, value: str) -> set[uuid.UUID]:
    if kind == "reference":
        found = sa.select(PrivacyRequest.person_id).where(PrivacyRequest.reference == value.strip().upper())
    else:
        index = identity_index(session, kind, value)
        found = sa.select(PersonIdentity.person_id).where(
            PersonIdentity.kind == kind, PersonIdentity.value_index == index
        )
    return set(session.scalars(found))


def _refuse_wrong(identifiers: Sequence[tuple[str, str]], case: str) -> None:
    for number, (kind, value) in enumerate(identifiers, 1):
        if kind not in KINDS or not 0 < len(value.strip()) <= 200:
            raise Refusal(
                "两项都要写完整：选一种，再写下完整的号码。",
                "Give both in full: choose a kind and write the whole number.",
                status=422,
                field=f"value_{number}",
            )
    if len({kind for kind, _ in identifiers}) != 2:
        raise Refusal(
            "两项要是不同的种类，例如手机号和申请编号。",
            "The two must be of different kinds, such as a phone number and a request reference.",
            status=422,
            field="kind_2",
        )
    if not CASE.fullmatch(case.strip()):
        raise Refusal(
            "写下工单号或申请编号，4 到 40 个字母或数字。没有工单不能查找客户。",
            "Write the ticket number or the request reference, 4 to 40 letters or digits. Without a case nobody is searched.",
            status=422,
            field="case",
        )
