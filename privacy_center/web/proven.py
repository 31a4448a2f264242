"""Whether the customer who is here has proven enough for an action, freshly and for this very thing."""

from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.people.enough import Verdict, judge
from privacy_center.people.levels import PROOF_FOR, Action, Needed, needed_for, needed_here, one_higher
from privacy_center.people.models import LoginSession
from privacy_center.people.risk import signals_of
from privacy_center.privacy_requests.stopped import refuse_frozen_person
from privacy_center.web.met import Met, met_before
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


def standing(
    session: Session, who: Visitor, action: Action, at: datetime, met: Met | None = None
) -> tuple[Needed, Verdict]:
    """What the visitor needs for the action now, and whether their login has it.

    `met`: what a search in the company's databases told of risk; else what it told before in this login.
    """
    needed = _needed(session, who, action, at, met)
    return needed, judge(session, session.get_one(LoginSession, who.login), action, needed, at)


def seeing(
    session: Session, who: Visitor, action: Action, at: datetime, met: Met | None = None
) -> tuple[Needed, Verdict]:
    """The same for a page that is opened often, by the level with which this request came in: one statement as a rule, and
    none where no sign could make a difference.
    """
    usual = needed_here(session, action)
    if who.level >= one_higher(usual.level):
        return usual, Verdict.ENOUGH
    needed = _needed(session, who, action, at, met)
    if who.level >= needed.level:
        return needed, Verdict.ENOUGH
    return needed, judge(session, session.get_one(LoginSession, who.login), action, needed, at)


def _needed(session: Session, who: Visitor, action: Action, at: datetime, met: Met | None) -> Needed:
    found = met_before() if met is None else met
    signals = signals_of(
        session,
        who.person,
        at,
        device=who.device,
        several_accounts=found.several_accounts,
        number_changed_at=found.number_changed_at,
    )
    return needed_for(session, who.person, action, at, tuple(signals))
