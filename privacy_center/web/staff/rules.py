"""The rule packs in force, read only: what they say, who signed them, and what a check finds."""

from flask import Response

from privacy_center.web.filters import today
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.units import center


@staff.get("/rules")
def rules() -> Response:
    """Every pack with its rules; findings are those of the last start."""
    book = center().rules
    files = {pack.file for pack in book.packs}
    found = [one for one in center().findings if one.file in files]
    return page("staff/rules.html", packs=book.packs, version=book.version, findings=found, today=today())
