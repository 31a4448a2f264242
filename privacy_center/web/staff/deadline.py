"""The badge that says how much time a request has left."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flask_babel import gettext, ngettext

from privacy_center.privacy_requests.deadlines import working_days_left
from privacy_center.privacy_requests.models import State
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.web.filters import local_day


@dataclass(frozen=True, slots=True)
class Badge:
    """A word, an icon, and the tone of both; an empty tone is no colour at all."""

    words: str
    tone: str = ""
    icon: str = ""


class Due(Protocol):
    """What of a request, or of a line of the queue, the badge looks at."""

    @property
    def state(self) -> State: ...
    @property
    def due_on(self) -> date: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def jurisdiction(self) -> str: ...


def deadline_badge(asked: Due, today: date) -> Badge:
    """How long until the request is due, in working days of its jurisdiction.

    Red from the last day on, amber while less than a quarter of the time is left; no colour before that and once the
    person has been answered. The legal clock does not stop while we wait for the person.
    """
    if asked.state in CLOSED:
        return Badge(gettext("已答复"))
    remaining = (asked.due_on - today).days
    if remaining < 0:
        return Badge(ngettext("逾期 %(num)d 天", "逾期 %(num)d 天", -remaining), "stop", "circle-alert")
    if remaining == 0:
        return Badge(gettext("今天到期"), "stop", "clock")
    days = working_days_left(today, asked.due_on, asked.jurisdiction)
    words = ngettext("还有 %(num)d 个工作日", "还有 %(num)d 个工作日", days)
    allowed = (asked.due_on - local_day(asked.received_at)).days
    return Badge(words, "warn", "clock") if remaining * 4 < allowed else Badge(words)
