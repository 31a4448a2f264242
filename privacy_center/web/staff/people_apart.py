"""One number, several people: what tells their records apart, and whose records each are."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.plans.freeze import current_plan
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import identities_in, request_by_reference
from privacy_center.retention.verdict import Outcome
from privacy_center.review.drafts import drafted_overrides, keep_draft
from privacy_center.review.overrides import Override
from privacy_center.sources.known import KnownIdentities
from privacy_center.sources.read import read_rows
from privacy_center.sources.rows import Key, Ownership
from privacy_center.web.filters import words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.latest_activity import latest_activity
from privacy_center.web.staff.masking import split_by_sight
from privacy_center.web.staff.opened_records import (
    RecordPlace,
    ShownRecord,
    note_records_opened,
    open_records,
    places_of,
)
from privacy_center.web.staff.records import refuse_not_deciding
from privacy_center.web.staff.shown_items import may_become
from privacy_center.web.staff.shown_plan import ShownPlan, show_plan
from privacy_center.web.staff.standing import standing_of
from privacy_center.web.staff.typed import NO_WHY
from privacy_center.web.staff.who import me
from privacy_center.web.units import center, reading, transaction

MOST_RECORDS = 200
"""Records of unclear ownership that are compared on one page."""

MOST_CONFIRMED = 20
"""Records that are surely the applicant's beside which the others stand."""

APPLICANT = "applicant"
"""The mark of the column of the applicant's own records; no decision is taken on them there."""

ANSWERS = {
    "is": (Outcome.ERASE, "is_the_customers"),
    "not": (Outcome.KEEP, "not_the_customers"),
}


@dataclass(slots=True)
class ShownPerson:
    """Records that lead to one person. `proven`, `contradicting`: kinds of identity on them that the applicant has proven,
    and those that differ from it. `answer`: what the reader chose so far.
    """

    mark: str
    records: list[ShownRecord] = field(default_factory=list)
    proven: list[str] = field(default_factory=list)
    contradicting: list[str] = field(default_factory=list)
    answer: str = ""
    why: str = ""


class Likeness(enum.StrEnum):
    """What comparing the people's values of one field says."""

    DIFFERENT = "different"
    PARTLY = "partly"
    ALIKE = "alike"
    ALONE = "alone"


@dataclass(slots=True)
class Comparison:
    """One point of comparison: the values by person. `kinds`: the collections that have such a field."""

    title: Words
    values: dict[str, list[object]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    def likeness(self, people: list[ShownPerson]) -> Likeness:
        """How the values compare. Who has no records with such a field is not compared; the home country's calling code
        does not make two numbers differ.
        """
        compared = [one for one in people if self.kinds & {record.at.item.collection for record in one.records}]
        values = [{str(v).removeprefix("+86 ") for v in self.values.get(one.mark, [])} for one in compared]
        if len(values) < 2:
            return Likeness.ALONE
        if all(one == values[0] for one in values):
            return Likeness.ALIKE
        return Likeness.DIFFERENT if any(a.isdisjoint(b) for a, b in combinations(values, 2)) else Likeness.PARTLY

    def hidden(self) -> bool:
        """Whether part of a value is not shown, so that values that look the same need not be."""
        return any("*" in str(value) for values in self.values.values() for value in values)


@staff.get("/requests/<reference>/people")
def people_apart(reference: str) -> Response:
    """The people to whom unclear records lead, side by side. Their records are then opened by the reader."""
    return _draw(reference)


@staff.post("/requests/<reference>/people")
def tell_people_apart(reference: str) -> Response:
    """Keep whose records each person's are, as a decision on each of the records, until the decision is submitted."""
    form = request.form
    with transaction() as session:
        asked, shown, places = _unclear(session, reference)
        refuse_not_deciding(session, asked)
        if form.get("plan") != str(shown.plan.id):
            raise Refusal("方案已更新。请返回申请页重新打开。", "The plan has changed. Open it again from the request.")
        errors = _wrong(form, {one.item.person_mark or "" for one in places})
        if not errors:
            keep_draft(session, asked, shown.plan.id, me().number, _chosen(form, places), clock.now())
    if errors:
        return _draw(reference, typed=form, errors=errors)
    return go(url_for("staff.request_page", reference=reference, done="people") + "#items")


def _unclear(session: Session, reference: str) -> tuple[PrivacyRequest, ShownPlan, list[RecordPlace]]:
    asked = request_by_reference(session, reference)
    plan = current_plan(session, asked.id)
    shown = show_plan(session, plan) if plan else None
    if shown is None or not shown.people:
        raise Refusal("方案里没有归属不明的记录。", "The plan has no records of unclear ownership.", status=404)
    lines = [one for one in shown.all_items() if one.first.person_mark]
    places = [place for line in lines for place in places_of(session, shown, line)]
    return asked, shown, places


def _confirmed(session: Session, shown: ShownPlan, unclear: list[RecordPlace]) -> list[RecordPlace]:
    """The plan's records of the same kinds that are surely the applicant's; where there are none, those that tell whose they are."""
    kinds = {one.item.collection for one in unclear}
    own = [one for one in shown.all_items() if one.first.ownership is Ownership.OWN]
    collections = center().data_map.collections
    lines = [one for one in own if one.first.collection in kinds] or [
        one for one in own if collections[one.first.collection].tells_whose
    ]
    return [place for line in lines for place in places_of(session, shown, line)][:MOST_CONFIRMED]


def _draw(reference: str, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> Response:
    with reading() as session:
        asked, shown, places = _unclear(session, reference)
        confirmed = _confirmed(session, shown, places)
        deciding = standing_of(session, asked, me()).deciding
        chosen = drafted_overrides(session, asked.id, shown.plan.id, me().number)
        known = KnownIdentities(identities_in(session, asked))
    records = _with_activity(asked, open_records(asked, [*confirmed, *places[:MOST_RECORDS]], chosen))
    people = _people(records, known, chosen, typed)
    with transaction() as session:
        note_records_opened(session, request_by_reference(session, reference), "people", records)
    return page(
        "staff/people_apart.html",
        reference=reference,
        plan=shown,
        columns=people,
        people=[one for one in people if one.mark != APPLICANT],
        comparisons=_compare(people),
        deciding=deciding,
        errors=errors or {},
        left_out=max(len(places) - MOST_RECORDS, 0),
        item_url=lambda position: url_for("staff.item", reference=reference, position=position),
        collection_title=lambda key: center().catalogue.collection(key).title,
        status=422 if errors else 200,
    )


def _people(
    records: list[ShownRecord],
    known: KnownIdentities,
    chosen: Mapping[str, Override],
    typed: Mapping[str, str] | None,
) -> list[ShownPerson]:
    people: dict[str, ShownPerson] = {}
    for one in records:
        mark = one.at.item.person_mark or APPLICANT
        person = people.setdefault(mark, ShownPerson(mark))
        person.records.append(one)
        if one.chosen and not typed:
            person.answer = next((code for code, (out, _r) in ANSWERS.items() if out is one.chosen.outcome), "")
            person.why = one.chosen.text
    for person in people.values():
        _note_identities(person, known)
        if typed:
            person.answer, person.why = typed.get(f"who-{person.mark}", ""), typed.get(f"why-{person.mark}", "")
    return list(people.values())


def _with_activity(asked: PrivacyRequest, records: list[ShownRecord]) -> list[ShownRecord]:
    """The records with the day of the last order and sign-in, as far as the reader may see it."""
    latest = {}
    for item, keys in _keys_by_item(records):
        latest |= {
            (item.id, key): v for key, v in latest_activity(item.collection, tuple(item.key_fields), keys).items()
        }
    shown = []
    for one in records:
        seen, unseen = split_by_sight(asked, tuple(latest.get((one.at.item.id, one.at.key), ())))
        shown.append(replace(one, values=[*one.values, *seen], unseen=[*one.unseen, *unseen]))
    return shown


def _keys_by_item(records: list[ShownRecord]) -> list[tuple[PlanItem, list[Key]]]:
    items = {one.at.item.id: one.at.item for one in records}
    return [(item, [one.at.key for one in records if one.at.item.id == id_]) for id_, item in items.items()]


def _note_identities(person: ShownPerson, known: KnownIdentities) -> None:
    """Which kinds of identity on a person's records the applicant has proven, and which are others than the proven ones."""
    house = center()
    for item, keys in _keys_by_item(person.records):
        collection = house.data_map.collections[item.collection]
        paths = [path for path in collection.identities if "." not in path]
        with house.sources.engine(collection.dataset).connect() as connection:
            table = house.sources.table(collection.key)
            rows = list(read_rows(connection, table, tuple(item.key_fields), keys, paths))
        for path, raw in ((path, raw) for _key, values in rows for path, raw in zip(paths, values, strict=True)):
            if raw in (None, ""):
                continue
            kind = collection.identities[path]
            kinds = person.proven if known.is_proven(kind, raw, False) else person.contradicting
            title = words(house.catalogue.collection(collection.key).fields.get(path, Words(path, path)))
            if title not in kinds:
                kinds.append(title)


def _compare(people: list[ShownPerson]) -> list[Comparison]:
    """Field by field: the masked values of each person, in the order in which fields are met."""
    found: dict[str, Comparison] = {}
    for person in people:
        for record in person.records:
            for value in record.values:
                row = found.setdefault(value.title.zh, Comparison(value.title))
                row.kinds.add(record.at.item.collection)
                values = row.values.setdefault(person.mark, [])
                values += [one for one in value.samples if one not in values]
    return list(found.values())


def _wrong(form: Mapping[str, str], marks: set[str]) -> dict[str, str]:
    """An answer without its reason."""
    wrong = {}
    for mark in sorted(marks):
        if form.get(f"who-{mark}") in ANSWERS and not form.get(f"why-{mark}", "").strip():
            wrong[f"why-{mark}"] = words(NO_WHY)
    return wrong


def _chosen(form: Mapping[str, str], places: list[RecordPlace]) -> dict[str, Override | None]:
    """Record → what follows from whose it is: the applicant's go where they may, another person's stay untouched."""
    chosen: dict[str, Override | None] = {}
    for place in places:
        mark = place.item.person_mark
        said = form.get(f"who-{mark}", "")
        outcome, code = ANSWERS.get(said, (None, ""))
        if outcome is Outcome.ERASE and Outcome.ERASE not in may_become(place.item)[0]:
            outcome = Outcome.RESTRICT
        why = form.get(f"why-{mark}", "").strip()
        chosen[place.decision_key] = Override(outcome, code, why) if outcome else None
    return chosen
