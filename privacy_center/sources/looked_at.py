"""Under which forms a column is asked for an identity value: exact ones always, others where the column holds such values."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from privacy_center.sources.identities import normalise_identity, spellings
from privacy_center.sources.odd_spelling import Holds, bare_forms, bare_value, question, remember, remembered
from privacy_center.sources.open import Sources
from privacy_center.sources.site import ESCAPE, IdentityPlace, Slot
from privacy_center.sources.values import NONE_SUCH

if TYPE_CHECKING:
    from privacy_center.sources.reading import Reading
    from privacy_center.sources.site import Site


def holds_of(sources: Sources, reading: "Reading", site: "Site", place: IdentityPlace) -> Holds:
    """What the column holds beside the usual spellings: one query, whose answer is kept for 60 seconds. Refuses with
    `Unavailable` what cannot be read.
    """
    if not place.is_text:
        return Holds(several=place.listed)
    known = remembered(sources.remembered, (site.key, place.path))
    if known is not None:
        return known
    asked = sa.select(*question(site.columns[place.path], place.kind, site.dialect)).select_from(site.table)
    answer = next(iter(reading.rows(site.collection.dataset, asked, {})), None)
    return remember(sources.remembered, (site.key, place.path), answer)


def forms_asked(place: IdentityPlace, value: str, holds: Holds, number: int) -> Iterator[tuple[Slot, set[Any]]]:
    """The slots by which the column is entered for a value, with the forms to ask for. `number`: one that no slot has yet."""
    if place.is_text or not place.listed:
        forms = {place.cast(form) for form in spellings(place.kind, value)} - {NONE_SUCH}
        if forms:
            yield Slot((place.path,), when=place.when), forms
    if holds.capitals and not place.folded:
        yield Slot((place.path,), "lower", place.when), {normalise_identity(place.kind, value)}
    if holds.odd:
        yield Slot((place.path,), "bare", place.when, kind=place.kind), bare_forms(place.kind, value)
    if holds.several or place.listed:
        text = bare_value(place.kind, normalise_identity(place.kind, value))
        for sign in (ESCAPE, "%", "_"):
            text = text.replace(sign, ESCAPE + sign)
        yield Slot((place.path,), "within", place.when, number, place.kind), {f"%{text}%"}
