"""Sweeps from outside: one network address that asks for codes, or tries passwords, for many different contacts.

Addresses and contacts are keyed hashes: they tell a sweep, and nobody who was swept over.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.anomalies.models import Anomaly
from privacy_center.anomalies.open import Burst
from privacy_center.anomalies.rule import Rule
from privacy_center.people.models import SignInCode, WrongPassword

SHOWN = 16
"""Signs of the address' keyed hash, enough to tell addresses apart."""


def sweeps_from_outside(session: Session, rules: Iterable[Rule], at: datetime) -> Iterator[tuple[Rule, Burst]]:
    """The addresses above a rule's threshold in its window up to now, that no item tells of at this height."""
    for rule in rules:
        if rule.source == "codes":
            yield from ((rule, one) for one in _sweeps(session, rule, at) if not _is_told(session, rule, one))


def _sweeps(session: Session, rule: Rule, at: datetime) -> Iterator[Burst]:
    tried = _tries(at - rule.window)
    people = sa.func.count(sa.distinct(tried.c.contact))
    counted = (
        sa.select(tried.c.address, people, sa.func.min(tried.c.at), sa.func.max(tried.c.at))
        .group_by(tried.c.address)
        .having(people >= rule.threshold)
    )
    for address, count, first, last in session.execute(counted):
        yield Burst(address[:SHOWN], count, first, last)


def _tries(since: datetime) -> sa.Subquery:
    """Address, contact and time of every code asked for and every wrong password since a moment."""
    code, wrong = SignInCode, WrongPassword
    codes = sa.select(
        code.address_hash.label("address"), code.value_index.label("contact"), code.created_at.label("at")
    )
    codes = codes.where(code.expires_at > since, code.created_at > since, code.address_hash.is_not(None))
    passwords = sa.select(wrong.address_hash, wrong.value_index, wrong.at).where(wrong.at > since)
    return sa.union_all(codes, passwords).subquery()


def _is_told(session: Session, rule: Rule, burst: Burst) -> bool:
    """Whether an item, waiting or settled, tells of this burst up to its last code."""
    told = sa.select(Anomaly.id).where(
        Anomaly.rule == rule.key, Anomaly.group_key == burst.group, Anomaly.last_at >= burst.last
    )
    settled = sa.select(Anomaly.id).where(
        Anomaly.rule == rule.key, Anomaly.group_key == burst.group, Anomaly.settled_at >= burst.last - rule.window
    )
    return session.scalar(sa.select(sa.or_(told.exists(), settled.exists()))) or False
