"""A first data map for a live database: Fideslang YAML, with `# check:` wherever a person must look."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from privacy_center.datamap.column_names import category_by_name
from privacy_center.datamap.compare import BOOKKEEPING
from privacy_center.datamap.dots import database_name
from privacy_center.datamap.guessed_references import GuessedReference, guess_references
from privacy_center.datamap.live import Family, LiveColumn, LiveSchema, LiveTable
from privacy_center.datamap.suggest import (
    OPERATIONS,
    Samples,
    Suggestion,
    choose_identities,
    suggest_column,
    tables_of_people,
)

# Fideslang has no words for days, times and the like: nothing is said of them, and the database tells.
DATA_TYPES: dict[Family, str] = {"text": "string", "integer": "integer", "number": "float", "boolean": "boolean"}
DATA_TYPES |= {"uuid": "string", "json": "object"}

_HEAD = """\
# A first data map, made from the database. Lines with "# check:" are for a person: look, correct, remove the mark.
# 由数据库生成的数据地图初稿。带 "# check:" 的行需要人来看：核对、改正，再去掉标记。"""


@dataclass(frozen=True)
class _Draft:
    live: LiveSchema
    key: str
    found: dict[tuple[str, str], Suggestion]
    identities: dict[tuple[str, str], str]
    people: frozenset[str]
    guessed: dict[tuple[str, str], GuessedReference]
    unread: Mapping[str, str]


def columns_to_sample(live: LiveSchema) -> list[tuple[str, str]]:
    """The columns of which some values help to suggest a category: text ones, and numbers named like a phone or card."""
    return [
        (name, column.name)
        for name, table in _tables(live)
        for column in table.columns.values()
        if column.family == "text" or (column.family in ("integer", "number") and category_by_name(column.name))
    ]


def suggest_dataset(
    live: LiveSchema, samples: Samples, fides_key: str = "database", unread: Mapping[str, str] | None = None
) -> str:
    """Fideslang YAML for a live database: keys, types, lengths, references from foreign keys, suggested categories.

    `samples`: (table, column) → some values; they are looked at and never written. A category is sure only where name and
    values agree; every other one carries a `# check:`. A reference is `from` where the other table leads to a person; one that
    the database does not declare is guessed from the names. `unread`: table or view → why no values of it could be read.
    """
    found = {
        (name, column.name): suggest_column(table, column, samples.get((name, column.name), ()))
        for name, table in _tables(live)
        for column in table.columns.values()
    }
    guessed = guess_references(live)
    identities = choose_identities(live, found, guessed)
    key = re.sub(r"[^A-Za-z0-9_-]+", "_", fides_key).strip("_") or "database"
    people = tables_of_people(live, identities, guessed)
    draft = _Draft(live, key, found, identities, people, guessed, unread or {})
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: _Draft) -> Iterator[str]:
    yield _HEAD
    if not draft.identities:
        yield "# check: no identity found; mark a field with fides_meta.identity 没有找到身份字段，请标出一个"
    yield "dataset:"
    yield f"  - fides_key: {_quote(draft.key)}"
    tables = list(_tables(draft.live))
    yield "    collections:" if tables else "    collections: []"
    for name, table in tables:
        yield from _collection_lines(draft, name, table)


def _collection_lines(draft: _Draft, name: str, table: LiveTable) -> Iterator[str]:
    yield f"      - name: {_quote(name)}"
    if table.comment:
        yield f"        description: {_quote(table.comment)}"
    if name in draft.unread:
        yield f"        # check: nothing could be read of it: {_bare(draft.unread[name])}"
    if table.materialized:
        yield "        fides_meta:"
        yield "          skip_processing: true  # check: a materialized view; it keeps a copy until it is refreshed 物化视图，存有副本，刷新前不变"
    elif table.is_view:
        yield "        fides_meta:"
        yield "          skip_processing: true  # check: a view; its rows live in other tables 视图，行在别的表里"
    elif not table.primary_key:
        yield "        # check: no primary key; which fields identify a row? 没有主键，哪些字段能识别一行"
    yield "        fields:" if table.columns else "        fields: []"
    for column in table.columns.values():
        yield from _field_lines(draft, table, column)


def _field_lines(draft: _Draft, table: LiveTable, column: LiveColumn) -> Iterator[str]:
    one = draft.found[table.name, column.name]
    yield f"          - name: {_quote(database_name(column.name))}"
    if column.comment:
        yield f"            description: {_quote(column.comment)}"
    yield f"            data_categories: [{_category(draft, table, column, one)}]{_mark(one.check)}"
    meta = [*_meta_lines(draft, table, column), *_reference_lines(draft, table, column)]
    if any(not line.lstrip().startswith("#") for line in meta):
        yield "            fides_meta:"
    for line in meta:
        yield "              " + line


def _category(draft: _Draft, table: LiveTable, column: LiveColumn, one: Suggestion) -> str:
    """The suggested category; a key that only names a person's row is that person's number."""
    if one.category != OPERATIONS:
        return one.category
    people = {name for name, _ in draft.identities}
    refers = any(column.name in each.columns and each.referred_table in people for each in table.foreign_keys)
    guess = draft.guessed.get((table.name, column.name))
    refers = refers or (guess is not None and guess.table in people)
    names_person = table.name in people and table.primary_key == (column.name,)
    return "user.unique_id" if refers or names_person else OPERATIONS


def _meta_lines(draft: _Draft, table: LiveTable, column: LiveColumn) -> Iterator[str]:
    if column.name in table.primary_key:
        yield "primary_key: true"
    data_type = DATA_TYPES.get(column.family)
    if column.family == "array":
        data_type = f"{DATA_TYPES.get(column.item or 'text', 'string')}[]"
    if data_type:
        yield f"data_type: {data_type}"
    if column.family == "text" and column.length:
        yield f"length: {column.length}"
    kind = draft.found[table.name, column.name].identity
    if (table.name, column.name) in draft.identities:
        yield f"identity: {kind}{_mark(draft.identities[table.name, column.name])}"
    elif kind:
        yield f"# check: add identity: {kind} if it is always the owner's 若总是本人的，请加上"


def _reference_lines(draft: _Draft, table: LiveTable, column: LiveColumn) -> Iterator[str]:
    lines = []
    for one in table.foreign_keys:
        for ours, theirs in zip(one.columns, one.referred_columns, strict=False):
            if ours != column.name:
                continue
            target = draft.live.tables.get(one.referred_table)
            if target is None or theirs not in target.columns or one.referred_schema not in (None, draft.live.schema):
                yield f"# check: a foreign key leads outside this map, to {_bare(one.referred_table)} 外键指向地图之外"
                continue
            lines += _reference(draft, table, one.referred_table, theirs)
    if guess := draft.guessed.get((table.name, column.name)):
        lines += _guessed_reference(draft, table, guess)
    if lines:
        yield "references:"
        yield from lines


def _reference(draft: _Draft, table: LiveTable, referred: str, field: str) -> list[str]:
    belongs = referred in draft.people and table.name != referred
    mark = "" if belongs else _mark("does this row belong to that one (from), or only point to it (to)? 属于还是指向")
    return [
        f"  - dataset: {_quote(draft.key)}",
        f"    field: {_quote(f'{referred}.{database_name(field)}')}",
        f"    direction: {'from' if belongs else 'to'}{mark}",
    ]


def _guessed_reference(draft: _Draft, table: LiveTable, guess: GuessedReference) -> list[str]:
    """A reference by its name alone; where the name speaks of a role (`friend_user_id`), the row is not that person's."""
    belongs = guess.table in draft.people and table.name != guess.table and not guess.role
    role = f"; is {guess.role} the owner, or somebody else? 是所有者还是别的角色" if guess.role else ""
    return [
        f"  - dataset: {_quote(draft.key)}",
        f"    field: {_quote(f'{guess.table}.{database_name(guess.field)}')}{_mark(f'by its name only; the database declares no foreign key 仅凭列名{role}')}",
        f"    direction: {'from' if belongs else 'to'}",
    ]


def _tables(live: LiveSchema) -> Iterator[tuple[str, LiveTable]]:
    return ((name, table) for name, table in live.tables.items() if name not in BOOKKEEPING)


def _mark(check: str) -> str:
    return f"  # check: {check}" if check else ""


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", "".join(sign for sign in text if sign.isprintable() or sign.isspace()))


def _quote(text: str) -> str:
    """A text as YAML: bare where YAML reads it back as the same text, quoted otherwise (`on`, `12`, a colon)."""
    if re.fullmatch(r"[A-Za-z_][\w.-]*", text) and yaml.safe_load(text) == text:
        return text
    return yaml.safe_dump(text, allow_unicode=True, default_style='"', width=10**6).strip()
