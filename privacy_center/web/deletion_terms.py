"""On what terms a deletion is taken in: how sure we are who asks decides how long it waits and who is told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.people.enough import Verdict, judge
from privacy_center.people.levels import WAIT, Action, needed_for
from privacy_center.people.models import Level, LoginSession
from privacy_center.people.risk import Signal, flags, signals_of
from privacy_center.plans.draft import DraftedPlan
from privacy_center.privacy_requests.scope import RequestScope
from privacy_center.review.duties import BELOW_LEVEL
from privacy_center.sources.changed_on import latest_change
from privacy_center.sources.rows import Ownership
from privacy_center.web.choices import takes_account
from privacy_center.web.units import center


@dataclass(frozen=True, slots=True)
class Terms:
    """`days` to change one's mind; `enough`: the level is reached. If it is not, 72 hours are the least, nothing is done
    at once, every contact on file is told, and two people review.
    """

    level: Level
    method: str
    enough: bool
    days: int
    signals: tuple[Signal, ...]

    @property
    def flags(self) -> list[str]:
        """What the request keeps for its reviewers."""
        return flags(self.signals) + ([] if self.enough else [BELOW_LEVEL])


def action_for(scope: RequestScope) -> Action:
    """Which line of the table a deletion of this scope falls under; choosing an account is choosing all of it."""
    return Action.DELETE_ALL if takes_account(scope) else Action.DELETE_SOME


def judge_deletion(
    session: Session, login: LoginSession, action: Action, drafted: DraftedPlan, changed: datetime | None, at: datetime
) -> Terms:
    """The terms for whoever `login` has proven to be, and the plan they saw; the search behind it may have met signs of
    risk. `changed`: what `phone_changed_at` says (UTC), asked before any transaction of ours. Nobody who has proven
    nothing at all has enough, whatever they waited for.
    """
    person, several = login.owner_id, drafted.disputed is not None
    told = {"device": login.device_hash, "several_accounts": several, "number_changed_at": changed}
    signals = tuple(signals_of(session, person, at, **told))
    needed = needed_for(session, person, action, at, signals)
    enough = login.level > Level.V0 and judge(session, login, action, needed, at) is Verdict.ENOUGH
    days = center().settings.cooling_off_days
    return Terms(login.level, login.method, enough, days if enough else max(days, WAIT.days), signals)


def phone_changed_at(drafted: DraftedPlan) -> datetime | None:
    """When the number on the customer's own records was changed (UTC), where `[risk]` names a field that says so."""
    house = center()
    place, own = house.settings.risk.phone_changed_at, drafted.sheet.rows
    collection = place.rpartition(".")[0]
    mine = [key for key, decision in own.get(collection, {}).items() if decision.ownership is Ownership.OWN]
    return latest_change(house.sources, place, drafted.sheet.key_fields, {collection: mine})
