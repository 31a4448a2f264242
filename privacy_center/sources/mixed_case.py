"""Whether a column of e-mail addresses holds any in upper case, so that comparing needs lower(column)."""

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.sources.open import Sources
from privacy_center.sources.reading import Reading

if TYPE_CHECKING:
    from privacy_center.sources.site import IdentityPlace, Site

KEPT = timedelta(seconds=60)


def holds_mixed_case(sources: Sources, reading: Reading, site: "Site", place: "IdentityPlace") -> bool:
    """One query per column, whose answer is kept for 60 seconds. Refuses with `Unavailable` what cannot be read.

    Lower case is served by an index on the column itself; lower(column) reads the whole table on most databases.
    """
    known, now = sources.remembered, clock.now()
    answer = known.get(("mixed case", site.key, place.path))
    if answer and answer[0] > now - KEPT:
        return bool(answer[1])
    column = site.columns[place.path]
    asked = sa.select(sa.literal(1)).select_from(site.table).where(column != sa.func.lower(column)).limit(1)
    mixed = any(True for _ in reading.rows(site.collection.dataset, asked, {}))
    known[("mixed case", site.key, place.path)] = (now, mixed)
    return mixed
