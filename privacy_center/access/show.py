"""Show a person what is held on them: counted, explained, and with a few masked values of each kind."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from privacy_center.access.groups import count_item, lay_out, visible_rows
from privacy_center.access.readable import read_value
from privacy_center.access.shown import DataItem, Keeping, PersonShown, ShownValue
from privacy_center.datamap.catalogue import Catalogue, CategoryWords
from privacy_center.datamap.graph import Collection, DataMap, Field, is_within
from privacy_center.errors import Words
from privacy_center.holds.lookup import NONE_PLACED, HoldsByRecord
from privacy_center.retention.deletable_from import DeletableFrom, deletable_from
from privacy_center.retention.pack import RuleBook
from privacy_center.retention.verdict import Outcome, Verdict
from privacy_center.sources.open import Sources
from privacy_center.sources.read import read_rows
from privacy_center.sources.rows import FoundCollection, FoundRow, Located, Ownership

SAMPLE_ROWS = 3

ON_REQUEST = Words("您要求删除时", "you ask us to delete it")
A_PERSON_LOOKS = Words("专人核对以后", "a person has checked it")


def show_person(
    sources: Sources,
    data_map: DataMap,
    catalogue: Catalogue,
    rules: RuleBook,
    located: Located,
    today: date,
    placed: HoldsByRecord = NONE_PLACED,
) -> PersonShown:
    """What a person may see of the rows found for them; `located` carries the facts the rules ask for. `today`: local date. `placed`:
    the holds that people placed on these rows.

    Counts every row, reads three per collection, masks every value. Rows of other people and unclear ones are never read.
    """

    def draw(collection: Collection, found: FoundCollection) -> DataItem:
        rows = visible_rows(found)
        values = show_values(sources, catalogue, collection, found, rows[:SAMPLE_ROWS])
        return count_item(catalogue, collection, found, values, _keepings(rules, collection.key, rows, today, placed))

    return lay_out(data_map, catalogue, located, draw)


def show_values(
    sources: Sources, catalogue: Catalogue, collection: Collection, found: FoundCollection, rows: list[FoundRow]
) -> tuple[ShownValue, ...]:
    """The personal fields with masked samples; fields that are empty in all of these rows are left out."""
    told = list(personal_fields(catalogue, collection))
    if not told:
        return ()
    paths = [field.path for field, _ in told]
    with sources.engine(collection.dataset).connect() as connection:
        table = sources.table(collection.key)
        read = [
            values for _, values in read_rows(connection, table, found.key_fields, [row.key for row in rows], paths)
        ]
    words = catalogue.collection(collection.key)
    values = []
    for place, (field, category) in enumerate(told):
        known = words.values.get(field.path, {})
        samples = dict.fromkeys(filter(None, (read_value(row[place], field, category, known) for row in read)))
        if samples:
            title = words.fields.get(field.path, category.title)
            values.append(
                ShownValue(
                    field.path, category.key, title, category.sensitive, tuple(samples), said_of(field, collection)
                )
            )
    return tuple(values)


def personal_fields(catalogue: Catalogue, collection: Collection) -> Iterator[tuple[Field, CategoryWords]]:
    """Fields about the person, each with its category (a sensitive one first); mere keys and links are left out."""
    for field in collection.fields.values():
        said = field.data_categories or collection.data_categories
        about = [catalogue.category(one) for one in said if is_within(one, "user")]
        if about and not _only_links(field) and not _holds_others(field, collection):
            yield field, max(about, key=lambda category: (category.statutory, category.sensitive))


def said_of(field: Field, collection: Collection) -> tuple[str, ...]:
    """Every personal data category of a field: its own, or else those of its collection."""
    return tuple(one for one in field.data_categories or collection.data_categories if is_within(one, "user"))


def _only_links(field: Field) -> bool:
    """Whether the field says nothing itself: it leads to another table, or numbers the row and nothing else."""
    numbers = all(is_within(one, "user.unique_id") for one in field.data_categories)
    return bool(field.references) or (field.primary_key and numbers and not field.identity)


def _holds_others(field: Field, collection: Collection) -> bool:
    """Whether the field is a document whose parts are mapped as fields of their own."""
    return any(path.startswith(field.path + ".") for path in collection.fields)


def _keepings(
    rules: RuleBook, collection: str, rows: list[FoundRow], today: date, placed: HoldsByRecord
) -> tuple[Keeping, ...]:
    """What rules and placed holds say of the person's own rows, rows with the same answer together, the longest first."""
    verdicts: dict[Verdict, int] = {}
    for row in rows:
        if row.ownership is Ownership.OWN:
            verdict = rules.judge(collection, row.facts, today).joined_by(placed.get((collection, row.key), ()))
            verdicts[verdict] = verdicts.get(verdict, 0) + 1
    counted: dict[tuple[Any, ...], int] = {}
    for verdict, count in verdicts.items():
        answer = _answer(verdict)
        counted[answer] = counted.get(answer, 0) + count
    told = [Keeping(outcome, count, why, ends) for (outcome, why, ends), count in counted.items()]
    return tuple(sorted(told, key=_longest_first))


def _longest_first(keeping: Keeping) -> tuple[bool, int]:
    day = keeping.ends.day if keeping.ends else None
    return keeping.outcome is Outcome.ERASE, -(day or date.max).toordinal()


def _answer(verdict: Verdict) -> tuple[Outcome, Words, DeletableFrom | None]:
    if verdict.holds:
        return verdict.outcome, verdict.holds[0].customer, deletable_from(hold.as_json() for hold in verdict.holds)
    if verdict.outcome is Outcome.ERASE:
        return verdict.outcome, ON_REQUEST, None
    return verdict.outcome, verdict.reason or A_PERSON_LOOKS, None
