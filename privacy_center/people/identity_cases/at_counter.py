"""A case in the hands of whoever stands at the counter: opened by its exact number, one at a time, for two hours.

Whoever may look at every case needs none of this. For all others a case that is not in their hands is not there.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Words, refuse_wrong
from privacy_center.people.identity_cases.decide import check_may_handle
from privacy_center.people.identity_cases.models import CaseAtCounter, CaseState, IdentityCase
from privacy_center.people.rate import Limit, count_once
from privacy_center.people.staff.models import StaffMember

LASTS = timedelta(hours=2)
"""A visit with originals, questions and a copy or two is over by then; later the customer says the number again."""
TRIES = Limit("identity_case.counter", 20, timedelta(hours=1))
SHORTEST_REASON, LONGEST_REASON = 4, 300


def take_at_counter(
    session: Session, reference: str, reason: str, *, by: StaffMember, at: datetime
) -> IdentityCase | None:
    """Open the case whose exact number the customer said; what was in the member's hands before is shut by it.

    None where no open case has this number: the caller writes either answer into the record. Refuses (422) a missing
    number or reason, (429) the 21st number of a member within an hour, (403) a conflict of interest.
    """
    refuse_wrong(_wrong_in(reference, reason))
    count_once(session, TRIES, by.number, at)
    wanted = sa.select(IdentityCase).where(
        IdentityCase.reference == reference.strip().upper(), IdentityCase.state == CaseState.OPEN
    )
    case = session.scalars(wanted).one_or_none()
    if case is None:
        return None
    check_may_handle(session, case, by)
    session.execute(sa.delete(CaseAtCounter).where(CaseAtCounter.staff_number == by.number))
    session.add(CaseAtCounter(staff_number=by.number, case_id=case.id, taken_at=at))
    session.flush()
    return case


def cases_at_counter(session: Session, by: StaffMember, at: datetime) -> list[IdentityCase]:
    """What is in the member's hands now: one case that waits to be verified or decided, or none."""
    mine = sa.select(IdentityCase).join(CaseAtCounter, CaseAtCounter.case_id == IdentityCase.id)
    in_hand = (CaseAtCounter.staff_number == by.number, CaseAtCounter.taken_at > at - LASTS)
    return list(session.scalars(mine.where(*in_hand, IdentityCase.state == CaseState.OPEN)))


def _wrong_in(reference: str, reason: str) -> dict[str, Words]:
    wrong = {}
    if not 0 < len(reference.strip()) <= 32:
        wrong["number"] = Words(
            "写下客户说的完整编号，如 IC-7K3M-9QXD-2F4T。",
            "Write the whole number that the customer says, such as IC-7K3M-9QXD-2F4T.",
        )
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        wrong["why"] = Words(
            "写明客户为什么来，4 到 300 字。", "Say why the customer has come, in 4 to 300 characters."
        )
    return wrong
