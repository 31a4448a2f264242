"""On what terms a deletion is taken in: how sure we are who asks decides how long it waits and who is told."""

from dataclasses import dataclass
from datetime import datetime

from privacy_center import clock
from privacy_center.people.enough import Verdict, judge
from privacy_center.people.levels import WAIT, Action, needed_for
from privacy_center.people.models import Level, LoginSession
from privacy_center.people.risk import Signal, flags, signals_of
from privacy_center.plans.draft import DraftedPlan
from privacy_center.review.duties import BELOW_LEVEL
from privacy_center.sources.changed_on import latest_change
from privacy_center.sources.rows import Ownership
from privacy_center.web.customer.draft import Chosen
from privacy_center.web.customer.identity import me
from privacy_center.web.units import center, reading


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


def action_of(chosen: Chosen) -> Action:
    """Which line of the table a deletion falls under."""
    return Action.DELETE_SOME if chosen.scope == "categories" else Action.DELETE_ALL


def terms_for(chosen: Chosen, drafted: DraftedPlan) -> Terms:
    """The terms for the signed-in customer and the plan they saw; the search behind it may have met signs of risk."""
    house, at, action = center(), clock.now(), action_of(chosen)
    changed = _phone_changed_at(drafted)
    with reading() as session:
        login = session.get_one(LoginSession, me().login)
        signals = tuple(
            signals_of(
                session,
                me().person,
                at,
                device=login.device_hash,
                several_accounts=drafted.disputed is not None,
                number_changed_at=changed,
            )
        )
        needed = needed_for(session, me().person, action, at, signals)
        enough = judge(session, login, action, needed, at) is Verdict.ENOUGH
    days = house.settings.cooling_off_days
    return Terms(login.level, login.method, enough, days if enough else max(days, WAIT.days), signals)


def _phone_changed_at(drafted: DraftedPlan) -> datetime | None:
    house = center()
    place, own = house.settings.risk.phone_changed_at, drafted.sheet.rows
    collection = place.rpartition(".")[0]
    mine = [key for key, decision in own.get(collection, {}).items() if decision.ownership is Ownership.OWN]
    return latest_change(house.sources, place, drafted.sheet.key_fields, {collection: mine})
