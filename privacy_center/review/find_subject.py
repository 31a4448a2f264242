"""Finding one customer for a case: two exact identifiers that belong together, and nothing that could be browsed."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.people.contact import compared_value, normal_value
from privacy_center.people.identity import add_identity, create_person, identity_index
from privacy_center.people.models import Person, PersonIdentity
from privacy_center.people.rate import Limit, count_once
from privacy_center.people.staff.models import StaffMember
from privacy_center.privacy_requests.models import PrivacyRequest

IDENTITIES = ("phone_number", "email", "customer_number", "member_number")
KINDS = (*IDENTITIES, "reference")
CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/-]{3,39}")
SHORTEST_SIGN = 5
"""Shorter numbers of customers may stand in a ticket by chance."""
LIMIT = Limit("staff.search", 30, timedelta(hours=1))
_NO_KIND = Words("选一种，例如手机号。", "Choose a kind, such as a phone number.")
_NO_VALUE = Words("写下完整的号码，最多 200 个字符。", "Write the whole number, at most 200 characters.")
_SAME_KIND = Words(
    "两项要是不同的种类，例如手机号和申请编号。",
    "The two must be of different kinds, such as a phone number and a request reference.",
)
_NO_CASE = Words(
    "写下工单号或申请编号，4 到 40 个字母或数字。没有工单不能查找客户。",
    "Write the ticket number or the request reference, 4 to 40 letters or digits. Without a case nobody is searched.",
)
_CASE_NAMES_CUSTOMER = Words(
    "工单号里不要写客户的号码：它会留在记录里，删不掉。写下工单号或申请编号。",
    "Leave the customer's numbers out of the ticket: it stays in the record and cannot be deleted. Write the ticket number or the request reference.",
)


@dataclass(frozen=True, slots=True)
class Lead:
    """To whom a search leads. `sure`: both identifiers were proven to us by this person, or there is nobody. Otherwise the
    company's databases say whether both are one customer's: this person, whom we know by one, or somebody new to us (None).
    """

    person: Person | None
    sure: bool


def find_subject(
    session: Session, identifiers: Sequence[tuple[str, str]], *, case: str, by: StaffMember, at: datetime
) -> Lead:
    """The one customer to whom both identifiers lead; nobody when they lead to two people.

    `identifiers`: two (kind, value) of different kinds, compared whole (ux S1), numbers in capitals or small letters. Refuses (422) anything else and a case
    number that is none, (429) the 31st search of a member within an hour. The caller writes the search into the record.
    """
    _refuse_wrong(identifiers, case)
    count_once(session, LIMIT, by.number, at)
    first, second = (_owners(session, kind, value) for kind, value in identifiers)
    both, either = first & second, first | second
    if len(both) == 1:
        return Lead(session.get(Person, both.pop()), sure=True)
    if len(either) > 1 or not all(kind in IDENTITIES for kind, _value in identifiers):
        return Lead(None, sure=True)
    return Lead(session.get(Person, either.pop()) if either else None, sure=False)


def take_up(
    session: Session, identifiers: Sequence[tuple[str, str]], *, method: str, language: str, at: datetime
) -> Person:
    """A new person with these identities, which `method` has proven now. Refuses (409) where one is somebody's by now: whether
    that is the same customer is for a new search to tell.
    """
    (kind, value), *more = identifiers
    taken = any(_owners(session, *one) for one in identifiers)
    person = None if taken else create_person(session, kind, value, at, method=method, language=language)
    if person is None:
        raise Refusal(
            "这位客户刚刚登录过隐私中心。请回到“查找客户”，再查一次。",
            "This customer has just signed in. Go back to “Find a customer” and search again.",
        )
    for kind, value in more:
        add_identity(session, person, kind, value, method=method, at=at)
    return person


def _owners(session: Session, kind: str, value: str) -> set[uuid.UUID]:
    if kind == "reference":
        found = sa.select(PrivacyRequest.person_id).where(
            PrivacyRequest.reference == compared_value("reference", value)
        )
    else:
        index = identity_index(session, kind, value)
        found = sa.select(PersonIdentity.person_id).where(
            PersonIdentity.kind == kind, PersonIdentity.value_index == index
        )
    return set(session.scalars(found))


def wrong_in(identifiers: Sequence[tuple[str, str]], case: str) -> dict[str, Words]:
    """Everything that is wrong with a search as it was typed, by field, in the order of the form."""
    wrong: dict[str, Words] = {}
    for number, (kind, value) in enumerate(identifiers, 1):
        if kind not in KINDS:
            wrong[f"kind_{number}"] = _NO_KIND
        if not 0 < len(value.strip()) <= 200:
            wrong[f"value_{number}"] = _NO_VALUE
    if not wrong and len({kind for kind, _value in identifiers}) != 2:
        wrong["kind_2"] = _SAME_KIND
    if not CASE.fullmatch(case.strip()):
        wrong["case"] = _NO_CASE
    elif any(_names(case, kind, value) for kind, value in identifiers if kind in IDENTITIES):
        wrong["case"] = _CASE_NAMES_CUSTOMER
    return wrong


def _names(case: str, kind: str, value: str) -> bool:
    """Whether a ticket carries what was searched for: tickets stand in the record in plain text, for ever."""
    sign = normal_value(kind, value)
    return len(sign) >= SHORTEST_SIGN and sign.casefold() in case.casefold()


def _refuse_wrong(identifiers: Sequence[tuple[str, str]], case: str) -> None:
    for field, said in wrong_in(identifiers, case).items():
        raise Refusal(said.zh, said.en, status=422, field=field)
