"""How dates, numbers and two-language sentences are written in the reader's language."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.privacy_requests import deadlines
from privacy_center.privacy_requests.models import Kind
from privacy_center.web.language import language
from privacy_center.web.units import center

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ZH_DAYS = "一二三四五六日"


def today() -> date:
    """The calendar day it is now where the company is."""
    return clock.local_date(clock.now(), center().settings.timezone)


def answer_by() -> date:
    """The last day on which a deletion that is asked for now is answered in time."""
    settings = center().settings
    return deadlines.due_on(clock.now(), Kind.DELETION, settings.jurisdiction, settings.timezone)


def local_day(value: date | datetime | str) -> date:
    """The calendar day of a moment where the company is; a date, or an ISO text of one, stays the day that it is."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return clock.local_date(value if value.tzinfo else value.replace(tzinfo=UTC), center().settings.timezone)
    return value


def day_text(value: date | datetime | str) -> str:
    """2026年11月21日（周六）, or Saturday 21 November 2026."""
    day = local_day(value)
    if language() == "en":
        return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日（周{_ZH_DAYS[day.weekday()]}）"


def short_day_text(value: date | datetime | str) -> str:
    """11月21日, or 21 Nov; with the year when it is not this year."""
    day = local_day(value)
    same = day.year == today().year
    if language() == "en":
        return f"{day.day} {_MONTHS[day.month - 1][:3]}" + ("" if same else f" {day.year}")
    return ("" if same else f"{day.year}年") + f"{day.month}月{day.day}日"


def _time(value: date | datetime | str, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(local_day(value).isoformat(), text)


def day(value: date | datetime | str) -> Markup:
    """The day with its weekday, in a <time>."""
    return _time(value, day_text(value))


def day_within(said: str, value: date | datetime | str) -> Markup:
    """A sentence of ours with a day in the place of `%(day)s`; the day stays on one line."""
    return Markup(said) % {"day": day(value)}


def short_day(value: date | datetime | str) -> Markup:
    """The short day, in a <time>."""
    return _time(value, short_day_text(value))


def clock_time(value: datetime) -> str:
    """10:26, where the company is."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(center().settings.timezone)).strftime("%H:%M")


def moment(value: datetime) -> Markup:
    """The day with its weekday and the time of day."""
    return Markup("{} {}").format(day(value), clock_time(value))


def short_moment(value: datetime) -> Markup:
    """The short day and the time of day."""
    return Markup("{} {}").format(short_day(value), clock_time(value))


def readable(value: object) -> str:
    """A value of a company database: a day or a moment with its weekday, words in the reader's language, or the text.

    A moment without a zone is on the company's own clock already.
    """
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(center().settings.timezone)) if value.tzinfo else value
        return _time(local.date(), f"{_day_in_brief(local.date())}{words(Words(' ', ', '))}{local:%H:%M}")
    if isinstance(value, date):
        return _time(value, _day_in_brief(value))
    return words(value)


def _day_in_brief(value: date) -> str:
    if language() == "en":
        return f"{_DAYS[value.weekday()][:3]} {value.day} {_MONTHS[value.month - 1][:3]} {value.year}"
    return day_text(value)


def working_days_left(value: date | datetime | str) -> int:
    """Working days after today up to and with that day, by the calendar of the company's country; negative when past."""
    return deadlines.working_days_left(today(), local_day(value), center().settings.jurisdiction)


def left(value: date | datetime | str) -> str:
    """还有 5 个工作日 / in 5 working days; today; how many days late."""
    days, gap = working_days_left(value), (local_day(value) - today()).days
    if gap == 0:
        return _("就是今天")
    if gap < 0:
        return _("已过 %(n)d 天", n=-gap)
    if days == 1:
        return _("还有 1 个工作日")
    return _("还有 %(n)d 个工作日", n=days)


def words(value: object) -> str:
    """A sentence that is kept in two languages (`Words`, or a mapping such as {"zh-CN", "en"}), in the reader's."""
    if isinstance(value, str):
        return value
    return Words.read(value).spoken(language())  # type: ignore[arg-type]


def words_by_field(refusal: Refusal) -> dict[str, str]:
    """All that a refusal says of a form, in the reader's language, by field."""
    return {field: words(said) for field, said in refusal.by_field().items()}


def number(value: int) -> str:
    """1,284."""
    return f"{value:,}"


def install_filters(app: Flask) -> None:
    """Give every template these filters."""
    app.jinja_env.filters.update(
        day=day,
        day_text=day_text,
        short_day=short_day,
        short_day_text=short_day_text,
        moment=moment,
        short_moment=short_moment,
        clock_time=clock_time,
        left=left,
        readable=readable,
        working_days_left=working_days_left,
        words=words,
        number=number,
    )
