"""A plan as the reviewer's items table: grouped by system, rows that share a decision on one line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import DataMap, is_within
from privacy_center.errors import Words
from privacy_center.plans.models import PlanItem
from privacy_center.plans.scope import IDENTIFIER_BRANCH
from privacy_center.retention.deletable_from import DeletableFrom, deletable_from
from privacy_center.retention.verdict import Outcome
from privacy_center.review.overrides import Override, singles_of
from privacy_center.sources.rows import Ownership
from privacy_center.web.preview_words import ShownState
from privacy_center.web.staff.reason_words import reason_words


@dataclass(slots=True)
class ShownItem:
    """One line. `ids`: the plan items it stands for. `locked`: why it cannot be overridden, if it cannot. `reason`: why it
    waits or stays, in words for reviewers. `singles`: records with a decision of their own; `waiting`: records undecided.
    `done`: what became of its records by now.
    """

    first: PlanItem
    title: Words
    categories: list[Words]
    sensitive: bool
    ids: list[str]
    rows: int
    choices: list[Outcome]
    locked: Words | None = None
    reason: Words | None = None
    singles: int = 0
    waiting: int = 0
    ends: DeletableFrom | None = None
    done: list[ShownState] = field(default_factory=list)

    def add(self, item: PlanItem) -> None:
        """One more plan item for which this line stands."""
        self.ids.append(str(item.id))
        self.rows += item.row_count
        if item.holds:
            ends = deletable_from(item.holds)
            self.ends = self.ends.with_other(ends) if self.ends else ends

    @property
    def name(self) -> str:
        """What its form fields and its anchor are called."""
        return f"item-{self.first.position}"

    @property
    def outcome(self) -> Outcome:
        """What was decided, else what the plan suggests."""
        return self.first.decided_outcome or self.first.outcome

    @property
    def plain(self) -> bool:
        """Whether nothing about it needs thought: it goes as the rules say, or it is not the customer's and stays."""
        first = self.first
        quiet = first.outcome is Outcome.KEEP or (first.outcome is Outcome.ERASE and not first.waived)
        return quiet and first.decided_outcome is None and not self.singles

    @property
    def unsure(self) -> bool:
        """Whether a rule that holds it could not be decided by facts alone."""
        return any(hold["needs_human_reason"] for hold in self.first.holds)


@dataclass(slots=True)
class ShownSystem:
    """One database of the company, with the lines found in it."""

    dataset: str
    items: list[ShownItem] = field(default_factory=list)


ATTENTION = (Outcome.MANUAL, Outcome.ASK, Outcome.RESTRICT, Outcome.ERASE, Outcome.KEEP)
"""What a reviewer should see first in each system; lines of one outcome stay in the plan's order."""
LOCKED_BY_LAW = Words(
    "法律、行政法规或法律授权的规定要求保留，任何人都不能改为删除。",
    "A law, an administrative regulation or a rule that a law delegates requires it to be kept; nobody may change that to erase.",
)
LOCKED_BY_HAND = Words(
    "有人工保留。结束保留以前，不能调整为删除。",
    "On a hold placed by staff; nobody may change it to delete until the hold ends.",
)
LOCKED_SHARED = Words(
    "还有别人在用它，不能调整为删除。",
    "Somebody else still uses it; it cannot be changed to delete.",
)
LOCKED_OTHERS = Words(
    "这是别人的信息，不能按这件申请处理。",
    "This is somebody else's data; this request cannot change it.",
)


def shown_systems(
    items: Iterable[PlanItem],
    catalogue: Catalogue,
    categories: dict[str, list[str]],
    data_map: DataMap,
    drafted: Mapping[str, Override],
) -> list[ShownSystem]:
    """The lines of a plan by system. `categories`: collection → the data categories that its fields carry. `drafted`: what
    the reader has chosen for single records.
    """
    systems: dict[str, ShownSystem] = {}
    lines: dict[tuple[object, ...], ShownItem] = {}
    for item in items:
        like = _alike(item)
        if like not in lines:
            lines[like] = _line(item, catalogue, categories.get(item.collection, []))
            systems.setdefault(item.dataset, ShownSystem(item.dataset)).items.append(lines[like])
        lines[like].add(item)
        decided = len(singles_of(item, drafted))
        lines[like].singles += decided
        lines[like].waiting += item.row_count - decided if item.outcome is Outcome.MANUAL else 0
        if item.reason:
            lines[like].reason = reason_words(Words.read(item.reason), item.collection, catalogue, data_map)
    for system in systems.values():
        system.items.sort(key=lambda line: ATTENTION.index(line.first.outcome))
    return list(systems.values())


def _line(item: PlanItem, catalogue: Catalogue, categories: list[str]) -> ShownItem:
    choices, locked = may_become(item)
    return ShownItem(
        first=item,
        title=catalogue.collection(item.collection).title,
        categories=_titles(catalogue, categories),
        sensitive=any(catalogue.category(one).sensitive for one in categories),
        ids=[],
        rows=0,
        choices=choices,
        locked=locked,
    )


def _titles(catalogue: Catalogue, categories: list[str]) -> list[Words]:
    """What the categories are called, each name once; identifiers alone say nothing new."""
    named = [catalogue.category(one).title for one in categories if not is_within(one, IDENTIFIER_BRANCH)]
    return list(dict.fromkeys(named))


def may_become(item: PlanItem) -> tuple[list[Outcome], Words | None]:
    """The outcomes that a person may choose instead of the planned one, and why erasing is not among them."""
    if item.ownership is Ownership.THIRD_PARTY:
        return [], LOCKED_OTHERS
    wanted = [one for one in (Outcome.ERASE, Outcome.RESTRICT, Outcome.KEEP) if one is not item.outcome]
    if item.ownership is Ownership.SHARED:
        return [one for one in wanted if one is not Outcome.ERASE], LOCKED_SHARED
    if item.held_by_hand:
        return [one for one in wanted if one is not Outcome.ERASE], LOCKED_BY_HAND
    if item.statutory:
        return [one for one in wanted if one is not Outcome.ERASE], LOCKED_BY_LAW
    return wanted, None


def _alike(item: PlanItem) -> tuple[object, ...]:
    rules = tuple(hold["rule"] for hold in item.holds)
    reason = tuple(sorted((item.reason or {}).items()))
    return (
        item.collection,
        item.ownership,
        item.person_mark,
        item.outcome,
        item.action,
        item.skeleton,
        tuple(item.waived),
        rules,
        reason,
        item.decided_outcome,
    )
