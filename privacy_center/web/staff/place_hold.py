"""Place a hold by hand on records of a request: of its plan before the decision, or of the register after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.execution.held import keys_held, open_entries
from privacy_center.execution.models import HeldRows
from privacy_center.execution.placed import hold_records
from privacy_center.holds.kinds import KINDS, PlacedKind
from privacy_center.holds.place import REVIEW_DAYS, NewHold, Records
from privacy_center.plans.freeze import current_plan, items_of, keys_in
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.review.duties import check_may_hold
from privacy_center.sources.row_keys import plain_key
from privacy_center.sources.rows import Key, Ownership
from privacy_center.web.filters import today, words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.looked import note_request_look
from privacy_center.web.staff.shown_plan import about_nobody
from privacy_center.web.staff.who import me
from privacy_center.web.units import center, reading

LISTED_ONE_BY_ONE = 20
"""Of so many records of a kind each can be chosen by itself."""


@dataclass(frozen=True, slots=True)
class Choosable:
    """The records of one collection that can be held: the whole kind (`value`), or one by one (value and number)."""

    value: str
    title: Words
    keys: list[Key]
    key_fields: tuple[str, ...]
    collection: str

    @property
    def single(self) -> list[tuple[str, str]]:
        if not 1 < len(self.keys) <= LISTED_ONE_BY_ONE:
            return []
        return [(f"{self.value}:{number}", self._named(key)) for number, key in enumerate(self.keys)]

    def _named(self, key: Key) -> str:
        shown = [str(value) for value in plain_key(self.key_fields, key).values()]
        return " / ".join(value if len(value) < 4 else f"…{value[-4:]}" for value in shown)


@staff.get("/requests/<reference>/hold")
def place_hold_form(reference: str) -> Response:
    """The form; `records`: what is chosen beforehand."""
    note_request_look(reference, "hold")
    return _draw(reference, request.args, {})


@staff.post("/requests/<reference>/hold")
def place_hold(reference: str) -> Response:
    """Place it; refuses (422) an incomplete form, (409) records that have just been deleted or changed."""
    form = request.form
    with reading() as session:
        asked = _request(session, reference)
        choosable = _choosable(session, asked)
    kind = PlacedKind(form["kind"]) if form.get("kind") in set(PlacedKind) else None
    wrong: dict[str, Words] = {} if kind else {"kind": Words("请选择保留类别。", "Choose the kind of hold.")}
    wanted = _wanted(form, kind or PlacedKind.OTHER)
    wrong |= {name.removeprefix("hold_"): said for name, said in wanted.wrong(today()).items()}
    wrong |= {name: NO_DAY for name in ("review_on", "last_day") if form.get(name, "").strip() and not _day(form, name)}
    records = _chosen(choosable, form.getlist("records"))
    if not records:
        wrong["records"] = Words("请至少选择一条要保留的记录。", "Choose at least one record to hold.")
    if wrong:
        return _draw(reference, form, {name: words(said) for name, said in wrong.items()}, 422)
    try:
        placed = hold_records(center(), wanted, records, by=me(), request_id=asked.id)
    except Refusal as refusal:
        field = (refusal.field or "").removeprefix("hold_")
        return _draw(reference, form, {field: words(refusal.words)}, refusal.status)
    return go(url_for("staff.placed_hold", hold=placed, done="placed"))


NO_DAY = Words("请填写有效日期。", "Enter a valid date.")


def _wanted(form: Mapping[str, str], kind: PlacedKind) -> NewHold:
    texts = {name: form.get(name, "").strip() for name in ("customer", "ends_when", "owner", "authority", "matter")}
    days = {"review_on": _day(form, "review_on"), "last_day": _day(form, "last_day")}
    return NewHold(kind, form.get("reason", "").strip(), **texts, **days)


def _day(form: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(form.get(name, "").strip())
    except ValueError:
        return None


def _request(session: Session, reference: str) -> PrivacyRequest:
    asked = request_by_reference(session, reference)
    check_may_hold(session, asked, me())
    return asked


def _choosable(session: Session, asked: PrivacyRequest) -> list[Choosable]:
    """The records of the plan, as far as they are about a person; once the request is answered, those still in the register."""
    found: dict[str, Choosable] = {}
    plan = current_plan(session, asked.id)
    if asked.state not in CLOSED and plan is not None:
        for item in items_of(session, plan.id):
            if item.ownership is not Ownership.THIRD_PARTY and not about_nobody(item.collection, item.outcome):
                _gather(found, f"item-{item.id}", item, keys_in(session, item))
    else:
        for entry in open_entries(session, request_id=asked.id):
            _gather(found, f"held-{entry.id}", entry, keys_held(session, entry))
    return list(found.values())


def _gather(found: dict[str, Choosable], value: str, of: PlanItem | HeldRows, keys: list[Key]) -> None:
    """Put records with those of their kind, so that each kind stands on the form once."""
    title = center().catalogue.collection(of.collection).title
    kind = found.setdefault(of.collection, Choosable(value, title, [], tuple(of.key_fields), of.collection))
    kind.keys.extend(key for key in keys if key not in kind.keys)


def _chosen(choosable: list[Choosable], values: list[str]) -> dict[str, Records]:
    keys: dict[str, list[Key]] = {}
    names: dict[str, tuple[str, ...]] = {}
    for one in choosable:
        single = {value: key for (value, _name), key in zip(one.single, one.keys, strict=False)}
        picked = one.keys if one.value in values else [key for value, key in single.items() if value in values]
        if picked:
            keys.setdefault(one.collection, []).extend(picked)
            names[one.collection] = one.key_fields
    return {collection: Records(names[collection], found) for collection, found in keys.items()}


def _draw(reference: str, typed: Mapping[str, str], errors: dict[str, str], status: int = 200) -> Response:
    with reading() as session:
        asked = _request(session, reference)
        choosable = _choosable(session, asked)
    kinds = [(kind.value, words(KINDS[kind].title), words(KINDS[kind].customer)) for kind in PlacedKind]
    chosen = typed.getlist("records") if hasattr(typed, "getlist") else []
    return page(
        "staff/place_hold.html",
        reference=reference,
        kinds=kinds,
        choosable=choosable,
        chosen=chosen,
        typed=typed,
        review_days=REVIEW_DAYS,
        two_to_end=_("、").join(words(KINDS[kind].title) for kind in PlacedKind if KINDS[kind].two_to_end),
        errors=errors,
        status=status,
    )
