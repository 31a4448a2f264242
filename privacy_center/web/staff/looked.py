"""Writing down that a member of staff looked at a customer's data, before the page is drawn."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import identities_shown, label_of, request_by_reference
from privacy_center.web.staff.shown_request import masked_identities, sees_customer
from privacy_center.web.staff.who import actor
from privacy_center.web.units import center, transaction

HEAD = ("user.name", "user.contact")


def note_request_look(
    reference: str,
    page: str,
    *,
    data: Iterable[str] = (),
    counts_of: Iterable[str] = (),
    purpose: str = "request.review",
) -> None:
    """A look at a page of a request: the masked name and contacts in its head where the reader may see them, values of the
    kinds in `data`, and of the kinds in `counts_of` nothing but their names and how many rows there are.

    Refuses (404) a reference that no request has; nothing is written then.
    """
    with transaction() as session:
        asked = request_by_reference(session, reference)
        head = HEAD if sees_customer(asked) else ()
        shown = {"name": label_of(session, asked), "contacts": [value for _, value in _contacts(session, asked)]}
        note_look(
            session,
            asked,
            page,
            data=[*head, *data],
            counts_of=counts_of,
            shown=shown if head else None,
            purpose=purpose,
        )


def note_list_look(references: Iterable[str], page: str) -> None:
    """One look at a list in which several customers stand with masked names; none when the list is empty."""
    cases = list(references)
    if not cases:
        return
    with transaction() as session:
        record_look(
            session,
            actor=actor(),
            subject=None,
            data=["user.name"],
            purpose="request.review",
            case=None,
            more={"page": page, "cases": cases},
            at=clock.now(),
        )


def note_look(
    session: Session,
    asked: PrivacyRequest,
    page: str,
    *,
    data: Iterable[str],
    counts_of: Iterable[str] = (),
    shown: Mapping[str, object] | None = None,
    act: str = "data.look",
    purpose: str = "request.review",
    more: Mapping[str, object] | None = None,
) -> None:
    """A look at data of the person who asked; `shown` is masked already, `more` are codes."""
    record_look(
        session,
        actor=actor(),
        subject=asked.person_id,
        data=data,
        counts_of=counts_of,
        purpose=purpose,
        case=asked.reference,
        act=act,
        shown=shown,
        more={"page": page, **(more or {})},
        at=clock.now(),
    )


def planned_categories(session: Session, asked: PrivacyRequest) -> set[str]:
    """The data categories of the collections in the current plan: what its page names and counts."""
    planned = sa.select(PlanItem.collection).join(Plan, Plan.id == PlanItem.plan_id)
    mine = planned.where(Plan.request_id == asked.id, Plan.superseded_at.is_(None)).distinct()
    return set().union(*(categories_of(one) for one in session.scalars(mine)))


def categories_of(collection: str) -> set[str]:
    """The personal data categories of one collection of the map."""
    found = center().data_map.collections.get(collection)
    if found is None:
        return set()
    said = [*found.data_categories, *(one for field in found.fields.values() for one in field.data_categories)]
    return {one for one in said if one.startswith("user")}


def _contacts(session: Session, asked: PrivacyRequest) -> list[tuple[str, str]]:
    return masked_identities(identities_shown(session, asked))
