"""In which order rows of several tables can be deleted: children before parents, cycles broken by a link that may be empty."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from privacy_center.datamap.live import LiveForeignKey, LiveSchema
from privacy_center.errors import Words

CARRIED_OUT_BY_DATABASE = frozenset({"CASCADE", "SET NULL"})

NO_WAY_OUT = Words(
    "这些表互相引用而且都不能为空，数据库不允许删除：{tables}。请把其中一个外键改为可空。",
    "These tables refer to each other and none of the links may be empty, so the database allows no deletion: {tables}. "
    "Let one of the foreign keys be empty.",
)


@dataclass(frozen=True, slots=True)
class Order:
    """`waves`: tables in the order of deletion, those together that wait for the same and not for each other. `breaks`:
    (table, columns) to empty first, in the rows that will go. `impossible`: cycles that nothing can break, in words.
    """

    waves: tuple[tuple[str, ...], ...]
    breaks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    impossible: tuple[Words, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """The tables one after the other."""
        return tuple(table for wave in self.waves for table in wave)


@dataclass(frozen=True, slots=True)
class _Edge:
    """`child` must be empty before `parent`. Without a foreign key it is only a wish of the map."""

    child: str
    parent: str
    link: LiveForeignKey | None = None


def deletion_order(
    schema: LiveSchema, tables: Iterable[str], erase_after: Mapping[str, Iterable[str]] | None = None
) -> Order:
    """The order for these tables of one database. `erase_after`: table → tables that go before it, by the map.

    Where the map's wish and a foreign key contradict each other, the foreign key is followed.
    """
    waiting = dict.fromkeys(sorted(tables))
    breaks = [broken for table in waiting if (broken := _self_break(schema, table))]
    impossible = [_no_way([table]) for table in waiting if _stuck_on_itself(schema, table)]
    edges = _edges(schema, waiting, erase_after or {})
    waves: list[tuple[str, ...]] = []
    while waiting:
        free = [table for table in waiting if not any(edge.parent == table for edge in edges)]
        if free:
            waves.append(tuple(free))
            for table in free:
                del waiting[table]
            edges = [edge for edge in edges if edge.child in waiting]
            continue
        edge = _weakest(schema, edges)
        if edge is None:
            impossible.append(_no_way(list(waiting)))
            return Order((*waves, tuple(waiting)), tuple(breaks), tuple(impossible))
        edges.remove(edge)
        if edge.link and _hard(edge.link):
            breaks.append((edge.child, _nullable(schema, edge.child, edge.link)))
    return Order(tuple(waves), tuple(breaks), tuple(impossible))


def _edges(schema: LiveSchema, tables: Mapping[str, None], erase_after: Mapping[str, Iterable[str]]) -> list[_Edge]:
    by_key = [
        _Edge(child, parent, link)
        for parent in tables
        for name, link in schema.referring.get(parent, ())
        if (child := schema.among(name, tables, link.columns)) and child != parent
    ]
    by_map = [
        _Edge(first, table)
        for table, before in erase_after.items()
        for first in before
        if {first, table} <= set(tables)
    ]
    return by_key + [edge for edge in by_map if edge.child != edge.parent]


def _weakest(schema: LiveSchema, edges: list[_Edge]) -> _Edge | None:
    """The link of a cycle that costs least to break: the map's wish, then one the database resolves, then a nullable one."""
    loops = [edge for edge in edges if _reaches(edges, edge.parent, edge.child)]
    candidates = [
        edge for edge in loops if edge.link is None or not _hard(edge.link) or _nullable(schema, edge.child, edge.link)
    ]
    into = {edge.parent: sum(1 for other in edges if other.parent == edge.parent) for edge in edges}
    return min(candidates, key=lambda e: (_cost(e), into[e.parent], e.child, e.parent), default=None)


def _cost(edge: _Edge) -> int:
    if edge.link is None:
        return 0
    return 2 if _hard(edge.link) else 1


def _reaches(edges: list[_Edge], start: str, goal: str) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        if here == goal:
            return True
        following = {edge.parent for edge in edges if edge.child == here} - seen
        seen |= following
        ahead += following
    return False


def _hard(link: LiveForeignKey) -> bool:
    return (link.ondelete or "NO ACTION").upper() not in CARRIED_OUT_BY_DATABASE


def _nullable(schema: LiveSchema, table: str, link: LiveForeignKey) -> tuple[str, ...]:
    """The columns of a link that may be empty. One suffices: a foreign key with an empty part points nowhere."""
    live = schema.tables[table]
    return tuple(name for name in link.columns if live.columns[name].nullable and name not in live.primary_key)


def _self_links(schema: LiveSchema, table: str) -> list[LiveForeignKey]:
    live = schema.tables.get(table)
    return [link for link in live.foreign_keys if link.referred_table == table and _hard(link)] if live else []


def _self_break(schema: LiveSchema, table: str) -> tuple[str, tuple[str, ...]] | None:
    """Links of a table to itself are emptied first: MariaDB checks them row by row, and 40,000 rows go in many statements."""
    columns = dict.fromkeys(name for link in _self_links(schema, table) for name in _nullable(schema, table, link))
    return (table, tuple(columns)) if columns else None


def _stuck_on_itself(schema: LiveSchema, table: str) -> bool:
    return schema.dialect in ("mysql", "mariadb") and any(
        not _nullable(schema, table, link) for link in _self_links(schema, table)
    )


def _no_way(tables: list[str]) -> Words:
    return NO_WAY_OUT.filled(tables=", ".join(tables))
