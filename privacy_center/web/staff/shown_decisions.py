"""Decisions in words: what was chosen, why, what was changed, and who the second person was."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.keys.sealing import show_text
from privacy_center.plans.models import PlanItem
from privacy_center.retention.verdict import Outcome
from privacy_center.review.confirm import SECOND_TEXT
from privacy_center.review.decide import decisions_on, hold_reasons_of, overrides_of, text_of
from privacy_center.review.duties import WHY_SECOND
from privacy_center.review.models import Choice, DecisionState, ReviewDecision
from privacy_center.review.overrides import Override, read_key
from privacy_center.review.reasons import all_reasons
from privacy_center.web.filters import words
from privacy_center.web.staff.deadline import Badge
from privacy_center.web.staff.vocabulary import outcome_words
from privacy_center.web.units import center

Change = tuple[Words, Outcome, str, Outcome, str, str, str]


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """One decision. `diff`: what was decided otherwise than planned; `why`: why a second person is needed."""

    id: uuid.UUID
    choice: str
    approving: bool
    state: Badge
    by: str
    at: datetime
    reasons: list[str]
    text: str
    diff: list[Change]
    why: list[str]
    second: str
    second_at: datetime | None
    second_text: str
    hold_reasons: list[tuple[Words, str]]


def show_decisions(
    session: Session, request_id: uuid.UUID, items: Iterable[PlanItem], *, may_read: bool
) -> list[ShownDecision]:
    """Every decision on a request, newest first; the words only for those who review."""
    by_id = {str(item.id): item for item in items}
    return [show_decision(session, one, by_id, may_read=may_read) for one in decisions_on(session, request_id)]


def show_decision(
    session: Session, one: ReviewDecision, items: Mapping[str, PlanItem], *, may_read: bool = True
) -> ShownDecision:
    """One decision, opened."""
    sealed = one.second_text_sealed
    return ShownDecision(
        id=one.id,
        choice=choice_words(one.choice),
        approving=one.choice in (Choice.APPROVE, Choice.APPROVE_PART),
        state=decision_badge(one.state),
        by=one.first_by,
        at=one.first_at,
        reasons=reason_titles(one.reason_codes),
        text=text_of(session, one) if may_read else "",
        diff=changes(overrides_of(session, one), items) if may_read else [],
        why=[words(WHY_SECOND[code]) for code in one.why_second if code in WHY_SECOND],
        second=one.second_by or "",
        second_at=one.second_at,
        second_text=show_text(session, sealed if may_read else None, SECOND_TEXT),
        hold_reasons=_hold_reasons(session, one, items) if may_read else [],
    )


def _hold_reasons(session: Session, one: ReviewDecision, items: Mapping[str, PlanItem]) -> list[tuple[Words, str]]:
    titles = {hold["rule"]: Words.read(hold.get("title")) for item in items.values() for hold in item.holds}
    return [(titles.get(rule, Words(rule, rule)), why) for rule, why in hold_reasons_of(session, one).items()]


def changes(overrides: Mapping[str, Override], items: Mapping[str, PlanItem]) -> list[Change]:
    """What is decided otherwise than planned; items that say the same of the same collection are told once."""
    told: dict[tuple[object, ...], Change] = {}
    for key, override in overrides.items():
        item = items.get(read_key(key)[0])
        if item is None:
            continue
        title, now = center().catalogue.collection(item.collection).title, override.outcome
        reason = "".join(reason_titles([override.reason_code]))
        was = (item.outcome, outcome_words(item.outcome))
        like = (item.collection, item.outcome, now, override.reason_code, override.text)
        told[like] = (title, *was, now, outcome_words(now), reason, override.text)
    return list(told.values())


def reason_titles(codes: Iterable[str]) -> list[str]:
    """What reviewers read for these reason codes."""
    return [words(all_reasons()[code].title) for code in codes if code in all_reasons()]


def choice_words(choice: Choice) -> str:
    """What a decision is called."""
    return {
        Choice.APPROVE: _("全部批准"),
        Choice.APPROVE_PART: _("部分批准"),
        Choice.REFUSE: _("不批准"),
        Choice.ASK: _("请客户补充"),
    }[choice]


def decision_badge(state: DecisionState) -> Badge:
    """Where a decision stands."""
    return {
        DecisionState.WAITING: Badge(_("等第二人复核"), "warn", "users"),
        DecisionState.FINAL: Badge(_("已生效"), "good", "circle-check"),
        DecisionState.SENT_BACK: Badge(_("已退回"), "", "undo-2"),
    }[state]
