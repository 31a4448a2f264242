"""Pages for everyone: the entry, the notices, other ways than the web, and the check of a certificate's number."""

from datetime import date, timedelta

from flask import Blueprint, Response

from privacy_center.web.filters import today
from privacy_center.web.page import page

public = Blueprint("public", __name__)

ANSWER_WITHIN_WORKING_DAYS = 15


@public.get("/")
def entry() -> Response:
    """What can be done here, what is needed, how long it takes, and the ways other than the web (ux P1)."""
    return page("public/entry.html", answer_by=_working_days_on(today(), ANSWER_WITHIN_WORKING_DAYS))


@public.get("/privacy-notice")
def privacy_notice() -> Response:
    """What the company collects, group by group, from the data map and its catalogue."""
    return page("public/privacy_notice.html")


@public.get("/how-long-we-keep")
def how_long() -> Response:
    """Every retention rule in force: what it covers, how long, by what authority."""
    return page("public/how_long.html", rules=[])


@public.get("/accessibility")
def accessibility() -> Response:
    """What works for whom, and whom to tell when something does not."""
    return page("public/accessibility.html")


@public.get("/help")
def help_page() -> Response:
    """Ways other than the web: hotline, counter, letter, no longer the same number."""
    return page("public/help.html")


def _working_days_on(first: date, days: int) -> date:
    """The day that lies `days` days from Monday to Friday after `first`."""
    last = first
    while days:
        last += timedelta(days=1)
        days -= last.weekday() < 5
    return last
