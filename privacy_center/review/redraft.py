"""A reviewer has the plan drafted anew: the databases have moved on, or what stood in its way was solved."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from privacy_center.errors import Refusal
from privacy_center.people.staff.models import StaffMember
from privacy_center.plans.compare import Change, what_changed
from privacy_center.plans.draft import DraftedPlan, draft_plan
from privacy_center.plans.freeze import current_plan, freeze_plan
from privacy_center.plans.ground import Ground
from privacy_center.plans.models import Plan
from privacy_center.plans.overlap import claim_records, overlaps
from privacy_center.plans.preflight import preflight
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.queries import identities_in
from privacy_center.privacy_requests.timeline import note_event
from privacy_center.review.decide import lock_request, waiting_decision
from privacy_center.review.duties import check_may_decide
from privacy_center.review.guardian import flags_after, note_age


@dataclass(frozen=True, slots=True)
class SecondDraft:
    """A later look at a request in review. `problems` changed: what stood in the way does so no more, or something new does."""

    frozen: Plan
    drafted: DraftedPlan
    changes: list[Change]
    age_changed: bool = False

    @property
    def same(self) -> bool:
        """Whether the frozen plan still says it all: the same rows, rules, problems, and sign of a child."""
        return self.frozen.digest == self.drafted.digest and not self.problems_changed and not self.age_changed

    @property
    def problems_changed(self) -> bool:
        """Whether the preflight finds something else than it did."""
        now = [one.as_json() for one in self.drafted.problems]
        return sorted(map(str, now)) != sorted(map(str, self.frozen.problems))

    @property
    def rules_changed(self) -> bool:
        """Whether the rule packs are others than those the frozen plan was judged by."""
        return self.frozen.rules_version != self.drafted.rules_version

    @property
    def blocked(self) -> bool:
        """Whether the new plan could not be approved either."""
        return any(one.blocking for one in self.drafted.problems)


def look_again(session: Session, ground: Ground, request: PrivacyRequest, today: date) -> SecondDraft:
    """Draft the plan of a request once more and hold it against the frozen one. Keeps nothing.

    Refuses (409) outside of review, while a decision waits for a second person, and where there is no plan.
    """
    frozen = _frozen(session, request)
    drafted = draft_plan(ground, identities_in(session, request), request.request_scope, today, request.waived)
    drafted.problems += [one for one in preflight(ground, drafted) if one not in drafted.problems]
    drafted.problems += overlaps(session, drafted, request_id=request.id)
    age_changed = flags_after(request, drafted.age) != request.risk_flags
    return SecondDraft(frozen, drafted, what_changed(session, frozen, drafted), age_changed)


def keep_second_draft(
    session: Session,
    ground: Ground,
    request: PrivacyRequest,
    second: SecondDraft,
    *,
    by: StaffMember,
    version: int,
    at: datetime,
) -> Plan:
    """Freeze what `look_again` found in place of the earlier plan; pages that show the earlier one are out of date.

    Refuses who may not decide, a request that has changed since `version` (409), and what `look_again` refuses.
    """
    lock_request(session, request, version)
    check_may_decide(session, request, by)
    _frozen(session, request)
    in_others = claim_records(session, second.drafted, request_id=request.id)
    second.drafted.problems += [one for one in in_others if one not in second.drafted.problems]
    plan = freeze_plan(session, ground, second.drafted, request_id=request.id, at=at)
    note_age(request, second.drafted.age)
    flag_modified(request, "waived")  # the version counts up although no field of the request itself is another
    rows = {kind: sum(one.rows for one in second.changes if one.kind == kind) for kind in _kinds(second)}
    told = {"plan": plan.digest, "earlier": second.frozen.digest, "rows": rows}
    note_event(session, request, "redrafted", actor=by.as_actor(), at=at, details=told, audited=told, visible=False)
    return plan


def _kinds(second: SecondDraft) -> list[str]:
    return sorted({one.kind for one in second.changes})


def _frozen(session: Session, request: PrivacyRequest) -> Plan:
    plan = current_plan(session, request.id)
    if plan is None or request.state is not State.IN_REVIEW or waiting_decision(session, request.id) is not None:
        raise Refusal(
            "只有在审核中、没有决定等复核时，才能重新起草方案。请回到申请页看现在的状态。",
            "A plan is drafted anew only in review and while no decision waits. Go back to the request and see where it is.",
        )
    return plan
