"""Where one person's data is: every row that is theirs, and whose the rows are that theirs lead to."""

from collections.abc import Iterable, Mapping
from typing import Any

from privacy_center.datamap.graph import DataMap
from privacy_center.sources import reasons
from privacy_center.sources.lookups import Lookups
from privacy_center.sources.open import Sources
from privacy_center.sources.ownership import settle
from privacy_center.sources.person_marks import mark_people
from privacy_center.sources.promotion import Promotion
from privacy_center.sources.rows import FoundCollection, FoundRow, Located, Ownership
from privacy_center.sources.search import Facts, OpenRow, Search
from privacy_center.sources.site import Site


def locate(
    sources: Sources, data_map: DataMap, identities: Mapping[str, Iterable[str]], facts: Facts | None = None
) -> Located:
    """Find the rows of one person by proven identity values (kind → values), and everything that belongs to them.

    `facts(collection)` gives labelled SQL expressions over `sources.table(collection)`, evaluated in the same queries.
    A collection that cannot be searched is named in `skipped` with the reason; the rest goes on. Reads only.
    """
    search = _look(Search(sources, data_map, identities, facts))
    if search.disputed:
        search = _look(Search(sources, data_map, identities, facts, search.disputed))
    return _told(search, data_map)


def _look(search: Search) -> Search:
    """Search until nothing new is found. A phone number that turns out to be several people's proves nothing alone, so
    the search is then made once more without it."""
    begun = search.disputed
    try:
        search.ask_identities()
        lookups, promotion = Lookups(search), Promotion(search)
        search.follow()
        while search.disputed == begun and (settle(search, lookups) or promotion.promote() or search.has_more_to_ask):
            search.follow()
    finally:
        search.reading.close()
    for opened in search.open.values():
        _conclude(search, opened)
    for places in search.in_record.values():
        _decide_whole([search.rows[key][row] for key, row in places if row in search.rows[key]])
    return search


def _decide_whole(parts: list[FoundRow]) -> None:
    """The rows of one record wait for a person together, where any of them does."""
    if any(part.ownership is Ownership.UNCLEAR for part in parts):
        for part in parts:
            if part.ownership is not Ownership.UNCLEAR:
                part.ownership, part.why = Ownership.UNCLEAR, part.why or reasons.PART_OF_RECORD


def _conclude(search: Search, opened: OpenRow) -> None:
    """The last word on a row that did not become own; one that no own row leads to is not told of at all."""
    reached = opened.match.proven or search.standing.is_reached(opened.site, opened.values)
    if not reached and opened.match.mentioned is None:
        del search.rows[opened.site.key][opened.found.key]
    elif not reached:
        opened.found.why = reasons.mentioned(opened.match.mentioned)
    elif opened.why is None and search.standing.is_named_unsaid(opened.site, opened.values):
        opened.found.ownership, opened.found.why = Ownership.UNCLEAR, reasons.OWNER_NOT_SAID
    elif opened.why is None:
        opened.found.ownership = Ownership.SHARED
    else:
        opened.found.ownership = Ownership.UNCLEAR if opened.unsure else Ownership.THIRD_PARTY
        opened.found.why = opened.why
    search.read_values[(opened.site.key, opened.found.key)] = opened.values


def _told(search: Search, data_map: DataMap) -> Located:
    marks = mark_people(search, data_map)
    located = Located(skipped=search.skipped, queries=search.reading.queries, disputed=search.disputed)
    for key in data_map.collections:
        rows = search.rows.get(key)
        if rows:
            site = search.routes.sites[key]
            located.collections[key] = FoundCollection(
                key,
                site.key_fields,
                site.keyless,
                search.fact_names.get(key, ()),
                _in_order(site, rows),
                marks.get(key, {}),
            )
    for kind in search.known.proven.keys() | search.met.keys():
        proven = search.known.proven.get(kind, set())
        located.identifiers[kind] = proven | search.met.get(kind, set())
        if offered := search.met.get(kind, set()) - proven:
            located.offered[kind] = offered
    return located


def _in_order(site: Site, rows: dict[Any, FoundRow]) -> list[FoundRow]:
    found = list(rows.values())
    try:
        found.sort(key=lambda row: [(value is not None, value) for value in row.key] if site.keyless else row.key)
    except TypeError:
        found.sort(key=lambda row: repr(row.key))
    return found
