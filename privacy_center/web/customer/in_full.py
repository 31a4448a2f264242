"""One kind of record in full, for the customer themselves, after a second proof; on the next page it is masked again."""

from flask import Blueprint, Response

from privacy_center import clock
from privacy_center.access.whole import WholeRow, whole_rows
from privacy_center.audit.append import record
from privacy_center.datamap.graph import Collection
from privacy_center.errors import Refusal
from privacy_center.plans.draft import facts_for
from privacy_center.sources.locate import locate
from privacy_center.sources.trouble import Trouble
from privacy_center.web.customer.identity import as_actor, me, my_identities
from privacy_center.web.filters import today
from privacy_center.web.page import page
from privacy_center.web.units import center, reading, transaction

in_full = Blueprint("in_full", __name__, url_prefix="/me/data")

MOST_ROWS = 20


@in_full.get("/<collection>")
def show(collection: str) -> Response:
    """The customer's own rows of one collection, twenty at most; shared rows and those of others are never here.

    Refuses (404) a collection that the map does not have or in which nothing is theirs, (503) a system that does not answer.
    """
    known = center().data_map.collections.get(collection)
    if known is None or not known.personal:
        raise _nothing()
    rows, count = _find(known)
    if not count:
        raise _nothing()
    with transaction() as session:
        told = {"collection": collection, "rows": len(rows)}
        record(session, actor=as_actor(), act="data.reveal_own", subject=me().person, details=told, at=clock.now())
    title = center().catalogue.collection(collection).title
    return page("customer/in_full.html", title=title, rows=rows, count=count, active="my_data")


def _find(collection: Collection) -> tuple[list[WholeRow], int]:
    house = center()
    with reading() as session:
        identities = my_identities(session)
    try:
        located = locate(house.sources, house.data_map, identities, facts_for(house, today()))
        found = located.collections.get(collection.key)
        if collection.key in located.skipped:
            raise _silent()
        if found is None:
            return [], 0
        rows = whole_rows(house.sources, house.catalogue, collection, found, MOST_ROWS)
    except Trouble:
        raise _silent() from None
    return rows, len(rows) if len(rows) < MOST_ROWS else len(found.rows)


def _nothing() -> Refusal:
    return Refusal(
        "这里没有您的记录。请回到“我们有您的这些信息”。",
        "There are no records of yours here. Go back to what we hold on you.",
        status=404,
    )


def _silent() -> Refusal:
    return Refusal(
        "这个系统现在没有回应。过一会儿再打开；一直不行，请打电话告诉我们。",
        "This system does not answer just now. Open it again in a while; if it stays so, call us.",
        status=503,
    )
