"""Prove a plan possible before anybody approves it."""

from collections.abc import Iterator

import sqlalchemy as sa

from privacy_center.errors import Words
from privacy_center.plans.decision import CHANGING, Action, Decision, Sheet
from privacy_center.plans.draft import DraftedPlan
from privacy_center.plans.ground import Ground
from privacy_center.plans.mark_obstacles import mark_obstacles
from privacy_center.plans.masks import masks_for
from privacy_center.plans.problem import Problem
from privacy_center.plans.side_effects import triggers_beyond_the_plan
from privacy_center.sources.constraints import VIEW_REFERRED, find_obstacles
from privacy_center.sources.one_row import misleading_keys
from privacy_center.sources.order import deletion_order
from privacy_center.sources.planned import MaskedRows, Obstacle, PlannedChange
from privacy_center.sources.rights import Rights, read_rights
from privacy_center.sources.rows import Key
from privacy_center.sources.trouble import Trouble, Unavailable, explain

READ_ONLY = Words(
    "sources.yml 里数据集 {dataset} 是只读（access: read），不能改动。要执行删除，请写 access: write，并给账号授权。",
    "sources.yml says access: read for the dataset {dataset}, so nothing in it can be changed. To carry out deletions"
    " write access: write, and grant the account what it needs.",
)


def preflight(ground: Ground, plan: DraftedPlan) -> list[Problem]:
    """What the live databases would refuse, all at once: constraints, keys, lengths, privileges, cycles. Reads only.

    A database that does not answer now is a problem too: what cannot be proven is not approved.
    """
    problems: list[Problem] = []
    for dataset in sorted({key.split(".", 1)[0] for key in plan.sheet.rows}):
        try:
            problems += _look_at(ground, plan.sheet, dataset)
        except Unavailable as refusal:
            problems.append(Problem(dataset, refusal.words))
        except Trouble as trouble:
            problems.append(Problem(dataset, explain(trouble)))
    return problems


def _look_at(ground: Ground, sheet: Sheet, dataset: str) -> Iterator[Problem]:
    changes = _changes_in(ground, sheet, dataset)
    if not changes:
        return
    leaving = [ground.data_map.collections[one.collection].name for one in changes if one.deletes]
    for words in deletion_order(ground.sources.schema_of(dataset), leaving).impossible:
        yield Problem(dataset, words)
    if ground.sources.access(dataset) == "read":
        yield from (Problem(one.collection, READ_ONLY.filled(dataset=dataset)) for one in changes)
    with ground.sources.engine(dataset).connect() as connection:
        for obstacle in obstacles_to(ground, connection, sheet, dataset):
            yield Problem(obstacle.collection, obstacle.words, obstacle.blocking)
        rights = _rights(ground, connection, dataset)
    yield from mark_obstacles(ground, sheet, dataset, rights)


def obstacles_to(ground: Ground, connection: sa.Connection, sheet: Sheet, dataset: str) -> Iterator[Obstacle]:
    """What one database would refuse of a sheet, or do beyond it. Reads only."""
    schema, changes = ground.sources.schema_of(dataset), _changes_in(ground, sheet, dataset)
    rights = _rights(ground, connection, dataset)
    yield from find_obstacles(connection, schema, changes, rights)
    yield from triggers_beyond_the_plan(ground, schema, changes, rights)
    yield from misleading_keys(connection, schema, changes)


def refuse_side_effects(ground: Ground, connection: sa.Connection, sheet: Sheet, dataset: str) -> None:
    """Refuse (`Unavailable`, saying what to do) a sheet whose changes set off triggers that change other records, or go
    through a view under which foreign keys would carry others along.
    """
    schema, changes = ground.sources.schema_of(dataset), _changes_in(ground, sheet, dataset)
    for change in changes:
        if beneath := schema.tables[change.table.name].referred_beneath:
            raise Unavailable(VIEW_REFERRED.filled(table=change.table.name, beneath=beneath))
    rights = _rights(ground, connection, dataset)
    for obstacle in triggers_beyond_the_plan(ground, schema, changes, rights):
        raise Unavailable(obstacle.words)


def _changes_in(ground: Ground, sheet: Sheet, dataset: str) -> list[PlannedChange]:
    mine = (key for key in sheet.rows if key.startswith(f"{dataset}."))
    return [change for key in mine if (change := planned_change(ground, sheet, key))]


def _rights(ground: Ground, connection: sa.Connection, dataset: str) -> Rights:
    """What the account may do; asked once for as long as the schema is remembered."""
    known = ground.sources.remembered
    if ("rights", dataset) not in known:
        schema = ground.sources.schema_of(dataset).schema
        known["rights", dataset] = read_rights(connection, schema)
    rights: Rights = known["rights", dataset]
    return rights


def planned_change(ground: Ground, sheet: Sheet, collection: str) -> PlannedChange | None:
    """What a sheet will do to one collection; None where nothing changes."""
    rows = sheet.rows[collection]
    if not any(one.action in CHANGING for one in rows.values()):
        return None
    return PlannedChange(
        collection,
        ground.sources.table(collection),
        sheet.key_fields[collection],
        sheet.of(collection, Action.DELETE),
        [MaskedRows(masks_for(ground, collection, fields), keys) for fields, keys in _masked_alike(rows).items()],
        ground.sources.shares_owner(collection),
    )


def _masked_alike(rows: dict[Key, Decision]) -> dict[tuple[str, ...], list[Key]]:
    alike: dict[tuple[str, ...], list[Key]] = {}
    for key, one in rows.items():
        if one.fields and one.action in (Action.MASK, Action.RESTRICT, Action.SEAL):
            alike.setdefault(one.fields, []).append(key)
    return alike
