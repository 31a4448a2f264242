"""What was not looked into, as a page shows it to a customer or to staff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from privacy_center.errors import Words
from privacy_center.plans.models import Plan
from privacy_center.plans.unsearched import Unsearched, Why, customer_lines, read_unsearched
from privacy_center.web.units import center


@dataclass(frozen=True, slots=True)
class CustomerReach:
    """What a customer reads: sentences with counts and reasons. `open`: something must still be reached."""

    lines: list[Words]
    open: bool


@dataclass(frozen=True, slots=True)
class StaffPlace:
    """One collection for staff: its title, its key, what is said of it, and who declared it out of scope."""

    title: Words
    collection: str
    heading: str
    words: Words
    by: str
    open: bool


def customer_reach(unsearched: Iterable[Unsearched]) -> CustomerReach:
    """What was not looked into in the words for customers."""
    listed = list(unsearched)
    return CustomerReach(customer_lines(listed), any(one.open for one in listed))


def reach_of_plan(plan: Plan | None) -> CustomerReach:
    """The same of a frozen plan; nothing where there is none."""
    return customer_reach(read_unsearched(plan.unsearched) if plan else ())


def staff_places(kept: Iterable[Mapping[str, Any]]) -> list[StaffPlace]:
    """What a plan or a certificate says was not looked into, one entry a collection."""
    headings = {
        Why.UNREACHED: _("没有身份能走到"),
        Why.SKIPPED: _("没有查到"),
        Why.OUT_OF_SCOPE: _("不在范围内"),
        Why.COPY: _("副本"),
    }
    return [
        StaffPlace(
            center().catalogue.collection(one.collection).title,
            one.collection,
            headings[one.why],
            one.words,
            one.by,
            one.open,
        )
        for one in read_unsearched(kept)
    ]
