"""One customer in the hands of one member of staff, from the search that found them to the request: kept in the browser's
signed cookie for half an hour, bound to this login. Another customer takes another search.

Whom nobody here knows yet is found by the company's databases: their two identifiers travel sealed, and a person is made of
them only once they were verified.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from flask import session as browser

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.audit.purposes import DEFAULT_CHANNEL
from privacy_center.errors import Refusal
from privacy_center.looks.for_whoever_comes import keep_for_whoever_comes
from privacy_center.people.models import Level, LoginSession
from privacy_center.people.staff.conflict import refuse_conflict
from privacy_center.privacy_requests.scope import RequestScope
from privacy_center.web.choices import scope_chosen
from privacy_center.web.staff.in_hand import InHand, begun_with, claimed_in, index_in_hand, searched_by
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction

KEPT = "assist"


@dataclass(slots=True)
class Visit(InHand):
    """What stands so far. `how`: counter, code or none, once it was verified or gone without;
    `method`, `level`, `contact`: as a login of the customer would have them; `attempt`: the code that is under way;
    `reference`: the request that came of it; `cancelling`: by what the caller proved that they may cancel, and nothing else; `waived`: rules whose
    protection the customer gives up; `guardian`: the
    kind of document by which a child's guardian was seen at the counter.
    """

    channel: str = ""
    how: str = ""
    method: str = ""
    level: str = Level.V0.value
    contact: str = ""
    document: str = ""
    guardian: str = ""
    attempt: dict[str, str] = field(default_factory=dict)
    scope: str = ""
    groups: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    language: str = ""
    reference: str = ""
    cancelling: str = ""
    waived: list[str] = field(default_factory=list)

    @property
    def request_scope(self) -> RequestScope:
        """What the deletion will be about, as chosen so far."""
        return scope_chosen(self.scope, self.groups, self.kinds)

    @property
    def proven(self) -> bool:
        """Whether anything at all says that it is the customer: then the preview may be read out."""
        return self.level > Level.V0.value

    @property
    def may_cancel(self) -> bool:
        """Whether a request may be cancelled: whoever has proven themselves for a deletion may stop one as well."""
        return self.proven or bool(self.cancelling)

    def as_login(self) -> LoginSession:
        """The customer as if they had proven this much in a browser; never kept."""
        contact = bytes.fromhex(self.contact) or None
        return LoginSession(owner_id=self.subject, level=Level(self.level), method=self.method, contact_index=contact)

    def take_from(self, login: LoginSession) -> None:
        """Remember what such a login has come to."""
        self.method, self.level = login.method, login.level.value
        self.contact = login.contact_index.hex() if login.contact_index else ""


def begin_visit(person: uuid.UUID | None, claimed: Sequence[tuple[str, str]], ticket: str) -> str:
    """A search has found this customer: the key under which the steps go on; whoever was in hand before is not any more.

    `claimed`: for somebody who is new, the identifiers that the company has on file as theirs; nobody has proven them to us.
    """
    made = Visit(**begun_with(person, claimed, ticket))
    keep_visit(made)
    return made.key


def keep_visit(visit: Visit) -> None:
    """Remember a step."""
    browser[KEPT] = asdict(visit)


def visit_of(key: str) -> Visit:
    """What the key stands for. Refuses (404) another login's, one that is over, and one that never was; (403) a conflict of
    interest that was declared since.
    """
    kept = browser.get(KEPT)
    visit = Visit(**kept) if kept else None
    if visit is None or not visit.is_mine(key):
        raise Refusal(
            "这次办理已经结束，或者不是从您的查找开始的。请回到“查找客户”，再查一次。",
            "This visit is over, or did not begin with a search of yours. Go back to “Find a customer” and search again.",
            status=404,
        )
    with reading() as session:
        refuse_conflict(session, me(), searched_by(session, visit), visit.subject if visit.known else None)
    return visit


def note_look(visit: Visit, step: str, *, data: tuple[str, ...] = (), counts_of: tuple[str, ...] = ()) -> None:
    """Write down what a step has shown, with the ticket."""
    at = clock.now()
    with transaction() as session:
        entry = record_look(
            session,
            actor=actor(),
            subject=visit.subject if visit.known else None,
            data=data,
            counts_of=counts_of,
            purpose="request.assist",
            case=visit.reference or None,
            channel=visit.channel or DEFAULT_CHANNEL,
            more={**ticket_of(visit), **index_in_hand(session, visit), "page": f"assist.{step}"},
            at=at,
        )
        if not visit.known:
            keep_for_whoever_comes(session, entry, claimed_in(session, visit), at)


def ticket_of(visit: Visit) -> Mapping[str, str]:
    """The case of the search, as the record names it."""
    return {"ticket": visit.ticket}


def is_over_at(visit: Visit) -> datetime:
    """When the half hour ends (UTC)."""
    return datetime.fromtimestamp(visit.until, clock.now().tzinfo)
