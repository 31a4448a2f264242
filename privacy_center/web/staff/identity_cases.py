"""Cases in which a code is not enough: the list, one case, the check at the counter, the decision and the second person."""

from collections.abc import Mapping
from datetime import datetime

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.errors import Refusal, Words, refuse_wrong
from privacy_center.people.evidence.keep import count_overdue
from privacy_center.people.identity_cases.at_counter import cases_at_counter
from privacy_center.people.identity_cases.at_counter import take_at_counter as take_case
from privacy_center.people.identity_cases.decide import (
    Verdict,
    case_by_reference,
    cases_in,
    check_may_handle,
    confirm_case,
    decide_case,
    verify_case,
    wrong_reason,
)
from privacy_center.people.identity_cases.models import CaseState, IdentityCase
from privacy_center.people.staff.permits import Act, DataClass, permit
from privacy_center.privacy_requests.freeze import frozen_requests, open_freezes
from privacy_center.web.filters import words_by_field
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.identity_case_outcome import carry_out_case, draft_for_case, is_stopped
from privacy_center.web.staff.identity_case_shown import note_case_look, show_case
from privacy_center.web.staff.who import actor, may_open, me
from privacy_center.web.units import reading, transaction

TABS = ("open", "second", "closed", "stopped")
_NO_ANSWER = Words("选一下通过，还是不通过。", "Choose to approve or to refuse.")
_NO_OPEN_CASE = Refusal(
    "没有这个编号的待办案件。请对客户的编号再看一遍；已经决定的案件，请客户看收件箱。",
    "No open case has this number. Check the customer's number again; of a case that is decided, their inbox tells.",
    status=404,
    field="number",
)


@staff.get("/identity-cases")
def identity_cases() -> Response:
    """What waits: cases to verify, to confirm, those decided, and people whose everything is stopped. No names here.

    Whose permit does not open every case sees the one in their hands, and where to type the next number.
    """
    if not _sees_all():
        return _counter_page({})
    tab = request.args.get("tab", "open")
    tab = tab if tab in TABS else "open"
    with reading() as session:
        found = {
            "open": cases_in(session, CaseState.OPEN),
            "second": cases_in(session, CaseState.SECOND),
            "closed": cases_in(session, CaseState.APPROVED, CaseState.REFUSED),
        }
        stops = open_freezes(session)
        still = {one.id: frozen_requests(session, one.person_id) for one in stops} if tab == "stopped" else {}
        overdue = count_overdue(session, clock.now())
    counts = {**{name: len(cases) for name, cases in found.items()}, "stopped": len(stops)}
    names = {"open": _("待核验"), "second": _("待复核"), "closed": _("已决定"), "stopped": _("被叫停的人")}
    tabs = [(f"{names[one]} {counts[one]}", url_for("staff.identity_cases", tab=one), one == tab) for one in TABS]
    return page(
        "staff/identity_cases/listed.html",
        tab=tab,
        tabs=tabs,
        rows=found.get(tab, []),
        stops=stops,
        still={stop: [one.reference for one in asked] for stop, asked in still.items()},
        overdue=overdue,
        may_lift=may_open("staff.stop"),
        done=request.args.get("done", ""),
    )


@staff.post("/identity-cases/at-counter")
def take_at_counter() -> Response:
    """Open the case whose exact number the customer says at the counter, with a reason; found or not, it is on record."""
    form, at = request.form, clock.now()
    try:
        with transaction() as session:
            found = take_case(session, form.get("number", ""), form.get("why", ""), by=me(), at=at)
            _note_taken(session, found, form.get("why", "").strip(), at)
        if found is None:
            raise _NO_OPEN_CASE
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        return _counter_page(words_by_field(refusal), refusal.status)
    return go(url_for("staff.identity_case", case=found.reference))


def _note_taken(session: Session, found: IdentityCase | None, why: str, at: datetime) -> None:
    """Why it was opened is sealed by the asker's key. Of a number that nobody has, the record says that it was tried."""
    record_look(
        session,
        actor=actor(),
        subject=found.asker_id if found else None,
        data=["user.name", "user.contact"],
        purpose="identity.verification",
        case=found.reference if found else None,
        act="data.search",
        shown={"why": why} if found else None,
        channel="counter",
        more={"page": "identity_cases", "found": found is not None},
        at=at,
    )


def _sees_all() -> bool:
    return permit(me(), Act.ASSIST, DataClass.GENERAL) is not None


def _counter_page(errors: Mapping[str, str], status: int = 200) -> Response:
    with reading() as session:
        rows = cases_at_counter(session, me(), clock.now())
    told = {"rows": rows, "typed": request.form, "errors": errors}
    return page("staff/identity_cases/counter.html", status=status, **told)


@staff.get("/identity-cases/<case>")
def identity_case(case: str) -> Response:
    """One case with masked facts. Each look is written down; refused (403) where there is a conflict of interest."""
    note_case_look(case)
    return _draw(case, {}, done=request.args.get("done", ""))


@staff.post("/identity-cases/<case>/verify", endpoint="verify_case")
def note_verification(case: str) -> Response:
    """Note by what the asker was verified: at the counter the kind of document and its last four signs, never more."""
    form, at = request.form, clock.now()
    try:
        with transaction() as session:
            found = case_by_reference(session, case)
            how, document, last4 = (form.get(name, "") for name in ("verified_how", "document", "last4"))
            verify_case(session, found, how=how, document=document, last4=last4, by=me(), at=at)
    except Refusal as refusal:
        return _again(case, refusal)
    return go(url_for("staff.identity_case", case=case, done="verified"))


@staff.post("/identity-cases/<case>/decide", endpoint="decide_case")
def take_decision(case: str) -> Response:
    """Approve or refuse. An approval that is final has its effect in the same transaction; its pictures are gone then."""
    return _decide(case, second=False)


@staff.post("/identity-cases/<case>/second", endpoint="confirm_case")
def take_second(case: str) -> Response:
    """The second person's answer."""
    return _decide(case, second=True)


def _decide(case: str, *, second: bool) -> Response:
    at = clock.now()
    try:
        verdict = _verdict(request.form.get("second_reason" if second else "reason", ""))
        drafted = draft_for_case(case) if verdict.approve else None
        with transaction() as session:
            found = case_by_reference(session, case)
            if second:
                confirm_case(session, found, verdict, by=me(), at=at)
            else:
                decide_case(session, found, verdict, by=me(), stopped=is_stopped(session, found), at=at)
            if found.state is CaseState.APPROVED:
                carry_out_case(session, found, drafted, by=me(), at=at)
            state = found.state
    except Refusal as refusal:
        return _again(case, refusal, "second_" if second else "")
    return go(url_for("staff.identity_case", case=case, done=state.value))


def _verdict(reason: str) -> Verdict:
    answer = request.form.get("answer", "")
    if answer not in ("approve", "refuse"):
        refuse_wrong({"answer": _NO_ANSWER} | wrong_reason(reason))
    return Verdict(answer == "approve", reason)


def _again(case: str, refusal: Refusal, prefix: str = "") -> Response:
    """The case once more with all that is wrong; `prefix` stands before the name of the field of the reason."""
    said = words_by_field(refusal)
    errors = {f"{prefix}{field}" if field == "reason" else field: words for field, words in said.items()}
    return _draw(case, errors, status=refusal.status)


def _draw(case: str, errors: Mapping[str, str], *, done: str = "", status: int = 200) -> Response:
    with reading() as session:
        found = case_by_reference(session, case)
        check_may_handle(session, found, me())
        it = show_case(session, found)
    return page(
        "staff/identity_cases/case.html",
        it=it,
        typed=request.form,
        errors=errors,
        may=_may(found),
        done=done,
        status=status,
    )


def _may(case: IdentityCase) -> dict[str, bool]:
    """What this person may do with the case as it stands."""
    mine = me().number
    return {
        "verify": case.state is CaseState.OPEN and may_open("staff.verify_case"),
        "look": may_open("staff.look_at_evidence"),
        "decide": case.state is CaseState.OPEN and may_open("staff.decide_case") and mine != case.verified_by,
        "second": case.state is CaseState.SECOND
        and may_open("staff.confirm_case")
        and mine not in (case.decided_by, case.verified_by),
    }
