"""The terms on which a deletion of the signed-in customer is taken in."""

from privacy_center import clock
from privacy_center.people.levels import Action
from privacy_center.people.models import LoginSession
from privacy_center.plans.draft import DraftedPlan
from privacy_center.web.customer.draft import Chosen, scope_of_choice
from privacy_center.web.customer.identity import me
from privacy_center.web.deletion_terms import Terms, action_for, judge_deletion, phone_changed_at
from privacy_center.web.units import reading


def action_of(chosen: Chosen) -> Action:
    """Which line of the table a deletion falls under."""
    return action_for(scope_of_choice(chosen))


def terms_for(chosen: Chosen, drafted: DraftedPlan) -> Terms:
    """The terms for the signed-in customer and the plan they saw."""
    changed = phone_changed_at(drafted)
    with reading() as session:
        login = session.get_one(LoginSession, me().login)
        return judge_deletion(session, login, action_of(chosen), drafted, changed, clock.now())
