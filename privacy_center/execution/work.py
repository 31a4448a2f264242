"""The work of one plan in one database, as a sheet of rows and acts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from privacy_center.plans.decision import CHANGING, Action, Decision, Sheet
from privacy_center.plans.freeze import keys_in
from privacy_center.plans.models import PlanItem
from privacy_center.plans.refusals import PersonContacts, RefusalAnswer, RefusingRows
from privacy_center.retention.verdict import Hold
from privacy_center.sources.rows import Key


@dataclass(slots=True)
class ReadRefusals:
    """The rows of a step that may refuse marketing, and what they said before the change (mark → answer).

    `settled`: answers that can no longer be read, so that nobody asks again.
    """

    rows: RefusingRows
    key_fields: Mapping[str, tuple[str, ...]]
    person: PersonContacts
    answers: dict[str, RefusalAnswer] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)


@dataclass(slots=True)
class DatasetWork:
    """What is to be done in one database. `by_person`: rows on which a person decided, so that no rule decides again.

    `items` also has those whose rows wait: nothing is done to them, but they go into the register of what is held.
    """

    dataset: str
    sheet: Sheet = field(default_factory=Sheet)
    by_person: set[tuple[str, Key]] = field(default_factory=set)
    items: list[PlanItem] = field(default_factory=list)
    refusals: ReadRefusals | None = None

    @property
    def planned(self) -> dict[str, dict[str, int]]:
        """Rows by collection and act."""
        counts: dict[str, dict[str, int]] = {}
        for collection, rows in self.sheet.rows.items():
            for decision in rows.values():
                acts = counts.setdefault(collection, {})
                acts[decision.action.value] = acts.get(decision.action.value, 0) + 1
        return counts

    @property
    def exact(self) -> bool:
        """Whether the rules alone decide every row, so that they can guard each statement as SQL."""
        return not self.by_person and not any(one.waived for rows in self.sheet.rows.values() for one in rows.values())

    @property
    def rows(self) -> int:
        return sum(len(rows) for rows in self.sheet.rows.values())


def divide_work(session: Session, items: Iterable[PlanItem]) -> dict[str, DatasetWork]:
    """The items of a plan that change or hold something, by database, with their keys opened."""
    works: dict[str, DatasetWork] = {}
    for item in items:
        if item.act is Action.KEEP:
            continue
        work = works.setdefault(item.dataset, DatasetWork(item.dataset))
        work.items.append(item)
        if item.act in CHANGING:
            add_item(session, work, item)
    return dict(sorted(works.items()))


def add_item(session: Session, work: DatasetWork, item: PlanItem) -> None:
    """Put the rows of one item on the sheet."""
    decision = Decision(
        item.ownership,
        item.outcome,
        item.act,
        item.cleared,
        tuple(Hold.read(stored) for stored in item.holds),
        item.why,
        skeleton=item.skeleton,
        whole=item.whole,
        asked=tuple(item.asked),
        waived=tuple(item.waived),
    )
    keys = keys_in(session, item)
    work.sheet.key_fields[item.collection] = tuple(item.key_fields)
    if item.keyless:
        work.sheet.keyless.add(item.collection)
    work.sheet.rows.setdefault(item.collection, {}).update(dict.fromkeys(keys, decision))
    if item.decided_action is not None:
        work.by_person.update((item.collection, key) for key in keys)


def note_untouched(session: Session, work: DatasetWork, items: Iterable[PlanItem]) -> None:
    """Put the rows of these items that nothing is done to on the sheet as well, so that they are known from new ones."""
    for item in items:
        if item.act not in CHANGING:
            work.sheet.key_fields.setdefault(item.collection, tuple(item.key_fields))
            rows = work.sheet.untouched.setdefault(item.collection, {})
            rows.update(dict.fromkeys(keys_in(session, item), item.act))


def sealing(items: Iterable[PlanItem]) -> list[PlanItem]:
    """The items whose values go into the vault."""
    return [item for item in items if item.act is Action.SEAL]
