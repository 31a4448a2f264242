"""Place a hold by hand on records of a request: of its plan before the decision, or of the register after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.execution.holdable import HoldableRecords, holdable_records
from privacy_center.execution.placed import hold_records
from privacy_center.holds.kinds import KINDS, PlacedKind
from privacy_center.holds.place import REVIEW_DAYS, NewHold, Records
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.review.duties import check_may_hold
from privacy_center.sources.row_keys import plain_key
from privacy_center.sources.rows import Key
from privacy_center.web.filters import today, words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.looked import note_request_look
from privacy_center.web.staff.who import me
from privacy_center.web.units import center, reading

LISTED_ONE_BY_ONE = 20
"""Of so many records of a kind each can be chosen by itself."""


@dataclass(frozen=True, slots=True)
class Choosable:
    """The records of one kind that can be held: all of them (`value`), or one by one (value and number); whole, or only fields
    (value and field).
    """

    records: HoldableRecords
    title: Words
    fields: list[tuple[str, Words]]

    @property
    def value(self) -> str:
        return self.records.name

    @property
    def single(self) -> list[tuple[str, str]]:
        if not 1 < len(self.records.keys) <= LISTED_ONE_BY_ONE:
            return []
        return [(f"{self.value}:{number}", self._named(key)) for number, key in enumerate(self.records.keys)]

    def _named(self, key: Key) -> str:
        shown = [str(value) for value in plain_key(self.records.key_fields, key).values()]
        return " / ".join(value if len(value) < 4 else f"…{value[-4:]}" for value in shown)

    def chosen(self, values: list[str], fields: list[str]) -> Records | None:
        """What was ticked of this kind; none where nothing was."""
        numbers = {value: key for (value, _name), key in zip(self.single, self.records.keys, strict=False)}
        all_of_it = self.value in values
        keys = self.records.keys if all_of_it else [key for value, key in numbers.items() if value in values]
        named = tuple(value.split(":", 1)[1] for value, _title in self.fields if value in fields)
        return Records(self.records.key_fields, keys, named) if keys else None


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
    records = _chosen(choosable, form)
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
    catalogue, data_map = center().catalogue, center().data_map
    kinds = []
    for one in holdable_records(session, data_map, asked):
        collection = data_map.collections[one.collection]
        fields = [
            (f"{one.name}:{path}", catalogue.field_title(collection, path))
            for path in collection.fields
            if path not in one.key_fields
        ]
        kinds.append(Choosable(one, catalogue.collection(one.collection).title, fields))
    return kinds


def _chosen(choosable: list[Choosable], form: Mapping[str, str]) -> dict[str, Records]:
    values, fields = form.getlist("records"), form.getlist("fields")  # type: ignore[attr-defined]
    chosen = {one.records.collection: one.chosen(values, fields) for one in choosable}
    return {collection: records for collection, records in chosen.items() if records}


def _draw(reference: str, typed: Mapping[str, str], errors: dict[str, str], status: int = 200) -> Response:
    with reading() as session:
        asked = _request(session, reference)
        choosable = _choosable(session, asked)
    kinds = [(kind.value, words(KINDS[kind].title), words(KINDS[kind].customer)) for kind in PlacedKind]
    chosen = typed.getlist("records")  # type: ignore[attr-defined]
    chosen_fields = typed.getlist("fields")  # type: ignore[attr-defined]
    return page(
        "staff/place_hold.html",
        reference=reference,
        kinds=kinds,
        choosable=choosable,
        chosen=chosen,
        chosen_fields=chosen_fields,
        typed=typed,
        review_days=REVIEW_DAYS,
        two_to_end=_("、").join(words(KINDS[kind].title) for kind in PlacedKind if KINDS[kind].two_to_end),
        errors=errors,
        status=status,
    )
