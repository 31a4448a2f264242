"""What a plan could not look into: collections that nothing leads to, that were skipped, declared out of scope, or copies.

Every page, paper and terminal command says it with the words made here.
"""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from privacy_center.datamap.finding import Finding, Findings
from privacy_center.datamap.graph import Collection, DataMap, Field, is_within
from privacy_center.datamap.live import LiveSchema, LiveTable
from privacy_center.datamap.reach import unreached
from privacy_center.errors import Words
from privacy_center.plans.ground import Ground
from privacy_center.plans.problem import Problem
from privacy_center.sources.trouble import SKIPPED_BY_MAP, Unavailable

NO_WAY = Words(
    "从任何身份都走不到这里，里面的个人信息查不到。请在数据地图里接上它，或写明不在范围内（out_of_scope：谁、哪天、为什么），再重新起草。",
    "No identity leads here, so personal data in it cannot be found. Connect it in the data map, or declare it out_of_scope "
    "(who, when, why); then draft the plan again.",
)
LEFT_OUT = Words(
    "数据地图写了跳过（skip_processing），却没写为什么。请接上它，或写明不在范围内（out_of_scope：谁、哪天、为什么），再重新起草。",
    "The data map leaves it out (skip_processing) and does not say why. Connect it, or declare it out_of_scope (who, when, "
    "why); then draft the plan again.",
)
DECLARED = Words("不在范围内（{on_zh} 起）：{zh}", "Out of scope since {on_en}: {en}")
COPY = Words(
    "是{of_zh}的副本，删除改不到它，内容留到下次刷新。请在执行后刷新它。",
    "A copy of {of_en}, which deletions do not reach: its contents stay until it is refreshed. Refresh it after the deletion.",
)
CUSTOMER_OPEN = Words(
    "还有 {count} 处系统暂时查不到您的信息。接通并查过以后，才算办完。",
    "We cannot look into {count} of our systems yet. Your request is done only when we have.",
)
CUSTOMER_DECLARED = Words("不在查找范围内（{on_zh} 起）：{zh}", "Not searched since {on_en}: {en}")
CUSTOMER_COPY = Words(
    "有 {count} 处报表副本不随删除改变，里面的内容留到下次刷新。",
    "Copies kept for {count} reports do not change with a deletion; what is in them goes when they are next refreshed.",
)
NOT_DONE = Words(
    "有 {count} 处个人信息查不到，不能算办完：{zh}。请在数据地图里接上，或写明不在范围内（out_of_scope），再重试。",
    "Personal data in {count} places cannot be searched, so this is not done: {en}. Connect them in the data map or declare "
    "them out_of_scope, then try again.",
)


class Why(enum.StrEnum):
    """Why a collection was not looked into; the first two stand in the way of an approval and of “completed”."""

    UNREACHED = "unreached"
    SKIPPED = "skipped"
    OUT_OF_SCOPE = "out_of_scope"
    COPY = "copy"


OPEN = frozenset({Why.UNREACHED, Why.SKIPPED})


@dataclass(frozen=True, slots=True)
class Unsearched:
    """One collection that was not looked into. `words`: for staff, with what to do. `by`, `on`, `reason`: as declared."""

    collection: str
    why: Why
    words: Words
    by: str = ""
    on: date | None = None
    reason: Words | None = None

    @property
    def open(self) -> bool:
        return self.why in OPEN

    def as_json(self) -> dict[str, Any]:
        """The form that a plan keeps."""
        return {
            "collection": self.collection,
            "why": self.why.value,
            "words": self.words.as_json(),
            "by": self.by,
            "on": self.on.isoformat() if self.on else None,
            "reason": self.reason.as_json() if self.reason else None,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Unsearched":
        return cls(
            kept["collection"],
            Why(kept["why"]),
            Words.read(kept["words"]),
            kept.get("by") or "",
            date.fromisoformat(kept["on"]) if kept["on"] else None,
            Words.read(kept["reason"]) if kept["reason"] else None,
        )


def find_unsearched(
    ground: Ground, skipped: Mapping[str, Words], concerns: Callable[[Collection], bool]
) -> list[Unsearched]:
    """Every collection of personal data that a search did not look into, the open ones first.

    `skipped`: what a search or a scan left out, with the reason. `concerns`: whether the request is about a collection.
    """
    lonely = unreached(ground.data_map)
    found = []
    for key in dict.fromkeys([*lonely, *sorted(skipped), *_copies_mapped(ground)]):
        collection = ground.data_map.collections[key]
        if collection.personal and concerns(collection):
            found += _judge(ground, collection, skipped.get(key), key in lonely)
    found += _copies_unmapped(ground)
    return sorted(found, key=lambda one: not one.open)


def findings_of_left_out(data_map: DataMap, dataset: str, live: LiveSchema) -> list[Finding]:
    """What `check` says of personal data that the map leaves out without a word why, and of stored copies."""
    findings = Findings()
    for one in data_map.of(dataset):
        place, table = findings.at("", dataset, one.name), live.tables.get(one.name)
        if not one.personal or one.out_of_scope:
            continue
        if _is_copy(one, table):
            place.warn(*_spoken(_copy_words(one.copy_of)))
        elif one.skip_processing and not (table is not None and table.is_view):
            place.unmet(*_spoken(LEFT_OUT))
    for name in unmapped_copies(data_map, dataset, live):
        findings.at("", dataset, name).warn(*_spoken(_copy_words(())))
    return findings.found


def problems_of(unsearched: Iterable[Unsearched]) -> list[Problem]:
    """What of it stands in the way of an approval: rows that lead to the rest would be gone before the rest was looked for."""
    return [Problem(one.collection, one.words) for one in unsearched if one.open]


def read_unsearched(kept: Iterable[Mapping[str, Any]]) -> list[Unsearched]:
    """As a plan or a certificate keeps it."""
    return [Unsearched.read(one) for one in kept]


def customer_lines(unsearched: Iterable[Unsearched]) -> list[Words]:
    """The same for the customer: counts and reasons, never the name of a table or of a person."""
    listed = list(unsearched)
    opened, copies = sum(one.open for one in listed), sum(one.why is Why.COPY for one in listed)
    lines = [CUSTOMER_OPEN.filled(count=opened)] if opened else []
    lines += [
        CUSTOMER_DECLARED.filled(**_dated(one.on), zh=one.reason.zh, en=one.reason.en)
        for one in listed
        if one.on and one.reason
    ]
    return list(dict.fromkeys(lines)) + ([CUSTOMER_COPY.filled(count=copies)] if copies else [])


def not_done(unsearched: Iterable[Unsearched]) -> Words:
    """Why a request cannot be called done, for staff."""
    opened = [one.collection for one in unsearched if one.open]
    return NOT_DONE.filled(count=len(opened), zh="、".join(opened), en=", ".join(opened))


def _judge(ground: Ground, collection: Collection, skipped: Words | None, lonely: bool) -> Iterator[Unsearched]:
    key, declared = collection.key, collection.out_of_scope
    table = _live(ground, collection)
    if declared:
        words = DECLARED.filled(**_dated(declared.on), zh=declared.reason.zh, en=declared.reason.en)
        yield Unsearched(key, Why.OUT_OF_SCOPE, words, declared.by, declared.on, declared.reason)
    elif _is_copy(collection, table):
        yield Unsearched(key, Why.COPY, _copy_words(collection.copy_of))
    elif table is not None and table.is_view and skipped in (None, SKIPPED_BY_MAP):
        return
    elif skipped is not None:
        yield Unsearched(key, Why.SKIPPED, LEFT_OUT if skipped == SKIPPED_BY_MAP else skipped)
    elif lonely:
        yield Unsearched(key, Why.UNREACHED, NO_WAY)


def _dated(on: date) -> dict[str, str]:
    return {"on_zh": f"{on.year}年{on.month}月{on.day}日", "on_en": f"{on.day} {on:%b %Y}"}


def _copy_words(of: Iterable[str]) -> Words:
    named = list(of)
    return COPY.filled(of_zh="、".join(named) or "其他表", of_en=", ".join(named) or "other tables")


def _live(ground: Ground, collection: Collection) -> LiveTable | None:
    try:
        return ground.sources.schema_of(collection.dataset).tables.get(collection.name)
    except Unavailable:
        return None


def _is_copy(collection: Collection, table: LiveTable | None) -> bool:
    return bool(collection.copy_of) or (table is not None and table.materialized)


def _copies_mapped(ground: Ground) -> list[str]:
    """A copy is read after a deletion to see what is left in it; it is named all the same, since no deletion reaches it."""
    return [key for key, one in ground.data_map.collections.items() if _is_copy(one, _live(ground, one))]


def _copies_unmapped(ground: Ground) -> Iterator[Unsearched]:
    for dataset in ground.data_map.datasets:
        try:
            live = ground.sources.schema_of(dataset)
        except Unavailable:
            continue
        for name in unmapped_copies(ground.data_map, dataset, live):
            yield Unsearched(f"{dataset}.{name}", Why.COPY, _copy_words(()))


def unmapped_copies(data_map: DataMap, dataset: str, live: LiveSchema) -> list[str]:
    """Stored copies that the map does not name, with a column of a name that is personal elsewhere in the dataset."""
    copies = {name: one for name, one in live.tables.items() if one.materialized}
    if not copies:
        return []
    mapped = list(data_map.of(dataset))
    personal = {path for one in mapped for path, field in one.fields.items() if _is_personal(field, one)}
    known = {one.name for one in mapped}
    return [name for name, table in copies.items() if name not in known and personal & table.columns.keys()]


def _is_personal(field: Field, collection: Collection) -> bool:
    return any(is_within(category, "user") for category in (field.data_categories or collection.data_categories))


def _spoken(words: Words) -> tuple[str, str]:
    return words.zh, words.en
