"""One identity case as staff see it: facts masked, pictures by number, the timeline from the audit trail."""

from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.audit.look import record_look
from privacy_center.audit.models import AuditEntry
from privacy_center.datamap.display import mask_for_display
from privacy_center.keys.sealing import show_text
from privacy_center.people.evidence.keep import evidence_of, looks_of
from privacy_center.people.evidence.models import Evidence
from privacy_center.people.identity import identities_of
from privacy_center.people.identity_cases.decide import (
    DOCUMENTS,
    REASON,
    WAY_WORDS,
    WAYS,
    WHY_SECOND,
    case_by_reference,
    check_may_handle,
)
from privacy_center.people.identity_cases.file import Facts, facts_of
from privacy_center.people.identity_cases.models import IdentityCase
from privacy_center.web.filters import words
from privacy_center.web.identity_case_words import PATHS
from privacy_center.web.staff.happenings import actor_words
from privacy_center.web.staff.shown_request import masked_identities
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import transaction


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """One picture: there or destroyed, and whether the reader has had their one look."""

    evidence: Evidence
    number: int
    seen: bool


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case in words. Name, contacts and numbers are masked."""

    case: IdentityCase
    title: str
    facts: Facts
    name: str
    about: list[tuple[str, str]]
    asker: list[tuple[str, str]]
    ways: list[tuple[str, str, str]]
    documents: list[tuple[str, str]]
    verified: str
    why_second: list[str]
    reason: str
    pictures: list[ShownPicture]
    timeline: list[tuple[str, object, str]]


def note_case_look(reference: str) -> None:
    """Write down the look before the page is drawn. Refuses (404) an unknown case, (403) a conflict of interest."""
    with transaction() as session:
        case = case_by_reference(session, reference)
        check_may_handle(session, case, me())
        record_look(
            session,
            actor=actor(),
            subject=case.asker_id,
            data=["user.name", "user.contact"],
            purpose="identity.verification",
            case=reference,
            more={"page": "identity_case"},
            at=clock.now(),
        )


def show_case(session: Session, case: IdentityCase) -> ShownCase:
    """The case as it stands."""
    facts = facts_of(session, case)
    return ShownCase(
        case=case,
        title=words(PATHS[case.path].title),
        facts=facts,
        name=mask_for_display(facts.name, "name"),
        about=masked_identities(facts.identities()),
        asker=masked_identities(identities_of(session, case.asker_id)),
        ways=[(way, words(WAY_WORDS[way]), "") for way in WAYS[case.path]],
        documents=[("", _("选一种")), *((key, words(said)) for key, said in DOCUMENTS.items())],
        verified=_verified(case),
        why_second=[words(WHY_SECOND[code]) for code in case.why_second],
        reason=show_text(session, case.reason_sealed, REASON),
        pictures=_pictures(session, case),
        timeline=_timeline(session, case),
    )


def _verified(case: IdentityCase) -> str:
    if case.verified_how is None:
        return ""
    said = words(WAY_WORDS[case.verified_how])
    kind, _colon, last4 = (case.document or "").partition(":")
    if not last4:
        return said
    return _("%(said)s；%(kind)s，末四位 %(last4)s", said=said, kind=words(DOCUMENTS[kind]), last4=last4)


def _pictures(session: Session, case: IdentityCase) -> list[ShownPicture]:
    seen = looks_of(session, case.id)
    return [
        ShownPicture(one, number, (one.id, me().number) in seen)
        for number, one in enumerate(evidence_of(session, case.id), start=1)
    ]


def _timeline(session: Session, case: IdentityCase) -> list[tuple[str, object, str]]:
    mine = sa.select(AuditEntry).where(AuditEntry.request_reference == case.reference)
    newest = session.scalars(mine.order_by(AuditEntry.seq.desc()).limit(100))
    runs = [list(same) for _same, same in groupby(newest, key=_same_look)]
    return [
        (
            _act_words(run[0].act, len(run)),
            run[0].at,
            actor_words(Actor(run[0].actor_kind, run[0].actor_id, run[0].actor_role)),  # type: ignore[arg-type]
        )
        for run in runs
    ]


def _same_look(one: AuditEntry) -> tuple[object, ...]:
    """Looks of the same person one after the other are one line with their number; everything else stands alone."""
    return (one.act, one.actor_id) if one.act == "data.look" else (one.seq,)


def _act_words(act: str, times: int = 1) -> str:
    if times > 1:
        return _("查看案件，%(n)d 次", n=times)
    return {
        "case.filed": _("提交了案件"),
        "case.verified": _("记下了核验"),
        "case.second_needed": _("作出决定，等第二人复核"),
        "case.approved": _("通过，图片已销毁"),
        "case.refused": _("不通过，图片已销毁"),
        "case.contact_replaced": _("更换了联系方式"),
        "case.request_opened": _("替当事人开了申请"),
        "data.reveal": _("看了证明图片"),
        "data.look": _("查看案件"),
        "data.search": _("按客户说的编号打开案件"),
    }.get(act, act)
