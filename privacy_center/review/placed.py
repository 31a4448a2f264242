"""A decision to restrict places a hold: what a reviewer keeps is protected until somebody ends that, not until the next sweep."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.holds.kinds import KINDS, PlacedKind
from privacy_center.holds.lookup import as_hold
from privacy_center.holds.place import NewHold, Placing, Records, place_hold
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.terms import local_today
from privacy_center.plans.freeze import keys_in
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.verdict import Hold, Outcome, Treatment
from privacy_center.review.overrides import Override
from privacy_center.review.reasons import all_reasons
from privacy_center.sources.rows import Key


def place_decided(
    session: Session,
    request: PrivacyRequest,
    decided: Iterable[tuple[PlanItem, Override]],
    *,
    first_by: str,
    by: StaffMember,
    at: datetime,
) -> None:
    """Place a hold for every reason for which items are restricted, and join it to the holds of these items.

    Part of the decision's own transaction: the items are restricted and protected, or neither. The first reviewer owns it.
    """
    together: dict[tuple[str, str], list[PlanItem]] = {}
    for item, override in decided:
        if override.outcome is Outcome.RESTRICT:
            together.setdefault((override.reason_code, override.text), []).append(item)
    placing = Placing(by, at, local_today(session, at), request)
    for (code, text), restricted in together.items():
        wanted = NewHold(kind_for(code), text, owner=first_by, customer=_customer_words(code))
        hold = as_hold(place_hold(session, wanted, _records(session, restricted), placing))
        for item in restricted:
            item.join_hold(hold)


def kind_for(reason_code: str) -> PlacedKind:
    """The kind of hold that a reason for restricting places."""
    reason = all_reasons().get(reason_code)
    return reason.hold if reason and reason.hold else PlacedKind.OTHER


def hold_to_come(override: Override) -> Hold:
    """The hold that a decision to restrict will place, for the letter before it is sent."""
    words = KINDS[kind_for(override.reason_code)]
    return Hold(
        rule="placed:",
        title=words.title,
        customer=_customer_words(override.reason_code) or words.customer,
        authority=words.authority,
        citation=words.title,
        treatment=Treatment.RESTRICT,
        event=words.ends_when,
    )


def _customer_words(reason_code: str) -> Words | str:
    """What the customer reads of a reason that has no kind of hold of its own; empty for one that has."""
    reason = all_reasons()[reason_code]
    return "" if reason.hold else reason.letter


def _records(session: Session, items: Iterable[PlanItem]) -> dict[str, Records]:
    keys: dict[str, list[Key]] = {}
    names: dict[str, tuple[str, ...]] = {}
    for item in items:
        keys.setdefault(item.collection, []).extend(keys_in(session, item))
        names[item.collection] = tuple(item.key_fields)
    return {collection: Records(names[collection], found) for collection, found in keys.items()}
