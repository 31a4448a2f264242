"""What managers see: how many requests of a year, how they went, and never whose."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.clock import local_date
from privacy_center.errors import Words
from privacy_center.execution.models import HeldRows
from privacy_center.privacy_requests.models import Channel, Kind, PrivacyRequest
from privacy_center.review.models import Choice, DecisionState, ReviewDecision
from privacy_center.review.small_cells import SMALLEST, Cell, hide_small


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of one year. `on_time` and `late` are parts of what was closed, `closed` and `open` of what came in.

    `too_few`: fewer than five came in, so that nothing more is told.
    """

    received: Cell
    too_few: bool
    by_kind: Mapping[Kind, Cell]
    by_channel: Mapping[Channel, Cell]
    by_end: Mapping[str, Cell]
    by_time: Mapping[str, Cell]
    on_time_percent: int | None
    refusals: Mapping[str, Cell]
    holds: list[tuple[Words, Cell]]


def totals_of(session: Session, year: int, timezone: str) -> Totals:
    """The numbers of the requests that came in within a calendar year where the company is. Whole years only: numbers of
    overlapping spans could be subtracted from each other.
    """
    rows = _rows(session, year, timezone)
    received = len(rows)
    if received < SMALLEST:
        return Totals(Cell(None if received else 0, small=received > 0), True, {}, {}, {}, {}, None, {}, [])
    closed = [row for row in rows if row.closed_at is not None]
    in_time = sum(local_date(row.closed_at, timezone) <= row.due_on for row in closed)
    by_end = hide_small({"closed": len(closed), "open": received - len(closed)})
    by_time = hide_small({"on_time": in_time, "late": len(closed) - in_time}) if by_end["closed"].count else {}
    shown = bool(by_time) and all(cell.count is not None for cell in by_time.values())
    ids = sa.select(PrivacyRequest.id).where(*_within(year, timezone))
    return Totals(
        received=Cell(received),
        too_few=False,
        by_kind=hide_small({kind: sum(row.kind is kind for row in rows) for kind in Kind}),
        by_channel=hide_small({one: sum(row.channel is one for row in rows) for one in Channel}),
        by_end=by_end,
        by_time=by_time,
        on_time_percent=round(100 * in_time / len(closed)) if shown else None,
        refusals=_refusals(session, ids),
        holds=_holds(session, ids),
    )


def years_with_requests(session: Session, timezone: str) -> list[int]:
    """The years (where the company is) in which requests came in, newest first."""
    first, last = session.execute(
        sa.select(sa.func.min(PrivacyRequest.received_at), sa.func.max(PrivacyRequest.received_at))
    ).one()
    if first is None:
        return []
    return list(range(local_date(last, timezone).year, local_date(first, timezone).year - 1, -1))


def _rows(session: Session, year: int, timezone: str) -> list[sa.Row]:
    one = PrivacyRequest
    wanted = sa.select(one.kind, one.channel, one.closed_at, one.due_on).where(*_within(year, timezone))
    return list(session.execute(wanted))


def _within(year: int, timezone: str) -> tuple[sa.ColumnElement[bool], ...]:
    zone = ZoneInfo(timezone)
    first, last = (datetime(one, 1, 1, tzinfo=zone).astimezone(UTC) for one in (year, year + 1))
    return PrivacyRequest.received_at >= first, PrivacyRequest.received_at < last


def _refusals(session: Session, ids: sa.Select) -> Mapping[str, Cell]:
    """Reason → requests refused for it. A refusal may have several reasons, so that they make up no total."""
    wanted = sa.select(ReviewDecision.request_id, ReviewDecision.reason_codes).where(
        ReviewDecision.request_id.in_(ids),
        ReviewDecision.choice == Choice.REFUSE,
        ReviewDecision.state == DecisionState.FINAL,
    )
    pairs = {(code, request) for request, codes in session.execute(wanted) for code in codes}
    return hide_small(dict(Counter(code for code, _ in pairs).most_common()), adds_up=False)


def _holds(session: Session, ids: sa.Select) -> list[tuple[Words, Cell]]:
    """Rule → requests of which it holds something now."""
    wanted = sa.select(HeldRows.request_id, HeldRows.holds).where(
        HeldRows.request_id.in_(ids), HeldRows.released_at.is_(None)
    )
    found: dict[Words, set[object]] = {}
    for request, holds in session.execute(wanted):
        for hold in holds:
            found.setdefault(Words.read(hold["title"]), set()).add(request)
    counts = {title: len(requests) for title, requests in found.items()}
    ordered = sorted(hide_small(counts, adds_up=False).items(), key=lambda one: (-(one[1].count or 0), one[0].zh))
    return [(title, cell) for title, cell in ordered]
