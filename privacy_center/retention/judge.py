"""From the facts of a row to a verdict: every rule that holds it, or why a person must look."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from privacy_center.errors import Words
from privacy_center.retention.condition import fields_of
from privacy_center.retention.layout import Asked, Layout
from privacy_center.retention.verdict import Hold, Outcome, Treatment, Verdict, latest_end_first

A_DAY = timedelta(days=1)

ENDED_FIRST = Words(
    "{end} 早于 {start}，可结束不会早于开始。请核对这一行。",
    "{end} lies before {start}, but nothing ends before it begins. Check this row.",
)
NOT_SANE = Words(
    "「{title}」：这一行的数据自相矛盾（{fields}）。请核对。",
    "{title}: the facts of this row contradict each other ({fields}). Check this row.",
)
UNKNOWN = Words(
    "「{title}」：缺少数据，判断不了（{fields}）。请核对这一行。",
    "{title}: facts are missing, so it cannot be told whether the rule holds this row ({fields}). Check this row.",
)
NO_START = Words(
    "「{title}」：{field} 是空的或读不懂，期限算不出来。请核对这一行。",
    "{title}: {field} is empty or unreadable, so the period cannot be counted. Check this row.",
)
IN_FUTURE = Words(
    "「{title}」：{field} 是 {day}，在未来。请核对这一行。",
    "{title}: {field} is {day}, which is in the future. Check this row.",
)


def judge_facts(layout: Layout, facts: Sequence[Any], today: date) -> Verdict:
    """The verdict on one row. `facts` in the layout's order, stored days already as local days (or None).

    Contradictory or missing facts give `manual`, whatever else holds the row.
    """
    holds: list[Hold] = []
    reasons: list[Words] = []
    for asked in layout.asked:
        found = _judge_rule(asked, facts, today)
        if isinstance(found, Words):
            reasons.append(found)
        elif found is not None:
            holds.append(found)
    holds.sort(key=latest_end_first)
    return Verdict(_outcome(holds, reasons), tuple(holds), _joined(reasons))


def _judge_rule(asked: Asked, facts: Sequence[Any], today: date) -> Hold | Words | None:
    """The hold, or why it cannot be told, or None where the rule does not hold the row."""
    rule = asked.binding.rule
    if asked.odd_at is not None and facts[asked.odd_at] == 1:
        pair = asked.pairs[0]
        return ENDED_FIRST.filled(end=pair.end, start=pair.start)
    if asked.sane_at is not None and facts[asked.sane_at] != 1:
        return _about_fields(NOT_SANE, asked, rule.sane)
    if facts[asked.rule_at] is None:
        return _about_fields(UNKNOWN, asked, asked.binding.rule.when)
    if facts[asked.rule_at] != 1:
        return None
    if asked.span is None:
        return _hold(asked, None)
    return _judge_period(asked, facts[asked.from_at or 0], today)


def _judge_period(asked: Asked, start: date | None, today: date) -> Hold | Words | None:
    title, of = asked.binding.rule.title, asked.binding.rule.until.of
    field = f"{of.collection}.{asked.binding.from_column}" if of else asked.binding.from_column
    if start is None:
        return _say(NO_START, title, field=field)
    if start > today + A_DAY:
        return _say(IN_FUTURE, title, field=field, day=start.isoformat())
    last = asked.span.last_day(start) if asked.span else start
    return _hold(asked, last) if today <= last else None


def _hold(asked: Asked, until: date | None) -> Hold:
    rule = asked.binding.rule
    return Hold(
        rule=rule.key,
        title=rule.title,
        customer=rule.customer or rule.title,
        authority=rule.authority,
        citation=rule.cited,
        treatment=rule.treatment,
        until=until,
        event=rule.until.event,
        needs=asked.binding.needs,
        needs_human_reason=rule.needs_human_reason,
        waivable=rule.waivable,
        use=rule.use,
        pack=asked.binding.deciding_pack,
    )


def _outcome(holds: Sequence[Hold], reasons: Sequence[Words]) -> Outcome:
    treatments = {hold.treatment for hold in holds}
    if reasons or Treatment.MANUAL in treatments:
        return Outcome.MANUAL
    if not treatments:
        return Outcome.ERASE
    return Outcome.ASK if treatments == {Treatment.ASK} else Outcome.RESTRICT


def _about_fields(words: Words, asked: Asked, condition: Any) -> Words:
    names = sorted(asked.binding.column(name) for name in fields_of(condition))
    return _say(words, asked.binding.rule.title, fields=", ".join(names))


def _say(words: Words, title: Words, **values: Any) -> Words:
    """The sentence with the rule's title in its own language."""
    return Words(words.zh.format(title=title.zh, **values), words.en.format(title=title.en, **values))


def _joined(reasons: Sequence[Words]) -> Words | None:
    said = list(dict.fromkeys(reasons))
    return Words("".join(one.zh for one in said), " ".join(one.en for one in said)) if said else None
