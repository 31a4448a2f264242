"""Triggers and rewrite rules that change other records when a row is changed or deleted, found by reading their text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from privacy_center.sources.view_bases import tables_under_views

_NAME = r"""(?P<name>(?:[\w$]+|"[^"]+"|`[^`]+`|\[[^\]]+\])(?:\s*\.\s*(?:[\w$]+|"[^"]+"|`[^`]+`|\[[^\]]+\]))*)"""
_CHANGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bDELETE\s+(?:(?:LOW_PRIORITY|QUICK|IGNORE)\s+)*FROM\s+(?:ONLY\s+)?{_NAME}",
        rf"\bUPDATE\s+(?:(?:LOW_PRIORITY|IGNORE|ONLY|OR\s+\w+)\s+)*{_NAME}(?:\s+(?:AS\s+)?\w+)?\s+SET\b",
        rf"\bUPDATE\s+(?:LOW_PRIORITY\s+|IGNORE\s+)*{_NAME}(?:\s+(?:AS\s+)?\w+)?\s*(?:,|(?:LEFT\s+|INNER\s+)?JOIN\b)",
        rf"\bREPLACE\s+(?:INTO\s+){_NAME}",
        rf"\bINSERT\s+OR\s+REPLACE\s+INTO\s+{_NAME}",
        rf"\bTRUNCATE\s+(?:TABLE\s+)?(?:ONLY\s+)?{_NAME}",
        rf"\bMERGE\s+INTO\s+{_NAME}",
        rf"\bINSERT\s+INTO\s+{_NAME}(?=[^;]*\b(?:DO\s+UPDATE|ON\s+DUPLICATE\s+KEY\s+UPDATE)\b)",
    )
)
_BUILT_WHEN_RUN = re.compile(r"\b(EXECUTE|PREPARE)\b(?!\s+(?:FUNCTION|PROCEDURE)\b)", re.IGNORECASE)
_CHANGING_WORD = re.compile(r"\b(DELETE|UPDATE|TRUNCATE|REPLACE|MERGE)\b(?!')", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_CALL = re.compile(r"\b([\w$]+)\s*\(|\bCALL\s+(?:[\w$`\"]+\s*\.\s*)?[`\"]?([\w$]+)", re.IGNORECASE)
_SQLITE_EVENT = re.compile(r"\b(DELETE|UPDATE|INSERT)\b(?:\s+OF\s+[^;]*?)?\s+ON\b", re.IGNORECASE)
_BEGIN = re.compile(r"\bBEGIN\b", re.IGNORECASE)
UNKNOWN = "?"
"""Stands for a table that is not known before the trigger runs."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger (or rewrite rule) of one table. `events`: DELETE, UPDATE. `changes`: tables of which it changes or deletes
    rows, beside the row that it runs for; `?` where that is not known before it runs.
    """

    name: str
    events: frozenset[str]
    changes: tuple[str, ...] = ()


def read_triggers(connection: sa.Connection, schema: str | None) -> dict[str, tuple[Trigger, ...]]:
    """Table → its triggers and rewrite rules that run when rows are changed or deleted; those of its partitions, of tables that
    inherit from it and of the tables under a view are among them. On PostgreSQL tables of other schemas that have foreign
    keys stand there as `schema.table`. MariaDB tells of those of tables on which the account has the privilege TRIGGER.
    """
    reader = _READERS.get(connection.dialect.name)
    found: dict[str, dict[str, Trigger]] = {}
    for table, name, events, text in reader(connection, schema) if reader else ():
        before = found.setdefault(table, {}).get(name, Trigger(name, frozenset()))
        changes = dict.fromkeys((*before.changes, *changed_tables(text, table, events)))
        found[table][name] = Trigger(name, before.events | events, tuple(changes))
    return {table: tuple(each.values()) for table, each in found.items()}


def changed_tables(text: str, table: str, events: frozenset[str] = frozenset()) -> Iterator[str]:
    """The tables of which a trigger's text changes or deletes rows, once each; `?` for statements that it builds itself.

    Left out is an UPDATE of the very row that it runs for (`WHERE id = NEW.id`), when that is updated.
    """
    text = _COMMENT.sub(" ", text)
    names: dict[str, None] = {}
    for pattern in _CHANGES:
        for match in pattern.finditer(text):
            name = _plain(match["name"])
            if not (name == table.lower() and events <= {"UPDATE"} and _is_own_row(text, match)):
                names[name] = None
    if _BUILT_WHEN_RUN.search(text) and _CHANGING_WORD.search(text):
        names[UNKNOWN] = None
    yield from names


def _plain(name: str) -> str:
    return re.split(r"\s*\.\s*", name)[-1].strip('"`[]').lower()


def _is_own_row(text: str, match: re.Match[str]) -> bool:
    """Whether an UPDATE is of the row itself: `WHERE id = NEW.id` and nothing else."""
    statement = text[match.start() :].split(";", 1)[0]
    where = re.search(r"\bWHERE\b(.*)$", statement, re.IGNORECASE | re.DOTALL)
    plain = r"\s*(?:[\w$]+\.)?[\"`]?(?P<column>[\w$]+)[\"`]?\s*=\s*(?:NEW|OLD)\.[\"`]?(?P<same>[\w$]+)[\"`]?\s*"
    same = where and re.fullmatch(plain, where[1], re.IGNORECASE)
    return bool(same) and same["column"].lower() == same["same"].lower()


def _with_routines(text: str, routines: Mapping[str, str]) -> str:
    """A text with those of the routines that it calls, and they call, appended."""
    seen: set[str] = set()
    ahead, whole = [text], []
    while ahead:
        whole.append(ahead.pop())
        for match in _CALL.finditer(whole[-1]):
            name = (match[1] or match[2]).lower()
            if name in routines and name not in seen:
                seen.add(name)
                ahead.append(routines[name])
    return "\n;\n".join(whole)


_Row = tuple[str, str, frozenset[str], str]
_POSTGRES = """
WITH RECURSIVE edge (whole, below) AS (
  SELECT inhparent, inhrelid FROM pg_inherits
  UNION ALL
  SELECT r.ev_class, d.refobjid FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass
    AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
   WHERE r.rulename = '_RETURN' AND r.ev_class <> d.refobjid
), holding (oid, name, below) AS (
  SELECT c.oid, c.relname::text, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = COALESCE(:schema, current_schema()) AND c.relkind IN ('r', 'p', 'v', 'f')
  UNION
  SELECT c.oid, n.nspname || '.' || c.relname, c.oid
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname <> COALESCE(:schema, current_schema())
     AND c.oid IN (SELECT COALESCE(pg_partition_root(conrelid), conrelid) FROM pg_constraint WHERE contype = 'f')
  UNION
  SELECT holding.oid, holding.name, edge.below FROM holding JOIN edge ON edge.whole = holding.below
)
SELECT h.name, t.tgname, t.tgtype & 8 <> 0, t.tgtype & 16 <> 0, p.prosrc
  FROM pg_trigger t JOIN holding h ON h.below = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE NOT t.tgisinternal AND t.tgtype & 24 <> 0 AND t.tgenabled <> 'D'
UNION ALL
SELECT h.name, r.rulename, r.ev_type = '4', r.ev_type = '2', split_part(pg_get_ruledef(r.oid), ' DO ', 2)
  FROM pg_rewrite r JOIN holding h ON h.below = r.ev_class
 WHERE r.ev_type IN ('2', '4') AND r.ev_enabled <> 'D'
 ORDER BY 1, 2
"""
_POSTGRES_ROUTINES = """
SELECT lower(p.proname), p.prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
  JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE l.lanname IN ('sql', 'plpgsql') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
_MYSQL = """
SELECT event_object_schema, event_object_table, trigger_name, event_manipulation, action_statement
  FROM information_schema.triggers WHERE event_manipulation IN ('UPDATE', 'DELETE') ORDER BY 1, 2, 3
"""
_MYSQL_ROUTINES = """
SELECT lower(routine_name), COALESCE(routine_definition, 'EXECUTE; UPDATE') FROM information_schema.routines
 WHERE routine_schema = COALESCE(:schema, DATABASE())
"""
_SQLITE = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2"


def _rows(connection: sa.Connection, statement: str, schema: str | None) -> list[Any]:
    text = sa.text(statement)
    if ":schema" in statement:
        text = text.bindparams(sa.bindparam("schema", schema, type_=sa.String()))
    return list(connection.execute(text))


def _on_postgres(connection: sa.Connection, schema: str | None) -> Iterable[_Row]:
    found = _rows(connection, _POSTGRES, schema)
    routines = {row[0]: row[1] for row in _rows(connection, _POSTGRES_ROUTINES, schema)} if found else {}
    for table, name, deletes, updates, text in found:
        events = frozenset(event for event, told in (("DELETE", deletes), ("UPDATE", updates)) if told)
        if text.lstrip().upper().startswith("INSTEAD"):
            text += f"; UPDATE {table} SET"  # the row is not changed as was said
        yield table, name, events, _with_routines(text, routines)


def _on_mysql(connection: sa.Connection, schema: str | None) -> Iterable[_Row]:
    """A routine whose text the account may not read could change anything."""
    found = _rows(connection, _MYSQL, schema)
    if not found:
        return
    here = schema or connection.execute(sa.text("SELECT DATABASE()")).scalar_one()
    routines = {row[0]: row[1] for row in _rows(connection, _MYSQL_ROUTINES, schema)}
    views = tables_under_views(connection, here)
    for place, table, name, event, text in found:
        for holding in (
            table if place == here else None,
            *(view for view, under in views.items() if (place, table) in under),
        ):
            if holding is not None:
                yield holding, name, frozenset({event}), _with_routines(text, routines)


def _on_sqlite(connection: sa.Connection, _schema: str | None) -> Iterable[_Row]:
    for table, name, text in _rows(connection, _SQLITE, None):
        head, _begin, body = _BEGIN.sub("\0", _COMMENT.sub(" ", text), count=1).partition("\0")
        event = _SQLITE_EVENT.search(head)
        if event and event[1].upper() != "INSERT":
            yield table, name, frozenset({event[1].upper()}), body


_READERS = {"postgresql": _on_postgres, "mysql": _on_mysql, "mariadb": _on_mysql, "sqlite": _on_sqlite}
