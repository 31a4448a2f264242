"""Staff verify, approve and refuse cases: never one's own, never alone where one person is not enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import OutOfDate, Refusal, Words, refuse_wrong
from privacy_center.keys.sealing import seal_text
from privacy_center.people.evidence.keep import destroy_evidence
from privacy_center.people.identity import identities_of
from privacy_center.people.identity_cases.file import facts_of, note
from privacy_center.people.identity_cases.models import CaseState, IdentityCase, Path
from privacy_center.people.models import Level
from privacy_center.people.staff.conflict import numbers_of, refuse_conflict
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.tell import tell_person

REASON = "identity_case.reason"
COUNTER, PICTURES, PERMISSION, CONTACTED = "counter", "pictures", "signed_permission", "contacted"
WAYS: Mapping[Path, tuple[str, ...]] = {
    Path.LOST_NUMBER: (COUNTER,),
    Path.MINOR: (COUNTER, PICTURES),
    Path.AGENT: (PERMISSION, CONTACTED, COUNTER),
    Path.DECEASED: (COUNTER,),
}
"""By what a case of each path can be verified; an agent shows a permission or the person is contacted, either is enough."""
WAY_WORDS: Mapping[str, Words] = {
    COUNTER: Words("窗口：看过证件原件，当面比对过本人", "Counter: original ID seen, compared by eye"),
    PICTURES: Words("看过上传的证明图片", "Uploaded pictures looked at"),
    PERMISSION: Words("看过本人签名的委托", "The person's signed permission was seen"),
    CONTACTED: Words("用登记的联系方式问过本人", "The person was asked at a contact on file"),
}
DOCUMENTS: Mapping[str, Words] = {
    "id_card": Words("居民身份证", "Resident ID card"),
    "passport": Words("护照", "Passport"),
    "permit": Words("港澳台居民居住证或通行证", "Permit of residents of Hong Kong, Macao or Taiwan"),
    "household": Words("户口簿", "Household register"),
    "other": Words("其他证件", "Another document"),
}
WHY_SECOND = {
    "deceased": Words("涉及逝者", "It concerns somebody who has died"),
    "agent_deletion": Words("受托人要求删除", "An agent asks for deletion"),
    "stopped": Words("此人的办理已被叫停", "Everything of this person is stopped"),
}
LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a member of staff hands in on a case."""

    approve: bool
    reason: str


def check_may_handle(session: Session, case: IdentityCase, by: StaffMember) -> None:
    """Refuses (403) a case that the member filed or is concerned by, or in which a relative is."""
    facts = facts_of(session, case)
    refuse_conflict(session, by, facts.identities())
    refuse_conflict(session, by, identities_of(session, case.asker_id))


def lock_case(session: Session, case: IdentityCase, *states: CaseState) -> None:
    """Nobody else decides on the case until the transaction ends. Refuses (409) one that is not in these states."""
    session.refresh(case, with_for_update=True)
    if case.state not in states:
        raise OutOfDate(
            "这个案件已有人处理过。请刷新页面看最新情况。", "Somebody has dealt with this case. Reload the page."
        )


def verify_case(
    session: Session, case: IdentityCase, *, how: str, document: str, last4: str, by: StaffMember, at: datetime
) -> None:
    """Note by what the asker was verified. At the counter: the kind of document and its last four signs, never more.

    Refuses (422) a way that the path does not have, and what `wrong_document` finds of a counter check.
    """
    check_may_handle(session, case, by)
    lock_case(session, case, CaseState.OPEN)
    if how not in WAYS[case.path]:
        refuse_wrong({"verified_how": Words("选一下怎样核验的。", "Choose how it was verified.")})
    sign = last4.strip().upper()
    if how == COUNTER:
        refuse_wrong(wrong_document(document, sign))
    case.verified_how, case.verified_by, case.verified_at = how, by.number, at
    case.document = f"{document}:{sign}" if how == COUNTER else None
    session.flush()
    note(session, case, "verified", by.as_actor(), at, {"how": how})


def wrong_document(document: str, last4: str) -> dict[str, Words]:
    """What is missing of an original that was seen, by field: its kind, the last four signs of its number."""
    wrong = {}
    if document not in DOCUMENTS:
        wrong["document"] = Words("选一下看的是什么证件。", "Choose which document was seen.")
    if len(last4) != 4 or not last4.isalnum() or not last4.isascii():
        wrong["last4"] = Words("写证件号码的末四位，不要多写。", "Write the last four signs of its number and no more.")
    return wrong


def decide_case(
    session: Session, case: IdentityCase, verdict: Verdict, *, by: StaffMember, stopped: bool, at: datetime
) -> bool:
    """Approve or refuse; True when it is final. What needs a second person waits for one, with its pictures still sealed.

    `stopped`: everything of the person concerned is frozen. Refuses (403) a conflict of interest and whoever verified the
    asker, (409) an approval of what was not verified, (422) a decision without a reason.
    """
    check_may_handle(session, case, by)
    lock_case(session, case, CaseState.OPEN)
    refuse_wrong(wrong_reason(verdict.reason))
    if case.verified_by in numbers_of(session, by):
        raise Refusal(
            "您核验过这个人，须由别人作决定。请转给同事。",
            "You verified this person, so somebody else decides. Hand it to a colleague.",
            status=403,
        )
    if verdict.approve and case.verified_how is None:
        raise Refusal(
            "还没有核验记录，不能通过。请先核验并记下。",
            "Nothing was verified yet. Verify and note it before approving.",
        )
    case.decided_by, case.decided_at = by.number, at
    case.reason_sealed = seal_text(session, verdict.reason.strip(), REASON, subject=case.asker_id)
    case.why_second = why_second(case, stopped=stopped) if verdict.approve else []
    if case.why_second:
        case.state = CaseState.SECOND
        session.flush()
        note(session, case, "second_needed", by.as_actor(), at, {"why": case.why_second})
        return False
    _close(session, case, verdict, by, at)
    return True


def confirm_case(session: Session, case: IdentityCase, verdict: Verdict, *, by: StaffMember, at: datetime) -> None:
    """The second person agrees, or refuses with a reason. Refuses (403) the first person and whoever verified."""
    check_may_handle(session, case, by)
    lock_case(session, case, CaseState.SECOND)
    refuse_wrong(wrong_reason(verdict.reason))
    if numbers_of(session, by) & {case.decided_by, case.verified_by}:
        raise Refusal(
            "复核须由另一个人进行。请转给同事。",
            "The second look must be another person's. Hand it to a colleague.",
            status=403,
        )
    case.second_by, case.second_at = by.number, at
    if not verdict.approve:
        case.reason_sealed = seal_text(session, verdict.reason.strip(), REASON, subject=case.asker_id)
    _close(session, case, verdict, by, at)


def why_second(case: IdentityCase, *, stopped: bool) -> list[str]:
    """The reasons for which one person is not enough (codes of WHY_SECOND)."""
    found = {
        "deceased": case.path is Path.DECEASED,
        "agent_deletion": case.path is Path.AGENT and case.wants == "deletion",
        "stopped": stopped,
    }
    return [code for code, holds in found.items() if holds]


def level_of(case: IdentityCase) -> Level:
    """How sure we are of an asker: the original at a counter is V3, anything else V2."""
    return Level.V3 if case.verified_how == COUNTER else Level.V2


def _close(session: Session, case: IdentityCase, verdict: Verdict, by: StaffMember, at: datetime) -> None:
    """Final: the pictures are gone in this very transaction, and the asker is told."""
    case.state = CaseState.APPROVED if verdict.approve else CaseState.REFUSED
    session.flush()
    gone = destroy_evidence(session, case.id, "decided", at)
    what = "approved" if verdict.approve else "refused"
    note(session, case, what, by.as_actor(), at, {"pictures_destroyed": gone})
    context = {"reference": case.reference, "why": verdict.reason.strip()}
    key = f"case-{what}:{case.id}"
    ways = ("email", "phone_number")
    tell_person(session, case.asker_id, f"case_{what}", context, dedupe_key=key, at=at, ways=ways)


def wrong_reason(reason: str) -> dict[str, Words]:
    """What is wrong with the reason of a decision, by field."""
    if 0 < len(reason.strip()) <= LONGEST_REASON:
        return {}
    return {"reason": Words("写明理由，最多 1000 字。", "Write the reason, in at most 1,000 characters.")}


def cases_in(session: Session, *states: CaseState, limit: int = 200) -> list[IdentityCase]:
    """The cases in these states, oldest first."""
    mine = sa.select(IdentityCase).where(IdentityCase.state.in_(states)).order_by(IdentityCase.filed_at)
    return list(session.scalars(mine.limit(limit)))


def case_by_reference(session: Session, reference: str) -> IdentityCase:
    """The case with this reference; refuses (404) an unknown one."""
    found = session.scalars(sa.select(IdentityCase).where(IdentityCase.reference == reference)).one_or_none()
    if found is None:
        raise no_such_case()
    return found


def no_such_case() -> Refusal:
    """The one answer (404) to a reference that nobody has, and to a case that is not the reader's."""
    return Refusal("没有这个案件。请回到列表。", "There is no such case. Go back to the list.", status=404)


def handlers_of_case_before(session: Session, outcome: str) -> frozenset[str]:
    """Staff numbers of who verified, decided and confirmed the case from which a request followed; empty without one."""
    case = session.scalars(sa.select(IdentityCase).where(IdentityCase.outcome_reference == outcome)).one_or_none()
    return frozenset(filter(None, (case.verified_by, case.decided_by, case.second_by))) if case else frozenset()


def cases_of(session: Session, asker: object, limit: int = 50) -> list[IdentityCase]:
    """The cases that one person filed, newest first."""
    mine = sa.select(IdentityCase).where(IdentityCase.asker_id == asker).order_by(IdentityCase.filed_at.desc())
    return list(session.scalars(mine.limit(limit)))
