"""The data map of the privacy center itself, written from its own models: what it holds on people, and under which category.

It is kept in `datamap/own/privacy_center.yml`; a test holds it against the models. It is not part of a company's map: what is
in it is forgotten by the center's own rules (`retention/own`), not by a plan.
"""

from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

DATASET = "privacy_center"
OWN_MAP = Path(__file__).parent / "own" / "privacy_center.yml"
ABOUT_NOBODY, A_PERSON = "system.operations", "user.unique_id"
PERSON, PERSON_ID = "person", "person_id"
OWNERS = (PERSON_ID, "owner_id", "subject_id")
_HEAD = "# What the privacy center itself holds on people. Written by `privacy-center datamap own` from the models.\n"


def own_dataset(metadata: sa.MetaData) -> str:
    """Fideslang YAML: every table of ours that holds something of a person, its sealed columns with their categories."""
    tables = [table for table in metadata.sorted_tables if _holds_something(table)]
    of_a_person = _of_a_person(tables)
    dataset = {
        "fides_key": DATASET,
        "name": "Privacy Center",
        "description": "Our own records of people and their requests. Sealed columns open with the person's own key.",
        "collections": [
            _collection(table, str(table.name) in of_a_person) for table in sorted(tables, key=lambda one: one.name)
        ],
    }
    return _HEAD + yaml.safe_dump({"dataset": [dataset]}, allow_unicode=True, sort_keys=False, width=120)


def _holds_something(table: sa.Table) -> bool:
    return any(column.info.get("category") or column.name in OWNERS for column in table.columns)


def _not_searched() -> dict[str, Any]:
    return {
        "by": "Privacy Center",
        "on": date(2026, 11, 30),
        "reason": {
            "zh-CN": "隐私中心自己的记录：到期按自己的规则删除，不随客户的申请查找。",
            "en": "A record of the privacy center itself: deleted by its own rules in time, not searched by a request.",
        },
    }


def _of_a_person(tables: list[sa.Table]) -> set[str]:
    """Names of the tables that a person's key leads to, however far; parents come before children in `tables`."""
    names: set[str] = set()
    for table in tables:
        parents = {key.column.table.name for key in table.foreign_keys}
        if table.name == PERSON or PERSON_ID in table.columns or parents & names:
            names.add(str(table.name))
    return names


def _collection(table: sa.Table, of_a_person: bool) -> dict[str, Any]:
    fields = [_field(column) for column in table.columns if _is_told(column)]
    scope = {} if of_a_person else {"fides_meta": {"out_of_scope": _not_searched()}}
    return {"name": str(table.name)} | scope | {"fields": fields}


def _is_told(column: sa.Column[Any]) -> bool:
    told = column.info.get("category") or column.name in OWNERS or column.primary_key or column.foreign_keys
    return bool(told or isinstance(column.type, sa.DateTime) or _is_moment(column))


def _is_moment(column: sa.Column[Any]) -> bool:
    return column.name.endswith("_at") or column.name == "at"


def _field(column: sa.Column[Any]) -> dict[str, Any]:
    is_person = column.primary_key and column.table.name == PERSON
    category = column.info.get("category") or (A_PERSON if column.name in OWNERS or is_person else ABOUT_NOBODY)
    meta: dict[str, Any] = {"primary_key": True} if column.primary_key else {}
    if is_person:
        meta["identity"] = "privacy_center_person"
    references = [
        {"dataset": DATASET, "field": str(key.target_fullname), "direction": "from"}
        for key in sorted(column.foreign_keys, key=lambda one: one.target_fullname)
        if _holds_something(key.column.table)
    ]
    if column.name == PERSON_ID and not references:
        references = [{"dataset": DATASET, "field": f"{PERSON}.id", "direction": "from"}]
    if references:
        meta["references"] = references
    return {"name": str(column.name), "data_categories": [category]} | ({"fides_meta": meta} if meta else {})
