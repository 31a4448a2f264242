"""Whether the customer who is here has proven enough for an action, freshly and for this very thing."""

from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.people.enough import Verdict, judge
from privacy_center.people.levels import PROOF_FOR, Action, Needed, needed_for
from privacy_center.people.models import LoginSession
from privacy_center.people.risk import signals_of
from privacy_center.privacy_requests.stopped import refuse_frozen_person
from privacy_center.web.units import reading
from privacy_center.web.visitor import Visitor


def is_proven(who: Visitor, action: Action | None) -> bool:
    """Whether this visitor may go on; without an action, any fresh proof will do.

    A request whose wait is made after it is handed in may go on with all the proofs that the customer has.
    """
    if action is None:
        return who.fresh
    with reading() as session:
        needed, verdict = standing(session, who, action, clock.now())
    if needed.fresh and not is_fresh_for(who, action):
        return False
    return verdict is Verdict.ENOUGH or (verdict is Verdict.WAIT and needed.as_request)


def refuse_stopped_person(who: Visitor) -> None:
    """Refuses (409) a sensitive step while everything of this person is stopped, whatever they have proven."""
    with reading() as session:
        refuse_frozen_person(session, who.person)


def is_fresh_for(who: Visitor, action: Action) -> bool:
    """Whether the last proof is younger than five minutes and was given for this action."""
    return who.fresh and who.fresh_for == PROOF_FOR[action]


def standing(session: Session, who: Visitor, action: Action, at: datetime) -> tuple[Needed, Verdict]:
    """What the visitor needs for the action now, and whether their login has it."""
    login = session.get_one(LoginSession, who.login)
    signals = tuple(signals_of(session, who.person, at, device=login.device_hash))
    needed = needed_for(session, who.person, action, at, signals)
    return needed, judge(session, login, action, needed, at)
