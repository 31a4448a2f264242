"""Login and device records as the security officer sees them: nothing of other classes, masked, each under a sign of its own."""

from dataclasses import dataclass
from datetime import datetime

from privacy_center.access.dated_records import DatedRecord
from privacy_center.access.sample import masked_records
from privacy_center.access.show import personal_fields, said_of
from privacy_center.access.shown import ShownValue
from privacy_center.access.whole import may_be_whole
from privacy_center.errors import Words
from privacy_center.keys.canonical import canonical_text
from privacy_center.people.staff.permits import DataClass
from privacy_center.sources.row_keys import write_keys
from privacy_center.sources.rows import Key
from privacy_center.web.staff.masking import class_of_categories
from privacy_center.web.units import center

SIGN = 24


@dataclass(frozen=True, slots=True)
class ShownLogin:
    """One record. `sign`: what its addresses call it; `at`: when, where no value says it; `revealable`: fields that may be
    seen whole; `gone`: not in the database any more.
    """

    sign: str
    title: Words
    at: datetime | None
    values: tuple[ShownValue, ...]
    revealable: frozenset[str]
    gone: bool


def login_fields() -> dict[str, list[str]]:
    """Collection → its fields that hold login or device data, by the data map; collections without any are left out."""
    house = center()
    found = {
        key: [
            field.path
            for field, _category in personal_fields(house.catalogue, one)
            if class_of_categories(said_of(field, one)) is DataClass.SECURITY
        ]
        for key, one in house.data_map.collections.items()
        if one.personal and not one.skip_processing
    }
    return {key: paths for key, paths in found.items() if paths}


def login_categories(fields: dict[str, list[str]]) -> set[str]:
    """The data categories of these fields."""
    collections = center().data_map.collections
    return {
        category
        for key, paths in fields.items()
        for path in paths
        for category in said_of(collections[key].fields[path], collections[key])
    }


def sign_of(record: DatedRecord) -> str:
    """What an address calls a record: the same each time, and telling nothing of it."""
    text = canonical_text([record.collection, *write_keys([record.key])])
    return center().keyring.keyed_hash(text, "login_record")[:SIGN]


def show_logins(records: list[DatedRecord], fields: dict[str, list[str]]) -> list[ShownLogin]:
    """These records with masked values, read from the company's databases, in the same order."""
    house = center()
    found: dict[tuple[str, Key], tuple[ShownValue, ...]] = {}
    for key, key_fields in {one.collection: one.key_fields for one in records}.items():
        keys, collection = [one.key for one in records if one.collection == key], house.data_map.collections[key]
        read = masked_records(house.sources, house.catalogue, collection, key_fields, keys, fields[key])
        found |= {(key, one): values for one, values in read.items()}
    return [_shown(one, found.get((one.collection, one.key))) for one in records]


def _shown(record: DatedRecord, values: tuple[ShownValue, ...] | None) -> ShownLogin:
    catalogue = center().catalogue
    return ShownLogin(
        sign=sign_of(record),
        title=catalogue.collection(record.collection).title,
        at=None if record.told else record.at,
        values=values or (),
        revealable=frozenset(
            one.path for one in values or () if _hides(one) and may_be_whole(catalogue.category(one.category))
        ),
        gone=values is None,
    )


def _hides(value: ShownValue) -> bool:
    return any(isinstance(one, str) and "*" in one for one in value.samples)
