"""What narrows the hold register: a request, an owner, and why records are held: a rule, or a kind of hold by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.execution.models import HeldRows
from privacy_center.holds.kinds import KINDS, PlacedKind
from privacy_center.holds.models import PlacedHold
from privacy_center.holds.queries import Listed
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.verdict import PLACED
from privacy_center.web.filters import today, words
from privacy_center.web.units import center

LONGEST = 40


@dataclass(frozen=True, slots=True)
class HoldFilters:
    """`reason`: the key of a rule, or `placed:` and a kind of hold by hand; empty for all."""

    reference: str = ""
    owner: str = ""
    reason: str = ""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "HoldFilters":
        """The filters of an address; what is not known is read as not given."""
        reason = args.get("reason", "").strip()
        known = {value for value, _title in reason_options()}
        reference, owner = (args.get(name, "").strip()[:LONGEST] for name in ("request", "owner"))
        return cls(reference.upper(), owner, reason if reason in known else "")

    @property
    def kind(self) -> PlacedKind | None:
        """The kind of hold by hand, where the reason is one."""
        return PlacedKind(self.reason.removeprefix(PLACED)) if self.reason.startswith(PLACED) else None

    def placed(self, *, overdue: bool = False) -> Listed | None:
        """Which holds by hand these are; none where a rule was chosen."""
        if self.reason and self.kind is None:
            return None
        return Listed(self.reference, self.owner, self.kind, today() if overdue else None)

    def of_register(self, session: Session) -> list[sa.ColumnElement[bool]]:
        """The conditions on the entries of the register. Entries have no owner; that filter is about holds by hand."""
        conditions: list[sa.ColumnElement[bool]] = []
        if self.reference:
            asked = sa.select(PrivacyRequest.id).where(PrivacyRequest.reference == self.reference)
            conditions.append(HeldRows.request_id.in_(asked))
        if self.kind is not None:
            of_kind = session.scalars(sa.select(PlacedHold).where(PlacedHold.kind == self.kind))
            conditions.append(sa.or_(sa.false(), *(_held_by(hold.rule) for hold in of_kind)))
        elif self.reason:
            conditions.append(_held_by(self.reason))
        return conditions

    def arguments(self) -> dict[str, str | None]:
        """The query string of these filters."""
        return {"request": self.reference or None, "owner": self.owner or None, "reason": self.reason or None}


def _held_by(rule: str) -> sa.ColumnElement[bool]:
    return (" " + HeldRows.rules + " ").contains(f" {rule} ", autoescape=True)


def reason_options() -> list[tuple[str, str]]:
    """Every kind of hold by hand and every rule, for a select."""
    kinds = [(f"{PLACED}{kind.value}", f"{_('人工保留')}{_('：')}{words(KINDS[kind].title)}") for kind in PlacedKind]
    rules = [(rule.key, words(rule.title)) for pack in center().rules.packs for rule in pack.rules]
    return [("", _("全部")), *kinds, *rules]
