"""The retention schedule in plain words: what each rule covers, how long, and by what authority."""

from dataclasses import dataclass, field

from flask_babel import gettext as _

from privacy_center.errors import Words
from privacy_center.retention.duration import Duration
from privacy_center.retention.rule import Rule
from privacy_center.web.units import center


@dataclass(slots=True)
class ScheduleLine:
    """One rule for readers. `period` is a duration or None, `event` words or None: one of them ends the hold."""

    rule: Rule
    covers: list[Words] = field(default_factory=list)


def schedule() -> tuple[list[ScheduleLine], list[ScheduleLine]]:
    """Rules that keep, strongest authority first, and rules that delete at the latest; each with what it covers."""
    house = center()
    lines: dict[str, ScheduleLine] = {}
    for key in house.data_map.collections:
        for rule in house.rules.rules_for(key):
            line = lines.setdefault(rule.key, ScheduleLine(rule))
            title = house.catalogue.collection(key).title
            if title not in line.covers:
                line.covers.append(title)
    keeping = [line for line in lines.values() if not line.rule.ceiling]
    deleting = [line for line in lines.values() if line.rule.ceiling]
    return keeping, deleting


def duration_words(span: Duration) -> str:
    """3 年, 6 个月, 30 天: years where the months make whole years."""
    years, months = divmod(span.months, 12)
    parts = [
        (years, _("1 年") if years == 1 else _("%(n)d 年", n=years)),
        (months, _("1 个月") if months == 1 else _("%(n)d 个月", n=months)),
        (span.days, _("1 天") if span.days == 1 else _("%(n)d 天", n=span.days)),
    ]
    return " ".join(words for amount, words in parts if amount)
