"""Records of a plan opened for review: masked values, each look written down, and who opened which."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.access.sample import masked_records
from privacy_center.access.shown import ShownValue
from privacy_center.errors import Refusal
from privacy_center.execution.record_states import RecordStates
from privacy_center.plans.freeze import current_plan, keys_in
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.review.opened import note_opened
from privacy_center.review.overrides import Override, record_key
from privacy_center.sources.rows import Key, Ownership
from privacy_center.web.preview_words import state_words
from privacy_center.web.staff.looked import categories_of, note_look
from privacy_center.web.staff.masking import may_reveal, split_by_sight
from privacy_center.web.staff.shown_items import ShownItem
from privacy_center.web.staff.shown_plan import ShownPlan, show_plan
from privacy_center.web.staff.who import me
from privacy_center.web.units import center


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """A record of a line: the plan item that holds it, its number there (from 1), and its number in the line."""

    item: PlanItem
    number: int
    place: int
    key: Key

    @property
    def decision_key(self) -> str:
        """How a decision names it."""
        return record_key(self.item.id, self.number)

    @property
    def name(self) -> str:
        """What its form fields and its anchor are called."""
        return f"record-{self.place}"


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record with its masked values; `unseen`: values outside the reader's role; `gone`: not in the database any more;
    `done`: what became of it, in a word."""

    at: RecordPlace
    values: list[ShownValue]
    unseen: list[ShownValue]
    revealable: set[str]
    gone: bool
    chosen: Override | None = None
    done: str = ""


def line_at(session: Session, asked: PrivacyRequest, position: int) -> tuple[ShownPlan, ShownItem]:
    """The plan and the line to which a position belongs. Refuses (404) one that is not there or is somebody else's."""
    plan = current_plan(session, asked.id)
    shown = show_plan(session, plan) if plan else None
    wanted = next((str(one.id) for one in shown.items if one.position == position), "") if shown else ""
    line = next((one for one in shown.all_items() if wanted in one.ids), None) if shown else None
    if shown is None or line is None or line.first.ownership is Ownership.THIRD_PARTY:
        raise Refusal("方案里没有这一项。", "The plan has no such item.", status=404)
    return shown, line


def places_of(session: Session, shown: ShownPlan, line: ShownItem) -> list[RecordPlace]:
    """Every record of a line, in the order of the plan."""
    wanted = set(line.ids)
    numbered = [
        (item, number, key)
        for item in shown.items
        if str(item.id) in wanted
        for number, key in enumerate(keys_in(session, item), start=1)
    ]
    return [RecordPlace(item, number, place, key) for place, (item, number, key) in enumerate(numbered, start=1)]


def open_records(
    asked: PrivacyRequest,
    places: Iterable[RecordPlace],
    chosen: Mapping[str, Override],
    states: RecordStates | None = None,
) -> list[ShownRecord]:
    """The records with masked values, read from the company's database."""
    house, wanted = center(), list(places)
    found: dict[uuid.UUID, dict[Key, tuple[ShownValue, ...]]] = {}
    for item in {one.item.id: one.item for one in wanted}.values():
        keys = [one.key for one in wanted if one.item is item]
        collection = house.data_map.collections[item.collection]
        found[item.id] = masked_records(house.sources, house.catalogue, collection, tuple(item.key_fields), keys)
    records = []
    for one in wanted:
        values = found[one.item.id].get(one.key)
        seen, unseen = split_by_sight(asked, values or ())
        revealable = {value.path for value in seen if may_reveal(asked, value)}
        records.append(ShownRecord(one, seen, unseen, revealable, values is None, chosen.get(one.decision_key)))
        state = states.of_record(one.item.id, one.number) if states else None
        records[-1] = replace(records[-1], done=state_words(state) if state else "")
    return records


def note_records_opened(session: Session, asked: PrivacyRequest, page: str, records: list[ShownRecord]) -> None:
    """Write into the audit trail what was shown, and keep which records the reader has opened."""
    shown = {f"{one.at.place}.{value.path}": str(value.samples[0]) for one in records for value in one.values}
    data = {value.category for one in records for value in one.values if value.category}
    counted = set().union(*(categories_of(one.at.item.collection) for one in records))
    note_look(session, asked, page, data=data, counts_of=counted, shown=shown or None)
    numbers: dict[uuid.UUID, list[int]] = {}
    for one in records:
        numbers.setdefault(one.at.item.id, []).append(one.at.number)
    for item_id, opened in numbers.items():
        note_opened(session, asked.id, item_id, opened, me().number, clock.now())
