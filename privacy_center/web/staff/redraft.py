"""The plan drafted anew: first what would be otherwise, then, on one's word, the new plan in place of the old."""

from dataclasses import dataclass

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.errors import Words
from privacy_center.plans.compare import Change
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.retention.verdict import Outcome
from privacy_center.review.duties import check_may_decide
from privacy_center.review.redraft import SecondDraft, keep_second_draft, look_again
from privacy_center.web.filters import today
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.looked import note_request_look, planned_categories
from privacy_center.web.staff.shown_request import show_request
from privacy_center.web.staff.typed import read_number
from privacy_center.web.staff.vocabulary import action_words, outcome_words
from privacy_center.web.staff.who import me
from privacy_center.web.units import center, reading, transaction


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One line of the comparison; an empty `was` or `now` means that the rows are not in that plan."""

    title: Words
    collection: str
    kind: str
    rows: int
    was: Outcome | None
    was_words: str
    now: Outcome | None
    now_words: str


@staff.get("/requests/<reference>/draft-anew")
def redraft(reference: str) -> Response:
    """What a look at the databases now would do otherwise than the frozen plan; nothing is kept yet."""
    return _compared(reference)


@staff.post("/requests/<reference>/draft-anew")
def keep_redraft(reference: str) -> Response:
    """Keep the new plan, if the databases still say what the page showed; else the page again, with what they say now."""
    seen, at = request.form.get("digest", ""), clock.now()
    with transaction() as session:
        asked = request_by_reference(session, reference)
        check_may_decide(session, asked, me())
        again = look_again(session, center(), asked, today())
        if again.drafted.digest == seen:
            version = read_number(request.form.get("version", ""))
            keep_second_draft(session, center(), asked, again, by=me(), version=version, at=at)
    if again.drafted.digest != seen:
        return _compared(reference, moved=True)
    return go(url_for("staff.request_page", reference=reference, done="redrafted") + "#items")


def _compared(reference: str, *, moved: bool = False) -> Response:
    with reading() as session:
        asked = request_by_reference(session, reference)
        check_may_decide(session, asked, me())
        again = look_again(session, center(), asked, today())
        it = show_request(session, asked)
        counted = planned_categories(session, asked)
    note_request_look(reference, "redraft", counts_of=counted)
    return page(
        "staff/redraft.html",
        it=it,
        again=again,
        changes=[_shown(one) for one in again.changes],
        rows=sum(one.rows for one in again.changes),
        gone=_solved(again),
        moved=moved,
        status=409 if moved else 200,
    )


def _shown(one: Change) -> ShownChange:
    return ShownChange(
        title=center().catalogue.collection(one.collection).title,
        collection=one.collection,
        kind={
            "added": _("新找到"),
            "removed": _("已经不在"),
            "changed": _("结论变了"),
            "reasons": _("理由或到期日变了"),
        }[one.kind],
        rows=one.rows,
        was=one.was[0] if one.was else None,
        was_words=_step_words(one.was),
        now=one.now[0] if one.now else None,
        now_words=_step_words(one.now),
    )


def _step_words(step: tuple | None) -> str:
    """The verdict, and the act where the verdict alone does not say it."""
    if step is None:
        return ""
    outcome, action = step
    said = action_words(action)
    return f"{outcome_words(outcome)}{_('（%(how)s）', how=said) if said else ''}"


def _solved(again: SecondDraft) -> list[tuple[str, Words]]:
    """What the preflight had found for the frozen plan and finds no more."""
    now = [one.as_json() for one in again.drafted.problems]
    return [(one["collection"], Words.read(one["words"])) for one in again.frozen.problems if one not in now]
