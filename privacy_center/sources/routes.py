"""Routes: every collection that can be searched, tied to the others, in the order in which a search flows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.graph import Collection, DataMap, Field
from privacy_center.datamap.row_condition import RowCondition
from privacy_center.errors import Words
from privacy_center.sources.columns import expression_for
from privacy_center.sources.flow import in_order_of_flow
from privacy_center.sources.identities import kind_of
from privacy_center.sources.open import Sources
from privacy_center.sources.row_conditions import condition_sql
from privacy_center.sources.site import IdentityPlace, Site
from privacy_center.sources.ties import Tie
from privacy_center.sources.trouble import SKIPPED_BY_MAP, Unavailable
from privacy_center.sources.tying import group_links, tie_up
from privacy_center.sources.values import cast_for


@dataclass(eq=False)
class Routes:
    """Every collection that can be searched, in the order in which a search flows, and why the others cannot.

    `by_choice`: left out by the map. `lacking`: datasets whose live schema lacks a table or column that the map names.
    """

    sites: dict[str, Site]
    ties: tuple[Tie, ...]
    skipped: dict[str, Words]
    by_choice: frozenset[str]
    lacking: frozenset[str]


def routes_for(sources: Sources, data_map: DataMap) -> Routes:
    """Routes over the live schemas as they are known now; kept until a schema is read again or a source comes or goes."""
    kept = sources.remembered.get("routes")
    if kept and kept[0] is data_map:
        for dataset in kept[2].lacking:
            sources.refresh_if_stale(dataset)
    problems: dict[str, Words] = {}
    schemas: list[object] = []
    for dataset in data_map.datasets:
        try:
            schemas.append(sources.reflected(dataset))
        except Unavailable as error:
            problems[dataset] = error.words
            schemas.append(error.words)
    kept = sources.remembered.get("routes")
    if kept and kept[0] is data_map and len(kept[1]) == len(schemas) and all(map(_same, kept[1], schemas)):
        return kept[2]
    routes = _draw(sources, data_map, problems)
    sources.remembered["routes"] = (data_map, schemas, routes)
    return routes


def _same(one: object, other: object) -> bool:
    return one is other or (isinstance(one, Words) and one == other)


def _draw(sources: Sources, data_map: DataMap, problems: dict[str, Words]) -> Routes:
    sites: dict[str, Site] = {}
    skipped: dict[str, Words] = {}
    for key, one in data_map.collections.items():
        try:
            if one.skip_processing:
                raise Unavailable(SKIPPED_BY_MAP)
            if one.dataset in problems:
                raise Unavailable(problems[one.dataset])
            sites[key] = _site(sources, data_map, one)
        except Unavailable as error:
            skipped[key] = error.words
    ties = tuple(_ties(sources, data_map, sites))
    by_choice = frozenset(key for key, one in data_map.collections.items() if one.skip_processing)
    lacking = frozenset(data_map.collections[key].dataset for key in skipped.keys() - by_choice) - problems.keys()
    return Routes(in_order_of_flow(sites, ties), ties, skipped, by_choice, lacking)


def _site(sources: Sources, data_map: DataMap, one: Collection) -> Site:
    table, key_fields = sources.table(one.key), sources.key_fields(one.key)
    linked = [link.child_field for link in data_map.links_up.get(one.key, ())]
    linked += [link.parent_field for link in data_map.links_down.get(one.key, ())]
    paths = tuple(dict.fromkeys([*key_fields, *one.identities, *linked, *one.record]))
    lists = {path for path in one.identities if one.fields[path].identity_format == "list" and path not in linked}
    compared = {*one.identities, *linked, *one.record} - lists
    dialect, folded = sources.engine(one.dataset).dialect.name, sources.folded(one.key)
    columns = {path: expression_for(table, path, dialect, compared=path in compared) for path in paths}
    conditions = _conditions(one, data_map)
    for condition, path in conditions.items():
        met = condition_sql(condition, partial(_compared, table, dialect), dialect)
        columns[path] = sa.case((met, sa.literal_column("1")), else_=sa.literal_column("0"))
    paths = (*paths, *conditions.values())
    identities = tuple(
        _identity(one.fields[path], paths, columns, dialect, folded, conditions) for path in one.identities
    )
    keyless = sources.keyless(one.key)
    return Site(one, table, key_fields, keyless, paths, columns, identities, one.after, dialect, conditions)


def _conditions(one: Collection, data_map: DataMap) -> dict[RowCondition, str]:
    """Each condition on rows of the collection, with the path under which a row that is read tells whether it meets it."""
    written = [link.when for link in data_map.links_up.get(one.key, ())]
    written += [field.identity_when for field in one.fields.values() if field.identity]
    return {when: f"?{number}" for number, when in enumerate(dict.fromkeys(filter(None, written)))}


def _compared(table: sa.Table, dialect: str, path: str) -> sa.ColumnElement[Any]:
    return expression_for(table, path, dialect, compared=True)


def _identity(
    field: Field,
    paths: tuple[str, ...],
    columns: Mapping[str, sa.ColumnElement[Any]],
    dialect: str,
    folded: frozenset[str],
    conditions: Mapping[RowCondition, str],
) -> IdentityPlace:
    when = conditions[field.identity_when] if field.identity_when else ""
    kind = columns[field.path].type
    return IdentityPlace(
        path=field.path,
        kind=kind_of(field.identity or ""),
        place=paths.index(field.path),
        cast=cast_for(kind, dialect),
        folded=field.column in folded,
        is_text=isinstance(kind, sa.String),
        when=when,
        met=paths.index(when) if when else None,
        mention=field.identity_role == "mention",
        listed=field.identity_format == "list",
    )


def _ties(sources: Sources, data_map: DataMap, sites: dict[str, Site]) -> Iterator[Tie]:
    leading = _leading(data_map)
    for number, links in enumerate(group_links(sources, data_map)):
        child, parent = sites.get(links[0].child), sites.get(links[0].parent)
        tie = tie_up(number, links, child, parent, sources, links[0].parent in leading)
        if child:
            child.ups.append(tie)
        if parent:
            parent.downs.append(tie)
        yield tie


def _leading(data_map: DataMap) -> set[str]:
    """The collections whose rows lead to an identity: they carry one, or belong to a collection that leads to one."""
    leading = {key for key, one in data_map.collections.items() if one.identities} | set(data_map.identified)
    while more := {link.child for link in data_map.links if link.belongs and link.parent in leading} - leading:
        leading |= more
    return leading
