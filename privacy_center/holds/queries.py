"""Placed holds for lists and for their own page."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.holds.kinds import PlacedKind
from privacy_center.holds.models import PlacedHold, PlacedHoldEvent, PlacedRecords
from privacy_center.keys.sealing import open_json
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.sources.row_keys import read_keys
from privacy_center.sources.rows import Key


@dataclass(frozen=True, slots=True)
class Listed:
    """Which holds to list: of one request, of one owner, of one kind, those whose review date has come by a day, ended ones too."""

    reference: str = ""
    owner: str = ""
    kind: PlacedKind | None = None
    overdue: date | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class ListedHold:
    """One hold with its number of records and the request in which it was placed, if in one."""

    hold: PlacedHold
    rows: int
    reference: str | None


def list_holds(session: Session, listed: Listed, skip: int = 0, size: int = 25) -> list[ListedHold]:
    """Holds with the next review date first."""
    rows = sa.select(sa.func.coalesce(sa.func.sum(PlacedRecords.row_count), 0)).where(
        PlacedRecords.hold_id == PlacedHold.id
    )
    wanted = (
        sa.select(PlacedHold, rows.scalar_subquery(), PrivacyRequest.reference)
        .outerjoin(PrivacyRequest, PrivacyRequest.id == PlacedHold.request_id)
        .where(*_conditions(listed))
        .order_by(PlacedHold.ended_at.is_not(None), PlacedHold.review_on, PlacedHold.placed_at, PlacedHold.id)
    )
    return [ListedHold(*row) for row in session.execute(wanted.offset(skip).limit(size))]


def count_holds(session: Session, listed: Listed) -> int:
    """How many holds there are of this kind."""
    counted = sa.select(sa.func.count()).select_from(PlacedHold)
    counted = counted.outerjoin(PrivacyRequest, PrivacyRequest.id == PlacedHold.request_id)
    return session.scalar(counted.where(*_conditions(listed))) or 0


def _conditions(listed: Listed) -> Iterable[sa.ColumnElement[bool]]:
    if not listed.ended:
        yield PlacedHold.ended_at.is_(None)
    if listed.reference:
        yield PrivacyRequest.reference == listed.reference
    if listed.owner:
        yield PlacedHold.owner == listed.owner
    if listed.kind is not None:
        yield PlacedHold.kind == listed.kind
    if listed.overdue is not None:
        yield PlacedHold.review_on <= listed.overdue


def find_hold(session: Session, hold_id: uuid.UUID) -> PlacedHold:
    """The hold with this id; refuses (404) one that is not there."""
    hold = session.get(PlacedHold, hold_id)
    if hold is None:
        raise Refusal("没有这项保留。", "There is no such hold.", status=404)
    return hold


def records_of(session: Session, hold_id: uuid.UUID) -> list[PlacedRecords]:
    """The records that a hold keeps, by collection."""
    wanted = sa.select(PlacedRecords).where(PlacedRecords.hold_id == hold_id).order_by(PlacedRecords.collection)
    return list(session.scalars(wanted))


def keys_placed(session: Session, records: PlacedRecords) -> list[Key]:
    """The row keys of a hold in one collection, opened."""
    return read_keys(open_json(session, records.keys_sealed, f"placed_hold:{records.id}"))


def history_of(session: Session, hold_id: uuid.UUID) -> list[PlacedHoldEvent]:
    """What happened to a hold, newest first."""
    wanted = sa.select(PlacedHoldEvent).where(PlacedHoldEvent.hold_id == hold_id)
    return list(session.scalars(wanted.order_by(PlacedHoldEvent.at.desc(), PlacedHoldEvent.id)))
