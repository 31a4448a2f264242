"""Whether the customer's own rows say that a child is asking. A date of birth is read, judged and forgotten."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from privacy_center.datamap.graph import is_within
from privacy_center.people.age import AgeSign, age_sign
from privacy_center.plans.ground import Ground
from privacy_center.retention.days import local_day
from privacy_center.sources.read import read_rows
from privacy_center.sources.rows import FoundCollection, Located, Ownership
from privacy_center.sources.trouble import Trouble, Unavailable

BORN = "user.demographic.date_of_birth"
MOST = 50
"""Rows of a collection that are read: an account has one date of birth, a second one contradicts it soon."""
_DIGITS = re.compile(r"[12][0-9]{7}")


def age_on_file(ground: Ground, located: Located, today: date) -> AgeSign | None:
    """What every date of birth on the customer's own rows says on a local date; rows of others, and those in doubt, say nothing.

    Sends one reading statement for each collection that holds dates of birth and has rows of the customer's (at most 50 are
    read), whatever kinds the request is about. A database that does not answer tells no fact: the search has made that a
    problem of the plan already.
    """
    return age_sign((day for found in located.collections.values() for day in _births(ground, found)), today)


def _births(ground: Ground, found: FoundCollection) -> Iterator[date]:
    collection = ground.data_map.collections[found.collection]
    fields = [
        one.path for one in collection.fields.values() if any(is_within(said, BORN) for said in one.data_categories)
    ]
    keys = [row.key for row in found.owned(Ownership.OWN)][:MOST] if fields else []
    if not keys:
        return
    try:
        table = ground.sources.table(found.collection)
        with ground.sources.engine(collection.dataset).connect() as connection:
            read = [values for _key, values in read_rows(connection, table, found.key_fields, keys, fields)]
    except (Unavailable, KeyError, *Trouble):
        return
    for values in read:
        yield from filter(None, (_day(one, ground) for value in values for one in _each(value)))


def _each(value: Any) -> Iterator[Any]:
    """A value, or every one of a list that stands in a document."""
    if isinstance(value, list):
        for one in value:
            yield from _each(one)
    else:
        yield value


def _day(value: Any, ground: Ground) -> date | None:
    """As the rules read a day, and eight digits (20140601) as well, which older systems write."""
    written = str(value).strip() if isinstance(value, int | str) else ""
    if not _DIGITS.fullmatch(written):
        return local_day(value, ground.rules.zone)
    try:
        return local_day(date.fromisoformat(written), ground.rules.zone)
    except ValueError:
        return None
