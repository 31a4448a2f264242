"""The table of levels, for staff to read: what each thing needs, how a level is reached, and which signs raise it."""

from dataclasses import dataclass

from flask import Response

from privacy_center.errors import Words
from privacy_center.people.levels import LEVEL_WORDS, NEEDED, Needed, needed_here
from privacy_center.people.risk import SAID
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.units import reading


@dataclass(frozen=True, slots=True)
class Line:
    """One action: what it needs here, and the table's own level where this company raised it."""

    words: Words
    needed: Needed
    raised_from: str


@staff.get("/levels")
def levels() -> Response:
    """The one table that the pages work by, read only."""
    with reading() as session:
        here = {action: needed_here(session, action) for action in NEEDED}
    lines = [
        Line(needed.words, needed, NEEDED[action].level.value if needed.level != NEEDED[action].level else "")
        for action, needed in here.items()
    ]
    return page("staff/levels.html", lines=lines, levels=LEVEL_WORDS, signals=SAID)
