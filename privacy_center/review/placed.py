"""A decision to restrict places a hold: what a reviewer keeps is protected until somebody ends that, not until the next sweep."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.holds.kinds import KINDS, PlacedKind
from privacy_center.holds.lookup import as_hold
from privacy_center.holds.place import NewHold, Placing, Records, place_hold
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.terms import local_today
from privacy_center.plans.decision import Action
from privacy_center.plans.freeze import keys_in
from privacy_center.plans.ground import Ground
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.verdict import Hold, Outcome, Treatment
from privacy_center.review.overrides import Override
from privacy_center.review.reasons import all_reasons
from privacy_center.sources.rows import Key

EVERY: set[str] = set()
"""Stands for records that the plan does not change, whatever holds them."""


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


def refuse_new_holds(session: Session, ground: Ground, items: Iterable[PlanItem], today: date) -> None:
    """Refuses (409) to approve a plan on whose records a hold was placed since: the letter would not say that they stay."""
    known: dict[tuple[str, Key], set[str]] = {}
    keys: dict[str, list[Key]] = {}
    names: dict[str, tuple[str, ...]] = {}
    for item in items:
        rules = {hold["rule"] for hold in item.holds}
        names[item.collection] = tuple(item.key_fields)
        for key in keys_in(session, item):
            keys.setdefault(item.collection, []).append(key)
            known[item.collection, key] = EVERY if item.act is Action.KEEP else rules
    for record, placed in ground.hold_register.on(keys, names, today).items():
        if known[record] is not EVERY and not {hold.rule for hold in placed} <= known[record]:
            raise Refusal(
                "方案确定后，有记录被人工保留。请先重新生成方案，再作决定。",
                "Records were put on hold after this plan was made. Regenerate the plan, then decide.",
                field="choice",
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
