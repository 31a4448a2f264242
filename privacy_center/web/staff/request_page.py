"""One request, whole: what is asked, by whom, what the plan says, what was decided, carried out, said and noted."""

from collections.abc import Callable, Mapping

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.execution.held import kept_now
from privacy_center.execution.reopen import FOUND_LATER
from privacy_center.execution.residue import open_hits
from privacy_center.execution.vault import sealed_entries
from privacy_center.people.staff.permits import Act
from privacy_center.plans.freeze import current_plan
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest, Side, State
from privacy_center.privacy_requests.queries import request_by_reference, words_in
from privacy_center.privacy_requests.question import silence_words
from privacy_center.privacy_requests.states import CLOSED, OPEN
from privacy_center.privacy_requests.thread import thread_of
from privacy_center.privacy_requests.timeline import timeline_of
from privacy_center.review.decide import overrides_of, ruling_of, waiting_decision
from privacy_center.review.desk import notes_of
from privacy_center.review.extensions import confirmed_among, extensions_of, limit_of, waiting_among
from privacy_center.review.hold_reasons import rules_to_justify
from privacy_center.review.models import ReviewDecision
from privacy_center.review.opened import must_open, opened_by
from privacy_center.review.reasons import reasons_for
from privacy_center.suppressions.register import count_suppressed
from privacy_center.web.filters import words
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.colleagues import who_may_have
from privacy_center.web.staff.happenings import timeline_lines
from privacy_center.web.staff.letter import letter_language, write_letter
from privacy_center.web.staff.looked import note_request_look, planned_categories
from privacy_center.web.staff.masking import class_of_categories, permit_on
from privacy_center.web.staff.other_requests import show_other_requests
from privacy_center.web.staff.pages import PAGE_SIZE
from privacy_center.web.staff.questions_to_customer import question_of
from privacy_center.web.staff.reveal import CONTACT
from privacy_center.web.staff.second_item import changed_items
from privacy_center.web.staff.shown_age import show_age
from privacy_center.web.staff.shown_decisions import show_decision, show_decisions
from privacy_center.web.staff.shown_execution import hits_of, show_runs
from privacy_center.web.staff.shown_plan import ShownPlan, disputes_in, show_plan
from privacy_center.web.staff.shown_request import show_request
from privacy_center.web.staff.standing import Standing, standing_of
from privacy_center.web.staff.who import may_open, me
from privacy_center.web.units import center, reading


@staff.get("/requests/<reference>")
def request_page(reference: str) -> Response:
    """The request page. Each look is written into the audit trail."""
    with reading() as session:
        asked = request_by_reference(session, reference)
        data, counted = _read_there(session, asked), planned_categories(session, asked)
    note_request_look(reference, "request", data=data, counts_of=counted)
    return draw_request(reference, said=_said_after(request.args.get("done", "")))


def _read_there(session: Session, asked: PrivacyRequest) -> list[str]:
    """What stands on the page beside the head: the customer's own words, for those who review."""
    wrote = may_open("staff.say") and (words_in(session, asked) or thread_of(session, asked.id))
    return ["user.content"] if wrote else []


def draw_request(
    reference: str,
    *,
    chosen: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    said: str = "",
    status: int = 200,
) -> Response:
    """The page as the request stands now, with what was typed (`chosen`) and what is wrong with it (`errors`)."""
    typed = {"chosen": chosen or {}, "errors": errors or {}, "said": said}
    with reading() as session:
        asked = request_by_reference(session, reference)
        told = {"it": show_request(session, asked), **_told(session, asked), **_written(session, asked)}
        return page("staff/request.html", **told, **typed, status=status)


def _clock(session: Session, asked: PrivacyRequest, standing: Standing) -> dict[str, object]:
    """Extensions of the deadline, and what was asked of the customer by when."""
    extensions = extensions_of(session, asked)
    return {
        "extension": waiting_among(extensions),
        "extended": (confirmed_among(extensions), limit_of(asked).times),
        "extendable": asked.state not in CLOSED and may_open("staff.extend"),
        "question": question_of(asked) if standing.deciding else None,
        "silence": silence_words(asked),
    }


def _told(session: Session, asked: PrivacyRequest) -> dict[str, object]:
    plan = current_plan(session, asked.id)
    shown = show_plan(session, plan, me().number) if plan else None
    items = shown.items if shown else []
    runs = show_runs(session, asked.id)
    standing = standing_of(session, asked, me())
    return {
        "plan": shown,
        "waiting": not standing.deciding and waiting_decision(session, asked.id) is not None,
        "age": show_age(asked),
        "context": disputes_in(shown) if shown else [],
        "decisions": show_decisions(session, asked.id, items, may_read=may_open("staff.say")),
        "execution": runs,
        "failed_run": next((run for run in runs if run.failed), None) if asked.state is State.NEEDS_ATTENTION else None,
        "hits": hits_of(session, asked.id) if runs else [],
        "found_later": FOUND_LATER.filled(count=len(open_hits(session, asked.id)) if runs else 0),
        "timeline": timeline_lines(timeline_of(session, asked.id)),
        "may_retry": may_open("staff.retry") and any(run.failed for run in runs),
        "explain_url": _explain_url(asked.reference) if may_open("staff.explain_hit") else None,
        "item_url": _item_url(asked.reference) if may_open("staff.item") else None,
        "unsigned": shown.unsigned if shown else [],
        "people_url": _people_url(asked.reference, shown) if may_open("staff.people_apart") else None,
        "suppressed": count_suppressed(session, asked.id) if runs else 0,
        "sealed": sum(item.row_count for item, _entry in sealed_entries(session, asked)) if runs else 0,
        "vault_url": url_for("staff.vault", reference=asked.reference) if may_open("staff.vault") else None,
        "contacts_url": _contacts_url(asked),
        "colleagues": who_may_have(session) if asked.state in OPEN and may_open("staff.hand_over") else [],
        "hold_url": url_for("staff.place_hold_form", reference=asked.reference)
        if may_open("staff.place_hold")
        else None,
        "kept_now": kept_now(session, asked.id),
        "others": show_other_requests(session, asked),
        **_clock(session, asked, standing),
        "weak_rules": rules_to_justify(items) if standing.deciding else [],
        "reasons": _options("override"),
        "refusals": [("", _("选择理由")), *_options("refuse")],
        **_standing(session, standing, {str(item.id): item for item in items}),
        **(_second_review(session, asked, standing.waiting, items) if standing.waiting else {}),
    }


def _standing(session: Session, standing: Standing, items: Mapping) -> dict[str, object]:
    second = show_decision(session, standing.waiting, items) if standing.waiting else None
    return {
        "deciding": standing.deciding,
        "second": second,
        "must_open": _must_open(session, standing, items) if standing.waiting else [],
        "why_not": standing.why_not,
        "takeable": standing.takeable and not standing.deciding,
    }


def _must_open(session: Session, standing: Standing, items: Mapping) -> list[tuple[Words, str, bool]]:
    """The records that the second person must have opened: what they are, where they open, and whether they were."""
    waiting = standing.waiting
    assert waiting
    opened, by_id = opened_by(session, waiting.request_id, me().number), {item.id: item for item in items.values()}
    reference = session.get_one(PrivacyRequest, waiting.request_id).reference
    found: dict[tuple[object, int], tuple[Words, str, bool]] = {}
    for item_id, number in must_open(items.values(), overrides_of(session, waiting)):
        item = by_id[item_id]
        title = center().catalogue.collection(item.collection).title
        page_number = (number - 1) // PAGE_SIZE + 1
        url = url_for("staff.item", reference=reference, position=item.position, page=page_number)
        known = found.get((item_id, page_number))
        found[item_id, page_number] = (title, url, (known is None or known[2]) and (item_id, number) in opened)
    return list(found.values())


def _second_review(
    session: Session, asked: PrivacyRequest, waiting: ReviewDecision, items: list[PlanItem]
) -> dict[str, object]:
    """What the second person looks at: what differs from the suggestion, and the letter that will go out."""
    return {
        "changed": changed_items(session, waiting, items, me()),
        "second_letter": write_letter(asked, ruling_of(session, waiting), items),
        "letter_language": letter_language(asked),
    }


def _written(session: Session, asked: PrivacyRequest) -> dict[str, object]:
    """Messages and notes; only those who review read and write them."""
    if not may_open("staff.say"):
        return {"messages": [], "notes": [], "may_write": False}
    messages = [
        (said.text, said.at, _("客户") if said.side is Side.CUSTOMER else _staff(said.author), said.side is Side.STAFF)
        for said in thread_of(session, asked.id)
    ]
    notes = [(note.text, note.at, _staff(note.author)) for note in notes_of(session, asked.id)]
    return {"messages": messages, "notes": notes, "may_write": True}


def _staff(number: str) -> str:
    return _("员工 %(number)s", number=number)


def _options(use: str) -> list[tuple[str, str]]:
    return [(reason.code, words(reason.title)) for reason in reasons_for(use)]


def _item_url(reference: str) -> Callable[[int], str]:
    return lambda position: url_for("staff.item", reference=reference, position=position)


def _people_url(reference: str, plan: ShownPlan | None) -> str | None:
    return url_for("staff.people_apart", reference=reference) if plan and plan.people else None


def _contacts_url(asked: PrivacyRequest) -> str | None:
    may = may_open("staff.reveal_contacts") and permit_on(asked, Act.REVEAL, class_of_categories([CONTACT]))
    return url_for("staff.reveal_contacts", reference=asked.reference) if may else None


def _explain_url(reference: str) -> Callable[[object], str]:
    return lambda hit: url_for("staff.explain_hit", reference=reference, hit=hit)


def _said_after(done: str) -> str:
    """What was just done, after the browser has come back here."""
    return {
        "taken": _("已分派给您。"),
        "given": _("已分派。对方现在能看这个申请。"),
        "taken_back": _("已收回，没有人经办。"),
        "sent": _("消息已发送，客户会收到提醒。"),
        "people": _("已保存。提交决定以前，随时可以更改。"),
        "noted": _("已记下。"),
        "waiting": _("决定已提交，等第二人复核。"),
        "decided": _("决定已生效，客户会收到通知。"),
        "confirmed": _("您已同意，决定生效，客户会收到通知。"),
        "sent_back": _("您已退回，申请回到审核。"),
        "retried": _("已交给系统再执行一次。"),
        "redrafted": _("已换用新方案。请按新的逐项结论作决定。"),
        "extension_waiting": _("延长已提交，待第二人复核。复核后通知客户。"),
        "extension_rejected": _("未同意延长，期限不变。"),
        "extended": _("期限已延长，客户会收到通知。"),
        "explained": _("解释已记下。"),
    }.get(done, "")
