"""How much of a page a customer sees. Under signs of risk, who has another proof is asked for it, once; who has none, or
does not want to, sees less: never a value, a message or a paper.
"""

from dataclasses import dataclass

from flask import Response, request, url_for
from flask import session as browser

from privacy_center import clock
from privacy_center.errors import Words
from privacy_center.people.enough import Verdict, waiting_for
from privacy_center.people.levels import Action
from privacy_center.people.risk import SignalKind
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.web.customer.held import met_in, search_held
from privacy_center.web.customer.identity import me
from privacy_center.web.filters import moment
from privacy_center.web.met import Met, met_before, remember_met
from privacy_center.web.page import go
from privacy_center.web.proven import seeing
from privacy_center.web.units import reading

LESS = "sees_less"


@dataclass(frozen=True, slots=True)
class Sight:
    """What the level lets this visitor see of a page. `why`: the signs of risk; `waiting_until`: when a wait ends, in words.

    `ways` leads to the page of proofs, where a wait can be begun as well.
    """

    verdict: Verdict
    why: tuple[Words, ...] = ()
    waiting_until: str = ""
    ways: str = ""

    @property
    def whole(self) -> bool:
        return self.verdict is Verdict.ENOUGH


def sight_of(action: Action, here: str, met: Met | None = None) -> Sight:
    """What the visitor may see of the page at `here`; `met`: signs that a search, or the request, has told. They hold for the
    login from now on, whether or not they make a difference to this page.
    """
    if met is not None:
        remember_met(met)
    with reading() as session:
        needed, verdict = seeing(session, me(), action, clock.now(), met)
        if verdict is Verdict.ENOUGH:
            return Sight(verdict)
        waiting = waiting_for(session, me().person, action, clock.now())
    until = moment(waiting.ready_at) if waiting else ""
    return Sight(verdict, tuple(one.words for one in needed.signals), until, url_for("fresh.confirm", next=here))


def ask_first(sight: Sight) -> Response | None:
    """To the page of proofs for who has another; None where the page goes on, with less of it or all. Who chose to see
    less is not asked again in this login.
    """
    if request.args.get("less") == "yes":
        browser[LESS] = True
    asks = sight.verdict is Verdict.MORE and not browser.get(LESS)
    return go(sight.ways) if asks else None


def search_anew() -> None:
    """Look for signs of risk before everything is shown: who never opens a page that searches, or drops what it found, is
    judged by them all the same.
    """
    remember_met(met_in(search_held()))


def request_seen(reference: str) -> tuple[PrivacyRequest, Sight]:
    """One's own request, and what of it may be seen; refuses (404) what is not one's own."""
    with reading() as session:
        asked = request_by_reference(session, reference, person=me().person)
    return asked, sight_of(Action.TRACK, url_for("requests.show", reference=reference), _met_by(asked))


def _met_by(asked: PrivacyRequest) -> Met:
    """The signs that the search behind a request found and that it keeps; those found in this login hold as well."""
    before, flags = met_before(), asked.risk_flags
    changed = asked.received_at if SignalKind.NEW_NUMBER in flags else before.number_changed_at
    return Met(before.several_accounts or SignalKind.RECYCLED_NUMBER in flags, changed)
