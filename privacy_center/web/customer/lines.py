"""The lines of a request's frozen plan, and what the request is about, in words."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.execution.record_states import record_states
from privacy_center.plans.freeze import current_plan, items_of
from privacy_center.plans.preview import preview_items
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.scope import EVERYTHING
from privacy_center.web.choices import words_of_scope
from privacy_center.web.filters import words
from privacy_center.web.ledger import Ledger, ledger_of
from privacy_center.web.preview_words import shown_states
from privacy_center.web.units import center


def told_of(session: Session, asked: PrivacyRequest) -> Ledger:
    """The lines of the frozen plan of a request; none when it has no plan."""
    plan = current_plan(session, asked.id)
    if plan is None:
        return Ledger([])
    items = items_of(session, plan.id)
    done = asked.state in (State.COMPLETED, State.COMPLETED_WITH_HOLDS)
    ledger = ledger_of(preview_items(center().catalogue, center().data_map, items, done=done))
    states = record_states(session, plan, items)
    for line in ledger.lines:
        line.done = shown_states(states, line.items)
    return ledger


def scope_words(asked: PrivacyRequest) -> str:
    """What the request is about: everything, or the titles of what was chosen."""
    if asked.request_scope == EVERYTHING:
        return _("删除全部信息")
    return words(words_of_scope(asked.request_scope))
