"""One number, several people: what tells their records apart, and whose records each are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.plans.freeze import current_plan
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import identities_in, request_by_reference
from privacy_center.retention.verdict import Outcome
from privacy_center.review.drafts import drafted_overrides, keep_draft
from privacy_center.review.overrides import Override
from privacy_center.sources.known import KnownIdentities
from privacy_center.sources.read import read_rows
from privacy_center.web.filters import words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
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


@dataclass(slots=True)
class Comparison:
    """One point of comparison: the values by person, and whether they differ."""

    title: Words
    values: dict[str, list[object]] = field(default_factory=dict)

    def differs(self) -> bool:
        """Whether two people have different values here."""
        return len({tuple(map(str, one)) for one in self.values.values()}) > 1

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


def _draw(reference: str, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> Response:
    with reading() as session:
        asked, shown, places = _unclear(session, reference)
        deciding = standing_of(session, asked, me()).deciding
        chosen = drafted_overrides(session, asked.id, shown.plan.id, me().number)
        known = KnownIdentities(identities_in(session, asked))
    records = open_records(asked, places[:MOST_RECORDS], chosen)
    people = _people(records, known, chosen, typed)
    with transaction() as session:
        note_records_opened(session, request_by_reference(session, reference), "people", records)
    return page(
        "staff/people_apart.html",
        reference=reference,
        plan=shown,
        people=people,
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
        mark = one.at.item.person_mark or ""
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


def _note_identities(person: ShownPerson, known: KnownIdentities) -> None:
    """Which kinds of identity on a person's records the applicant has proven, and which are others than the proven ones."""
    house = center()
    for one in person.records:
        collection = house.data_map.collections[one.at.item.collection]
        paths = [path for path in collection.identities if "." not in path]
        names = tuple(one.at.item.key_fields)
        with house.sources.engine(collection.dataset).connect() as connection:
            rows = list(read_rows(connection, house.sources.table(collection.key), names, [one.at.key], paths))
        for _key, values in rows:
            for path, raw in zip(paths, values, strict=True):
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
