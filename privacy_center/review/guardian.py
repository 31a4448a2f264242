"""A child under 14 is represented by a guardian (PIPL art. 31): what was noticed is kept, and an approval says who agreed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.errors import Refusal
from privacy_center.people.age import AgeSign
from privacy_center.people.identity_cases.models import Path
from privacy_center.people.models import Person
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.moves import move
from privacy_center.privacy_requests.states import CANCELLABLE
from privacy_center.privacy_requests.submit import open_deletion_of
from privacy_center.review.reasons import reasons_for

GUARDIAN_SEEN = "guardian"
"""Beside what the customer was verified by: a guardian stood at the counter with a document."""
SIGNS = frozenset(one.value for one in AgeSign)
REPRESENTED = frozenset({Path.MINOR.value, Path.DECEASED.value})
"""Where an identity case was approved in which the guardian was verified, or the person has died."""


def note_age(request: PrivacyRequest, age: AgeSign | None) -> None:
    """Keep with the request what the plan noticed in place of what an earlier one did; nothing where a guardian asks."""
    request.risk_flags = flags_after(request, age)


def flags_after(request: PrivacyRequest, age: AgeSign | None) -> list[str]:
    """The signs that a request would have with what a plan noticed."""
    noticed = {age.value} if age and request.represented_as not in REPRESENTED else set()
    return sorted({*request.risk_flags} - SIGNS | noticed)


def age_noticed(request: PrivacyRequest) -> AgeSign | None:
    """What is kept with the request."""
    return next((one for one in AgeSign if one.value in request.risk_flags), None)


def check_guardian(request: PrivacyRequest, reason_codes: Sequence[str]) -> list[str]:
    """The reasons of an approval: for a child's request they say on whose word, once; refuses (422) those that do not.
    A request without the sign asks for nothing of the kind, and keeps nothing of it.
    """
    words = {one.code for one in reasons_for("child")}
    if age_noticed(request) is not AgeSign.UNDER_14:
        return [one for one in reason_codes if one not in words]
    if len(words.intersection(reason_codes)) != 1:
        raise Refusal(
            "按出生日期未满 14 岁。写明监护人已同意，或核对过已满 14 岁；否则请客户由监护人来办。",
            "Under 14 by the date of birth. Say that a guardian agreed, or that the age was checked and is 14 or more; else "
            "ask the customer to let a guardian apply.",
            status=422,
            field="guardian",
        )
    return list(dict.fromkeys(reason_codes))


def take_the_place(session: Session, child: Person, actor: Actor, at: datetime) -> None:
    """A guardian's deletion takes the place of the one that the child had asked for, as long as nothing is carried out."""
    before = open_deletion_of(session, child.id)
    if before is not None and age_noticed(before) and before.state in CANCELLABLE:
        move(session, before, State.CANCELLED, "guardian_instead", actor=actor, at=at)
