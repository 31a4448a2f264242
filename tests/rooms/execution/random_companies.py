"""Companies drawn at random: tables with foreign keys of every kind, rows of two people, a rule, holds, later rows."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from hypothesis import strategies as st

LI, WANG = 1, 2
RULES = ("NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT")
Row = dict[str, object]


@dataclass
class Link:
    """A column with a foreign key. `rule`: ON DELETE; None where the database has no foreign key for it."""

    column: str
    table: str
    rule: str | None
    nullable: bool


@dataclass
class Table:
    """`belongs`: the link by which its rows are somebody's; `condition`: only where `kind` is `mine`. Without `mapped` the
    map does not know the table. `extra`: a contact column beside the note.
    """

    name: str
    mapped: bool
    belongs: Link | None
    others: list[Link]
    condition: bool
    extra: bool
    ruled: bool
    rows: list[Row] = field(default_factory=list)
    later: list[Row] = field(default_factory=list)

    @property
    def links(self) -> list[Link]:
        return [*([self.belongs] if self.belongs else []), *self.others]


@dataclass
class Drawn:
    """One company. `held_early`, `held_late`: (table, id) held by hand before the plan and after it; `reopened`: rows that
    the rule holds only after the plan. `narrow`: the request is about the notes alone; `chosen`: about these tables alone.
    `twice`: somebody else asks for the same while the request is open.
    """

    tables: list[Table]
    held_early: list[tuple[str, int]]
    held_late: list[tuple[str, int]]
    reopened: list[tuple[str, int]]
    narrow: bool
    chosen: list[str] | None
    twice: bool

    def table(self, name: str) -> Table:
        return next(one for one in self.tables if one.name == name)


@st.composite
def companies(draw: st.DrawFn, dialect: str) -> Drawn:
    """A company that the dialect can hold, `customer` first."""
    rules = [one for one in RULES if dialect != "mariadb" or one != "SET DEFAULT"]
    names = [f"t{number}" for number in range(draw(st.integers(1, 4)))]
    everyone = ["customer", *names]
    customer = Table("customer", True, None, [], False, False, False)
    customer.rows = [{"id": LI, "note": "li"}, {"id": WANG, "note": "wang"}]
    tables = [customer]
    for place, name in enumerate(names):
        mapped = draw(st.integers(0, 3)) > 0
        owner = draw(st.sampled_from(["customer", "customer", *(one.name for one in tables[1:] if one.mapped)]))
        belongs = _link(draw, "owner", owner, rules, keyless=True) if mapped else None
        others = [
            _link(draw, f"ref{number}", draw(st.sampled_from(everyone)), rules)
            for number in range(draw(st.integers(0 if mapped else 1, 2)))
        ]
        ruled = mapped and draw(st.booleans())
        conditional, extra = mapped and draw(st.integers(0, 3)) == 0, mapped and draw(st.booleans())
        tables.append(Table(name, mapped, belongs, others, conditional, extra, ruled))
        _add_rows(draw, tables, place + 1)
    _point_somewhere(draw, tables)
    kept = [(one.name, row["id"]) for one in tables if one.mapped for row in one.rows]
    some = st.lists(st.sampled_from(kept), max_size=2, unique=True)
    ruled = [(one.name, row["id"]) for one in tables if one.ruled for row in one.rows]
    reopened = draw(st.lists(st.sampled_from(ruled), max_size=2, unique=True)) if ruled else []
    early = draw(some) if draw(st.booleans()) else []
    late = draw(some) if draw(st.booleans()) else []
    scope = draw(st.integers(0, 5))
    mapped = [one.name for one in tables if one.mapped]
    chosen = draw(st.lists(st.sampled_from(mapped), min_size=1, unique=True)) if scope == 1 else None
    return Drawn(tables, early, late, reopened, scope == 0, chosen, draw(st.integers(0, 3)) == 0)


def _link(draw: st.DrawFn, column: str, table: str, rules: list[str], *, keyless: bool = False) -> Link:
    rule = draw(st.sampled_from([*rules, None] if keyless else rules))
    must_be_nullable = rule == "SET NULL" and "SET DEFAULT" not in rules  # so InnoDB demands
    return Link(column, table, rule, must_be_nullable or draw(st.integers(0, 3)) > 0)


def _add_rows(draw: st.DrawFn, tables: list[Table], place: int) -> None:
    table, number = tables[place], place * 100
    for later in (False, True):
        for _ in range(draw(st.integers(0, 2)) if later else draw(st.integers(1, 3))):
            number += 1
            row: Row = {"id": number, "note": f"n{number}", "closed": draw(st.sampled_from([None, 1, 1]))}
            row |= {"kind": draw(st.sampled_from(["mine", "mine", "other"]))} if table.condition else {}
            row |= {"extra": f"e{number}"} if table.extra else {}
            (table.later if later else table.rows).append(row)


def _point_somewhere(draw: st.DrawFn, tables: list[Table]) -> None:
    """Links of rows that are there from the start lead to such rows; later ones may lead to later ones, too."""
    by_name = {one.name: one for one in tables}
    for table in tables:
        for later, rows in ((False, table.rows), (True, table.later)):
            for row in rows:
                for link in table.links:
                    goal = by_name[link.table]
                    ids = [one["id"] for one in (*goal.rows, *(goal.later if later else ()))]
                    row[link.column] = draw(st.sampled_from([*ids, *([None] if link.nullable else [])]))


class Live:
    """A drawn company in a real database."""

    def __init__(self, url: str, drawn: Drawn) -> None:
        self.drawn, self.engine = drawn, sa.create_engine(url)
        self.dialect = self.engine.dialect.name
        with self.unchecked() as connection:
            for statement in self._definitions():
                connection.exec_driver_sql(statement)
            for table in drawn.tables:
                self._insert(connection, table, table.rows)

    def unchecked(self):
        """A transaction in which foreign keys are not checked."""
        live = self

        class _Unchecked:
            def __enter__(self) -> sa.Connection:
                self.begun = live.engine.begin()
                connection = self.begun.__enter__()
                off = {"postgresql": "SET session_replication_role = replica", "sqlite": "PRAGMA foreign_keys = OFF"}
                connection.exec_driver_sql(off.get(live.dialect, "SET foreign_key_checks = 0"))
                return connection

            def __exit__(self, *trouble) -> None:
                self.begun.__exit__(*trouble)

        return _Unchecked()

    def go_on(self) -> None:
        """What the company does after the plan: more rows, and rows that its rule holds again."""
        with self.unchecked() as connection:
            for table in self.drawn.tables:
                self._insert(connection, table, table.later)
            for name, number in self.drawn.reopened:
                connection.exec_driver_sql(f"UPDATE {name} SET closed = NULL WHERE id = {number}")

    def rows(self) -> dict[str, dict[int, Row]]:
        """Every row of every table by table and id."""
        with self.engine.connect() as connection:
            return {
                one.name: {
                    row.id: dict(row._mapping) for row in connection.exec_driver_sql(f"SELECT * FROM {one.name}").all()
                }
                for one in self.drawn.tables
            }

    def _insert(self, connection: sa.Connection, table: Table, rows: list[Row]) -> None:
        for row in rows:
            values = row | ({"email": f"{row['note']}@example.com"} if table.name == "customer" else {})
            names, written = (
                ", ".join(values),
                ", ".join("NULL" if one is None else repr(one) for one in values.values()),
            )
            connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({written})")

    def _definitions(self) -> Iterator[str]:
        later = []
        for table in self.drawn.tables:
            columns = ["id INTEGER PRIMARY KEY", "note VARCHAR(20)"]
            columns += ["email VARCHAR(40)"] if table.name == "customer" else ["closed INTEGER"]
            columns += ["kind VARCHAR(9)"] if table.condition else []
            columns += ["extra VARCHAR(20)"] if table.extra else []
            columns += [f"{one.column} INTEGER {'' if one.nullable else 'NOT NULL'}" for one in table.links]
            for one in (link for link in table.links if link.rule):
                key = f"FOREIGN KEY ({one.column}) REFERENCES {one.table} (id) ON DELETE {one.rule}"
                if self.dialect == "sqlite":
                    columns.append(key)
                else:
                    later.append(f"ALTER TABLE {table.name} ADD {key}")
            yield f"CREATE TABLE {table.name} ({', '.join(columns)})"
        yield from later


def write_home(template: Path, home: Path, url: str, drawn: Drawn) -> None:
    """A home folder for a drawn company: a copy of a prepared one with map, rule and source of its own."""
    shutil.copytree(template, home)
    (home / "sources.yml").write_text(f"sources:\n  shop: {{url: '{url}'}}\n")
    (home / "datamap" / "shop.yml").write_text("\n".join(_map_of(drawn)))
    (home / "policy" / "own.yml").write_text("\n".join(_rules_of(drawn)))


def _map_of(drawn: Drawn) -> Iterator[str]:
    yield "dataset:\n- fides_key: shop\n  collections:"
    for table in (one for one in drawn.tables if one.mapped):
        yield f"  - name: {table.name}\n    fields:"
        yield "    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}"
        if table.name == "customer":
            yield "    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}"
        else:
            yield "    - {name: closed, data_categories: [system.operations]}"
        yield "    - {name: note, data_categories: [user.content]}"
        if table.extra:
            yield "    - {name: extra, data_categories: [user.contact]}"
        if table.condition:
            yield "    - {name: kind, data_categories: [system.operations]}"
        if table.belongs:
            when = ", when: {field: kind, eq: mine}" if table.condition else ""
            to = f"{{dataset: shop, field: {table.belongs.table}.id, direction: from{when}}}"
            yield f"    - {{name: owner, data_categories: [user.unique_id], fides_meta: {{references: [{to}]}}}}"


def _rules_of(drawn: Drawn) -> Iterator[str]:
    yield 'pack: own-cn\nversion: "1"\njurisdiction: CN\nstatus: needs_counsel_review\nrules:'
    ruled = [one.name for one in drawn.tables if one.ruled]
    if not ruled:
        yield "  []"
    for name in ruled:
        yield f"- key: open-{name}\n  title: Open\n  authority: law"
        yield '  citation: {law: x, article: "1", checked: true}'
        yield f"  covers: {{collection: shop.{name}}}\n  when: {{field: closed, is: null}}"
        yield "  until: {event: closed}\n  treatment: restrict\n  customer: {zh-CN: 还没结束。, en: Still open.}"
