"""The pages of the three steps in which a deletion is handed in for a customer."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.people.call import CANCEL, DELETE
from privacy_center.people.contact import mask_contact
from privacy_center.people.enough import has
from privacy_center.people.identity_cases.decide import DOCUMENTS
from privacy_center.plans.draft import DraftedPlan
from privacy_center.plans.overlap import own_in_others
from privacy_center.plans.preview import preview_sheet
from privacy_center.privacy_requests.stopped import open_freeze_of
from privacy_center.privacy_requests.submit import MOST_WORDS
from privacy_center.web.account_fate import account_fate
from privacy_center.web.choices import group_choices, titles_of_scope
from privacy_center.web.filters import answer_by, today, words
from privacy_center.web.language import language
from privacy_center.web.ledger import ledger_of
from privacy_center.web.page import page
from privacy_center.web.preview_words import parts_of, summary_of
from privacy_center.web.staff.assist_choices import choices_in, why_not_at_once
from privacy_center.web.staff.assist_guardian import told_of_age
from privacy_center.web.staff.assist_proof import language_of, sent_to, ways_to_reach
from privacy_center.web.staff.assist_submission import kinds_in, terms_for
from privacy_center.web.staff.assist_visit import Visit, is_over_at, note_look
from privacy_center.web.staff.shown_request import method_words
from privacy_center.web.units import center, reading
from privacy_center.web.unsearched import customer_reach

MINUTES = 10
SCRIPT = Words(
    "您要我们删除刚才说的信息。删了就无法恢复，我们自己也找不回来。{days} 天内您可以撤回，不用说明理由。"
    "您的全部联系方式都会收到通知。您同意我现在提交吗？",
    "You ask us to delete your information, as I have just said. What was deleted cannot be brought back, by us either. "
    "You can cancel within {days} days without giving a reason. All your contacts will be told. "
    "Do you agree that I hand it in?",
)
SCRIPT_UNSEEN = Words(
    "我们还没有核验您是谁，所以我不能说这里有什么信息。申请可以先受理：至少等 {days} 天才执行，由两人审核，"
    "登记的全部联系方式都会收到通知。删了就无法恢复。您同意我现在提交吗？",
    "We have not verified who you are, so I cannot say what we hold. The request can be taken in: nothing is done for at "
    "least {days} days, two people review it, and every contact on file is told. What was deleted cannot be brought "
    "back. Do you agree that I hand it in?",
)


def told_of(drafted: DraftedPlan) -> dict[str, Any]:
    """A plan as the preview shows it: lines of kinds and counts, no value."""
    told = ledger_of(preview_sheet(center().catalogue, center().data_map, drafted.sheet))
    with reading() as session:
        in_others = own_in_others(session, drafted)
    return {
        "told": told,
        "parts": parts_of(told),
        "account": account_fate(drafted),
        "summary": summary_of(told),
        "reach": customer_reach(drafted.unsearched),
        "in_others": in_others,
        "refused_contacts": drafted.refused_contacts,
        "troubles": [one.words for one in drafted.problems if one.blocking],
        "today": today(),
        "cooling_off_days": center().settings.cooling_off_days,
    }


def verify_page(
    visit: Visit, *, refusal: Refusal | None = None, blocked: Words | None = None, cancelling: bool = False
) -> Response:
    """Step 1, with the contacts masked, which is on record; `blocked`: why nothing can be handed in now; `cancelling`: the
    customer wants to cancel a request, which nobody does without a proof.
    """
    note_look(visit, "verify", data=("user.contact",))
    sent, contacts = sent_to(visit, CANCEL if cancelling else DELETE), ways_to_reach(visit)
    return page(
        "staff/assist/verify.html",
        visit=visit,
        here=url_for("staff.assist_requests" if cancelling else "staff.assist_verify", key=visit.key),
        cancelling=cancelling,
        blocked=blocked,
        stopped=_is_stopped(visit),
        until=is_over_at(visit),
        contacts=contacts,
        documents=[("", _("选一种")), *((key, words(said)) for key, said in DOCUMENTS.items())],
        sent=sent,
        call=_in_groups(visit.attempt.get("number", "")),
        call_page=f"{center().settings.base_url}{url_for('on_the_phone.prove')}",
        minutes=MINUTES,
        method=method_words(visit.method) if visit.proven else "",
        typed=request.form,
        errors={_field(refusal, sent, contacts): refusal.words.spoken(language())} if refusal else {},
        status=refusal.status if refusal else 409 if blocked and request.method == "POST" else 200,
    )


def _is_stopped(visit: Visit) -> bool:
    """Whether the customer has stopped everything, which a reviewer alone can lift."""
    with reading() as session:
        return visit.known and open_freeze_of(session, visit.subject) is not None


def _field(refusal: Refusal, sent: str, contacts: list[tuple[str, str, str]]) -> str:
    """The field of the form beside which a refusal stands, of those that are on the page."""
    if refusal.field in ("document", "seen"):
        return refusal.field
    return "typed" if sent else "to" if contacts else ""


def _in_groups(number: str) -> str:
    """As it is read out: four digits, and four."""
    return f"{number[:4]} {number[4:]}"


def what_page(visit: Visit, errors: dict[str, str]) -> Response:
    """Step 2: the scope, the kinds and the language, as far as they were chosen."""
    return page(
        "staff/assist/what.html",
        visit=visit,
        scope=visit.scope,
        chosen_groups=visit.groups,
        chosen_kinds=visit.kinds,
        choices=group_choices(),
        spoken_now=visit.language or _spoken_by(visit),
        errors=errors,
        status=422 if errors else 200,
    )


def confirm_page(visit: Visit, drafted: DraftedPlan, errors: dict[str, str], status: int = 200) -> Response:
    """Step 3: what was chosen once more, the terms, and what is read to the customer in their language."""
    note_look(visit, "confirm", counts_of=kinds_in(drafted) if visit.proven else ())
    terms, script = terms_for(visit, drafted), SCRIPT if visit.proven else SCRIPT_UNSEEN
    choices = choices_in(visit, drafted)
    with reading() as session:
        contacts = [mask_contact(one) for one in has(session, visit.subject, clock.now()).contacts]
    return page(
        "staff/assist/confirm.html",
        visit=visit,
        scope=scope_words(visit),
        terms=terms,
        method=method_words(visit.method) if visit.proven else _("没有核验"),
        contacts=contacts,
        answer_by=answer_by(),
        digest=drafted.digest,
        typed=request.form,
        most_words=MOST_WORDS,
        age=told_of_age(visit, drafted),
        script=script.spoken(visit.language).format(days=terms.days),
        choices=choices,
        given_up=choices.said(visit.language),
        not_at_once=why_not_at_once(visit, terms) if visit.proven else "",
        errors=errors,
        status=status,
        **told_of(drafted),
    )


def scope_words(visit: Visit) -> list[Words]:
    """What is to be deleted, as titles."""
    return titles_of_scope(visit.request_scope)


def _spoken_by(visit: Visit) -> str:
    with reading() as session:
        return language_of(session, visit)
