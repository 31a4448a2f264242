"""References that a database does not declare, guessed from names: `member_id` in `orders` names a row of `member`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from privacy_center.datamap.column_names import words_of
from privacy_center.datamap.live import LiveColumn, LiveSchema, LiveTable

KEY_FAMILIES = frozenset({"integer", "text", "uuid", "number"})
_KEY_WORDS = ("id", "no", "key", "code", "uuid", "bianhao")


@dataclass(frozen=True, slots=True)
class GuessedReference:
    """A column that by its name carries the key of another table. `role`: what stands before that table's name in it
    (`friend` in `friend_user_id`), which may name somebody other than the owner.
    """

    table: str
    field: str
    role: str = ""


def guess_references(live: LiveSchema) -> dict[tuple[str, str], GuessedReference]:
    """(table, column) → the key that it seems to carry, where exactly one table fits and no foreign key says more.

    A column fits a table whose only key column has the same name (other than `id`), or whose name, in the singular or the
    plural and with or without the schema's prefix, stands before `_id` (or after `id_`). Types must be of one family.
    """
    keys = {name: key for name, table in live.tables.items() if (key := _only_key(table))}
    by_name = _tables_by_spoken_name(keys)
    guessed = {}
    for name, table in live.tables.items():
        declared = {column for one in table.foreign_keys for column in one.columns}
        for column in table.columns.values():
            if column.name in declared or table.is_view or (name in keys and keys[name].name == column.name):
                continue
            if (found := _guess(name, column, keys, by_name)) is not None:
                guessed[name, column.name] = found
    return guessed


def _only_key(table: LiveTable) -> LiveColumn | None:
    if len(table.primary_key) != 1 or table.is_view:
        return None
    column = table.columns[table.primary_key[0]]
    return column if column.family in KEY_FAMILIES else None


def _guess(
    table: str, column: LiveColumn, keys: Mapping[str, LiveColumn], by_name: Mapping[str, set[str]]
) -> GuessedReference | None:
    same = {name for name, key in keys.items() if key.name == column.name and words_of(key.name) not in _KEY_WORDS}
    spoken = _spoken_of_column(column.name)
    named, role = _named(spoken, by_name) if spoken else (set(), "")
    both = same & named
    fitting = {name for name in both or same or named if _alike(keys[name], column) and name != table}
    if len(fitting) != 1:
        return None
    (target,) = fitting
    return GuessedReference(target, keys[target].name, "" if target in same else role)


def _alike(key: LiveColumn, column: LiveColumn) -> bool:
    return column.family in KEY_FAMILIES and key.family == column.family


def _spoken_of_column(column: str) -> str:
    """What a key's name speaks of: `member` of `member_id`, `id_member` and `memberNo`; nothing where it is no key."""
    words = words_of(column).split("_")
    if len(words) > 1 and words[-1] in _KEY_WORDS:
        return "_".join(words[:-1])
    if len(words) > 1 and words[0] == "id":
        return "_".join(words[1:])
    return ""


def _named(spoken: str, by_name: Mapping[str, set[str]]) -> tuple[set[str], str]:
    """The tables whose name ends what a column speaks of, and the words before it."""
    words = spoken.split("_")
    for start in range(len(words)):
        if found := by_name.get("_".join(words[start:])):
            return found, "_".join(words[:start])
    return set(), ""


def _tables_by_spoken_name(keys: Mapping[str, LiveColumn]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in keys:
        for spoken in _spoken_names(name):
            found.setdefault(spoken, set()).add(name)
    exact = {
        spoken: {name for name in tables if spoken in _numbers_of(words_of(name))} for spoken, tables in found.items()
    }
    return {spoken: exact[spoken] or tables for spoken, tables in found.items()}


def _spoken_names(table: str) -> Iterator[str]:
    """A table's name as columns speak of it: whole, and without a first word of at most four letters (`ums_member`)."""
    whole = words_of(table)
    yield from _numbers_of(whole)
    first, _, rest = whole.partition("_")
    if rest and len(first) <= 4:
        yield from _numbers_of(rest)


def _numbers_of(name: str) -> set[str]:
    """A name in the singular and as it is: `order` and `orders`, `category` and `categories`."""
    forms = {name}
    if name.endswith("ies"):
        forms.add(name[:-3] + "y")
    if name.endswith(("ses", "xes", "ches", "shes")):
        forms.add(name[:-2])
    if name.endswith("s") and not name.endswith("ss"):
        forms.add(name[:-1])
    return forms
