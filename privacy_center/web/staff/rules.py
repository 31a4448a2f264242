"""The rule packs in force, read only: what they say, who signed them, and what a check finds."""

from flask import Response

from privacy_center.errors import Words
from privacy_center.plans.restriction_report import keyless_in, rule_restrictions
from privacy_center.web.filters import today
from privacy_center.web.page import page
from privacy_center.web.schedule import schedule
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.units import center


@staff.get("/rules")
def rules() -> Response:
    """Every pack with its rules; findings are those of the last start."""
    book = center().rules
    files = {pack.file for pack in book.packs}
    found = [one for one in center().findings if one.file in files]
    return page(
        "staff/rules.html",
        packs=book.packs,
        version=book.version,
        findings=found,
        today=today(),
        restrictions=_restrictions(),
        covers={line.rule.key: line.covers for kind in schedule() for line in kind},
        starts=_starts(),
    )


def _starts() -> dict[str, list[Words]]:
    """Rule key → what customers call the day from which its period counts; left out where the catalogue has no name for it."""
    house, found = center(), {}
    for key, collection in house.data_map.collections.items():
        for binding in house.rules.bindings_for(key):
            column = binding.from_column if not binding.rule.until.of else None
            title = house.catalogue.field_title(collection, column) if column else None
            if title is not None and title.zh != column:
                titles = found.setdefault(binding.rule.key, [])
                titles.append(title) if title not in titles else None
    return found


def _restrictions() -> dict[str, list[tuple[Words, Words]]]:
    """Rule key → its collections in the catalogue's words, each with how what is kept of it is restricted."""
    house, found = center(), {}
    for one in rule_restrictions(house.rules, house.catalogue, house.data_map, keyless_in(house.sources)):
        found.setdefault(one.rule, []).append((house.catalogue.collection(one.collection).title, one.words))
    return found
