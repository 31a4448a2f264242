"""Tying collections together: from the map's links to ties between what can be searched."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.graph import DataMap, Link
from privacy_center.datamap.row_condition import RowCondition
from privacy_center.sources.open import Sources
from privacy_center.sources.site import Site
from privacy_center.sources.ties import End, Tie
from privacy_center.sources.trouble import Unavailable
from privacy_center.sources.values import Cast, cast_for, comparer


def group_links(sources: Sources, data_map: DataMap) -> Iterator[tuple[Link, ...]]:
    """The map's links, those together that are the columns of one composite foreign key of the live database."""
    taken: set[Link] = set()
    for link in data_map.links:
        if link in taken:
            continue
        group = _composite(sources, data_map, link) or (link,)
        taken.update(group)
        yield group


def tie_up(
    number: int, links: tuple[Link, ...], child: Site | None, parent: Site | None, sources: Sources, leads: bool
) -> Tie:
    """The tie of one link, or of the links that make one composite reference.

    A reference of a collection to itself that the map gives no direction never makes a row somebody else's.
    """
    first = links[0]
    judges = first.belongs and leads and not (first.assumed and first.child == first.parent)
    down_paths = tuple(link.child_field for link in links)
    up_paths = tuple(link.parent_field for link in links)
    compares = [
        _comparer(child, one.child_field, parent, one.parent_field, sources) if child and parent else _plain
        for one in links
    ]
    down = _end(child, down_paths, compares, first.when) if child else None
    up = _end(parent, up_paths, compares) if parent else None
    repeats = judges and parent is not None and not _is_unique(sources, parent, up_paths)
    loose = bool(child and parent and first.belongs and any(_is_loose(sources, child, parent, one) for one in links))
    return Tie(
        number,
        first.child,
        first.parent,
        first.belongs,
        judges,
        down,
        up,
        repeats,
        loose,
        first.identifies,
        first.unsaid,
    )


def _is_unique(sources: Sources, site: Site, paths: tuple[str, ...]) -> bool:
    live = sources.schema_of(site.collection.dataset).tables[site.collection.name]
    return any(set(key) <= set(paths) for key in live.proven_keys)


def _composite(sources: Sources, data_map: DataMap, link: Link) -> tuple[Link, ...] | None:
    child, parent = data_map.collections[link.child], data_map.collections[link.parent]
    if child.dataset != parent.dataset:
        return None
    try:
        live = sources.schema_of(child.dataset).tables.get(child.name)
    except Unavailable:
        return None
    others = {
        (one.child_field, one.parent_field): one
        for one in data_map.links_up[link.child]
        if one.parent == link.parent and one.belongs is link.belongs and one.when == link.when
    }
    for key in live.foreign_keys if live else ():
        pairs = list(zip(key.columns, key.referred_columns, strict=True))
        named = key.referred_table == parent.name and (link.child_field, link.parent_field) in pairs
        if named and len(pairs) > 1 and all(pair in others for pair in pairs):
            return tuple(others[pair] for pair in pairs)
    return None


def _end(site: Site, paths: tuple[str, ...], compares: list[Cast], when: RowCondition | None = None) -> End:
    condition = site.conditions[when] if when else ""
    return End(
        site.key,
        paths,
        tuple(site.paths.index(path) for path in paths),
        tuple(compares),
        tuple(cast_for(site.columns[path].type, site.dialect) for path in paths),
        condition,
        site.paths.index(condition) if condition else None,
    )


def _comparer(child: Site, child_path: str, parent: Site, parent_path: str, sources: Sources) -> Cast:
    """As the column that is named compares: where that tells `ab` from `AB`, these are two people."""
    folded = _is_folded(sources, parent, parent_path)
    return comparer(_type(child, child_path), _type(parent, parent_path), folded)


def _is_loose(sources: Sources, child: Site, parent: Site, link: Link) -> bool:
    """Whether the child's column takes capitals and small letters for the same, and the one that it names does not."""
    named = _type(parent, link.parent_field)
    return (
        isinstance(named, sa.String)
        and _is_folded(sources, child, link.child_field)
        and not _is_folded(sources, parent, link.parent_field)
    )


def _type(site: Site, path: str) -> sa.types.TypeEngine[Any]:
    return site.columns[path].type


def _is_folded(sources: Sources, site: Site, path: str) -> bool:
    return path.split(".", 1)[0] in sources.folded(site.key) and isinstance(_type(site, path), sa.String)


def _plain(value: Any) -> Any:
    return value
