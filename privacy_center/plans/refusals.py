"""Marketing refusals on the rows of a plan: read from the company's database, decided contact by contact.

A plan counts them; execution keeps them as suppressions (`execution/keep_refusals`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.graph import Collection
from privacy_center.datamap.marketing_reading import contact_kind
from privacy_center.datamap.marketing_refusal import EMAIL, PHONE, MarketingRefusal, channel_name, reaches
from privacy_center.errors import Words
from privacy_center.holds.lookup import key_hash
from privacy_center.plans.decision import CHANGING, Action, Decision
from privacy_center.plans.ground import Ground
from privacy_center.plans.problem import Problem
from privacy_center.sources.columns import expression_for
from privacy_center.sources.identities import kind_of
from privacy_center.sources.identity_parts import parts_of
from privacy_center.sources.keys import rows_with
from privacy_center.sources.row_conditions import condition_sql
from privacy_center.sources.rows import Key, Ownership
from privacy_center.sources.trouble import Trouble, Unavailable, explain
from privacy_center.suppressions.contacts import HashedContact, contact_value, hash_contact

RefusalAnswer = dict[str, Any]
"""What one row says: `no`, `channel`, `at` (what `newest_by` compares), `contacts` as [kind, hash in hex]."""

RefusingRows = Mapping[str, Mapping[Key, bool]]
"""Collection → row → whether it is the customer's own, so that it speaks for all of their contacts."""


@dataclass(frozen=True, slots=True)
class PersonContacts:
    """The customer's contacts, hashed: those that a refusal without contacts of its own covers."""

    hashed: tuple[HashedContact, ...]

    @classmethod
    def of(cls, ground: Ground, *known: Mapping[str, Iterable[str]]) -> "PersonContacts":
        """From identity values by kind; what is neither an e-mail address nor a phone number is no contact."""
        found = {
            hash_contact(ground.keyring, kind_of(kind), value): None
            for identities in known
            for kind, values in identities.items()
            if kind_of(kind) in (EMAIL, PHONE)
            for value in (contact_value(kind_of(kind), raw) for raw in values)
            if value is not None
        }
        return cls(tuple(found))


def rows_that_may_refuse(
    ground: Ground, rows: Iterable[tuple[str, Ownership, Action, Iterable[Key]]]
) -> dict[str, dict[Key, bool]]:
    """Of the rows of a plan, those in collections that tell of refusals: the customer's own, and any that the plan changes."""
    found: dict[str, dict[Key, bool]] = {}
    for collection, ownership, action, keys in rows:
        one = ground.data_map.collections.get(collection)
        own = ownership is Ownership.OWN
        if one is not None and one.marketing_refusals and (own or action in CHANGING):
            found.setdefault(collection, {}).update(dict.fromkeys(keys, own))
    return found


def read_answers(
    ground: Ground,
    connection: sa.Connection,
    rows: RefusingRows,
    key_fields: Mapping[str, tuple[str, ...]],
    person: PersonContacts,
    *,
    lock: Iterable[str] = (),
) -> dict[str, RefusalAnswer]:
    """What the rows that are still there say, by row and declaration. `lock`: collections whose rows are locked until the
    transaction ends.
    """
    answers: dict[str, RefusalAnswer] = {}
    for collection, keys in rows.items():
        one = ground.data_map.collections[collection]
        for number, refusal in enumerate(one.marketing_refusals):
            read = _read(ground, connection, one, refusal, key_fields[collection], list(keys), collection in set(lock))
            for key, says_no, channel, moment, contacts in read:
                mark = answer_mark(ground, collection, key, number)
                named = contacts if refusal.contacts else person.hashed if keys[key] else ()
                answers[mark] = {
                    "of": f"{collection}#{number}",
                    "no": bool(says_no),
                    "channel": channel,
                    "at": moment,
                    "contacts": [[each.kind, each.index.hex()] for each in named if reaches(channel, each.kind)],
                }
    return answers


def answer_mark(ground: Ground, collection: str, key: Key, number: int) -> str:
    """How the answer of one row to one declaration is known: a keyed hash, so that no row key stands in plain."""
    return f"{number}:{key_hash(ground.keyring, collection, key)}"


def refused_in(ground: Ground, answers: Iterable[RefusalAnswer]) -> set[tuple[HashedContact, str]]:
    """Contact and channel of every refusal. Where the map says `newest_by`, only the newest row on a contact and channel
    counts, of several equally new ones a refusal.
    """
    groups: dict[tuple[str, HashedContact, str], list[RefusalAnswer]] = {}
    for one in answers:
        for kind, index in one["contacts"]:
            groups.setdefault((one["of"], HashedContact(kind, bytes.fromhex(index)), one["channel"]), []).append(one)
    refused = set()
    for (place, contact, channel), said in groups.items():
        collection, _, number = place.partition("#")
        declared = ground.data_map.collections[collection].marketing_refusals[int(number)]
        newest = max(_order(one["at"]) for one in said)
        counted = [one for one in said if declared.newest_by is None or _order(one["at"]) == newest]
        if any(one["no"] for one in counted):
            refused.add((contact, channel))
    return refused


def count_refused_contacts(
    ground: Ground,
    groups: Iterable[tuple[str, Decision, list[Key]]],
    key_fields: Mapping[str, tuple[str, ...]],
    *known: Mapping[str, Iterable[str]],
) -> tuple[int, list[Problem]]:
    """On how many contacts the rows of a plan refuse marketing, and what could not be read. Reads only."""
    rows = rows_that_may_refuse(ground, ((name, one.ownership, one.action, keys) for name, one, keys in groups))
    refused: set[tuple[HashedContact, str]] = set()
    problems: list[Problem] = []
    person = PersonContacts.of(ground, *known)
    for dataset in sorted({collection.split(".", 1)[0] for collection in rows}):
        of_dataset = {name: keys for name, keys in rows.items() if name.split(".", 1)[0] == dataset}
        try:
            with ground.sources.look(dataset) as connection:
                refused |= refused_in(ground, read_answers(ground, connection, of_dataset, key_fields, person).values())
        except Unavailable as refusal:
            problems.append(Problem(dataset, refusal.words))
        except Trouble as trouble:
            problems.append(Problem(dataset, explain(trouble)))
    return len({contact for contact, _channel in refused}), problems


REMEMBERED = Words(
    "您不接收营销信息的选择会以加密摘要保留，以免再次打扰。",
    "Your choice to receive no marketing is kept as a keyed hash, so that you are not contacted again.",
)


def _read(
    ground: Ground,
    connection: sa.Connection,
    one: Collection,
    refusal: MarketingRefusal,
    key_fields: tuple[str, ...],
    keys: list[Key],
    lock: bool,
) -> Iterator[tuple[Key, Any, str, Any, list[HashedContact]]]:
    table, dialect = ground.sources.table(one.key), connection.dialect.name
    field = partial(expression_for, table, dialect=dialect, compared=True)
    says_no = sa.case(
        (condition_sql(refusal.when, field, dialect), sa.literal_column("1")), else_=sa.literal_column("0")
    )
    read = [path for path in (refusal.channel_field, refusal.newest_by) if path]
    columns = [table.c[name] for name in key_fields] + [says_no] + [field(path) for path in (*read, *refusal.contacts)]
    labelled = [column.label(f"c{place}") for place, column in enumerate(columns)]
    width = len(key_fields)
    for condition in rows_with(table, key_fields, keys):
        wanted = sa.select(*labelled).where(condition)
        for row in connection.execute(wanted.with_for_update() if lock else wanted):
            values = list(row[width + 1 :])
            channel = channel_name(values.pop(0)) if refusal.channel_field else refusal.channel
            moment = _moment(values.pop(0)) if refusal.newest_by else None
            yield tuple(row[:width]), row[width], channel, moment, _contacts_in(ground, one, refusal, values)


def _contacts_in(ground: Ground, one: Collection, refusal: MarketingRefusal, values: list[Any]) -> list[HashedContact]:
    found: dict[HashedContact, None] = {}
    for path, raw in zip(refusal.contacts, values, strict=True):
        field = one.fields[path]
        kind = contact_kind(field) or ""
        for part in parts_of(kind, raw, listed=field.identity_format == "list"):
            value = contact_value(kind, part)
            if value is not None:
                found[hash_contact(ground.keyring, kind, value)] = None
    return list(found)


def _moment(value: Any) -> Any:
    """What rows are ordered by, as JSON carries it: moments in UTC where they have a zone, numbers as they are."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float | type(None)) else str(value)


def _order(moment: Any) -> tuple[int, float, str]:
    """The place of a row among others: one without a moment is the oldest."""
    if moment is None:
        return (0, 0.0, "")
    return (1, float(moment), "") if isinstance(moment, int | float) else (1, 0.0, moment)
