"""The rules of one company, ready to be asked."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from privacy_center.config import Settings
from privacy_center.datamap.finding import Finding
from privacy_center.datamap.graph import Collection
from privacy_center.errors import Words
from privacy_center.retention.check_conditions import Live
from privacy_center.retention.compile import Ground, TableOf, compile_condition
from privacy_center.retention.covers import Binding
from privacy_center.retention.days import local_day
from privacy_center.retention.judge import judge_facts
from privacy_center.retention.layout import Asked, Layout, about, fact_columns, lay_out, odd, start_column
from privacy_center.retention.period import EARLIEST, Span, latest_free_start, read_month_day
from privacy_center.retention.rule import Pack, Rule
from privacy_center.retention.sql_days import DAY, before
from privacy_center.retention.verdict import Outcome, Verdict

NOT_SOUND = Words(
    "规则包有错误，改好之前由人决定。运行 privacy-center check 查看。",
    "The rule packs have errors; until they are mended a person decides. Run privacy-center check.",
)
MANY = 20_000
MANY_STATEMENTS = 2_000
GroundOf = Callable[[Binding], Ground]


class RuleBook:
    """Every rule that applies to a company, bound to the collections of its map.

    `packs`: the packs of the company's jurisdiction. `sound`: no error was found in them; a book that is not sound
    judges every row `manual` and calls no row clear, so that a rule that could not be read never lets data go.
    `check_live`: what is wrong with the packs once the types of the live columns are known.
    """

    def __init__(
        self,
        packs: Iterable[Pack],
        bindings: Iterable[Binding],
        settings: Settings,
        *,
        sound: bool = True,
        check_live: Callable[[Live], list[Finding]] = lambda _live: [],
    ) -> None:
        self.packs = tuple(packs)
        self.check_live = check_live
        self.sound = sound
        self.zone = ZoneInfo(settings.timezone)
        self.flags = frozenset(settings.flags)
        self.fiscal_year_start = read_month_day(settings.fiscal_year_start)
        self._bound: dict[str, list[Binding]] = {}
        for one in bindings:
            self._bound.setdefault(one.collection.key, []).append(one)
        self._verdicts: dict[tuple, Verdict] = {}
        self._built: dict[tuple, Any] = {}
        self._layout = lru_cache(maxsize=4096)(self._lay_out)

    @cached_property
    def version(self) -> str:
        """A digest (SHA-256, hex) of the packs and of the settings that change what they mean."""
        said = [self.zone.key, str(self.fiscal_year_start), *sorted(self.flags)]
        said += [pack.model_dump_json(by_alias=True, exclude={"file", "shipped"}, fallback=repr) for pack in self.packs]
        said += sorted(
            f"{key} {one.rule.key} {sorted(one.names.items())}" for key, found in self._bound.items() for one in found
        )
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    def rules_for(self, collection_key: str, today: date | None = None) -> tuple[Rule, ...]:
        """The rules about a collection, company policies among them; with `today`, only those in force on that day."""
        found = (one.rule for one in self._bound.get(collection_key, ()))
        return tuple({rule.key: rule for rule in found if today is None or rule.effective.on(today)}.values())

    def bindings_for(self, collection_key: str) -> tuple[Binding, ...]:
        """The rules about a collection with the columns that their names mean there."""
        return tuple(self._bound.get(collection_key, ()))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that is about some collection of the map."""
        return tuple({one.rule.key: one.rule for found in self._bound.values() for one in found}.values())

    def fields_used(self, collection_key: str) -> frozenset[str]:
        """The fields of a collection that rules read, here or from another collection: masking them would blind the rules."""
        return self._fields_used.get(collection_key, frozenset())

    @cached_property
    def _fields_used(self) -> dict[str, frozenset[str]]:
        used: dict[str, frozenset[str]] = {}
        for found in self._bound.values():
            for one in found:
                pairs = lay_out([one], self._span).asked[0].pairs
                here = one.read_columns | {pair.start for pair in pairs}
                for key, fields in ((one.collection.key, here), *one.read_elsewhere()):
                    used[key] = used.get(key, frozenset()) | fields
        return used

    def facts(self, collection: Collection, table: sa.Table, table_of: TableOf, today: date) -> list[sa.ColumnElement]:
        """What the rules must know of a row, as labelled columns that the database evaluates. `today`: local date."""
        grounds = self._grounds(table, table_of, today)
        asked = ("facts", collection.key, table, today)
        return list(self._once(asked, lambda: fact_columns(self._layout(collection.key, today), grounds)))

    def judge(self, collection_key: str, facts: Sequence[Any], today: date) -> Verdict:
        """The verdict on a row from its facts, in the order in which `facts()` gave them. `today`: local date."""
        if not self.sound:
            return Verdict(Outcome.MANUAL, (), NOT_SOUND)
        layout = self._layout(collection_key, today)
        days = layout.days_at
        read = tuple(local_day(value, self.zone) if at in days else value for at, value in enumerate(facts))
        known = (collection_key, today, read)
        verdict = self._verdicts.get(known)
        if verdict is None:
            if len(self._verdicts) >= MANY:
                self._verdicts.clear()
            verdict = self._verdicts[known] = judge_facts(layout, read, today)
        return verdict

    def clear_of_holds(
        self, collection: Collection, table: sa.Table, table_of: TableOf, today: date
    ) -> sa.ColumnElement[bool]:
        """SQL that is TRUE only for rows that no rule holds against a customer; what is unknown is not clear.

        True for exactly the rows that `judge` says to erase. `today`: local date.
        """
        if not self.sound:
            return sa.false()
        grounds = self._grounds(table, table_of, today)
        return self._once(
            ("clear", collection.key, table, today), lambda: self._all_clear(collection.key, grounds, today)
        )

    def expired(
        self, collection: Collection, table: sa.Table, table_of: TableOf, today: date
    ) -> sa.ColumnElement[bool] | None:
        """SQL that is TRUE for rows past a latest day of deletion (company policy); None where no rule sets one."""
        ceilings = [one for one in self._in_force(collection.key, today) if one.rule.ceiling]
        if not ceilings or not self.sound:
            return None
        ground_of = self._grounds(table, table_of, today)
        return sa.or_(*(self._past(one, ground_of(one.binding), today) for one in lay_out(ceilings, self._span).asked))

    def due_for_automatic_deletion(
        self, collection: Collection, table: sa.Table, table_of: TableOf, today: date
    ) -> sa.ColumnElement[bool] | None:
        """SQL for the rows to delete without anybody's asking: expired, and held by no rule. None where none can be."""
        expired = self.expired(collection, table, table_of, today)
        if expired is None:
            return None
        return sa.and_(expired, self.clear_of_holds(collection, table, table_of, today))

    def _once(self, asked: tuple, make: Callable[[], Any]) -> Any:
        """What was built before for the same table and day: building SQL takes longer than sending it."""
        if asked not in self._built:
            if len(self._built) >= MANY_STATEMENTS:
                self._built.clear()
            self._built[asked] = make()
        return self._built[asked]

    def _all_clear(self, collection_key: str, ground_of: GroundOf, today: date) -> sa.ColumnElement[bool]:
        clear = [self._clear(one, ground_of(one.binding), today) for one in self._layout(collection_key, today).asked]
        return sa.and_(*clear) if clear else sa.true()

    def _in_force(self, collection_key: str, today: date) -> list[Binding]:
        return [one for one in self._bound.get(collection_key, ()) if one.rule.effective.on(today)]

    def _lay_out(self, collection_key: str, today: date) -> Layout:
        holding = (one for one in self._in_force(collection_key, today) if not one.rule.ceiling)
        return lay_out(holding, self._span)

    def _span(self, binding: Binding) -> Span | None:
        until = binding.rule.until
        if until.period is None:
            return None
        starts = {"next_fiscal_year": self.fiscal_year_start, "next_calendar_year": (1, 1)}
        return Span(until.period, starts.get(until.start or ""))

    def _grounds(self, table: sa.Table, table_of: TableOf, today: date) -> GroundOf:
        return lambda binding: Ground(table, table_of, today, self.zone, binding.names)

    def _clear(self, asked: Asked, ground: Ground, today: date) -> sa.ColumnElement[bool]:
        """TRUE where this rule certainly does not hold the row."""
        not_about = sa.not_(about(asked.binding, ground))
        return sa.and_(sa.or_(not_about, self._over(asked, ground, today)), *_believable(asked, ground))

    def _past(self, asked: Asked, ground: Ground, today: date) -> sa.ColumnElement[bool]:
        """TRUE where the rule's latest day of deletion has certainly passed."""
        return sa.and_(self._over(asked, ground, today), *_believable(asked, ground))

    def _over(self, asked: Asked, ground: Ground, today: date) -> sa.ColumnElement[bool]:
        """TRUE where the rule is about the row and its period has run out."""
        column = start_column(asked.binding, ground)
        if asked.span is None or column is None:
            return sa.false()
        free_until = latest_free_start(asked.span, today)
        return sa.and_(
            about(asked.binding, ground),
            before(column, free_until + DAY, ground.zone),
            sa.not_(before(column, EARLIEST, ground.zone)),
        )


def _believable(asked: Asked, ground: Ground) -> list[sa.ColumnElement[bool]]:
    """What must be true of a row's facts before anything is concluded from them."""
    conditions = [sa.case((odd(asked, ground), 1), else_=0) == 0] if asked.pairs else []
    if asked.binding.rule.sane is not None:
        conditions.append(compile_condition(asked.binding.rule.sane, ground))
    return conditions
