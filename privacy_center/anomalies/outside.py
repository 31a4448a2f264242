"""Sweeps from outside: one network address that asks for codes for many different contacts.

Addresses and contacts are keyed hashes: they tell a sweep, and nobody who was swept over.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.anomalies.models import Anomaly
from privacy_center.anomalies.open import Burst
from privacy_center.anomalies.rule import Rule
from privacy_center.people.models import SignInCode

SHOWN = 16
"""Signs of the address' keyed hash, enough to tell addresses apart."""


def sweeps_from_outside(session: Session, rules: Iterable[Rule], at: datetime) -> Iterator[tuple[Rule, Burst]]:
    """The addresses above a rule's threshold in its window up to now, that no item tells of at this height."""
    for rule in rules:
        if rule.source == "codes":
            yield from ((rule, one) for one in _sweeps(session, rule, at) if not _is_told(session, rule, one))


def _sweeps(session: Session, rule: Rule, at: datetime) -> Iterator[Burst]:
    people = sa.func.count(sa.distinct(SignInCode.value_index))
    counted = (
        sa.select(
            SignInCode.address_hash, people, sa.func.min(SignInCode.created_at), sa.func.max(SignInCode.created_at)
        )
        .where(SignInCode.expires_at > at - rule.window, SignInCode.created_at > at - rule.window)
        .where(SignInCode.address_hash.is_not(None))
        .group_by(SignInCode.address_hash)
        .having(people >= rule.threshold)
    )
    for address, count, first, last in session.execute(counted):
        yield Burst(address[:SHOWN], count, first, last)


def _is_told(session: Session, rule: Rule, burst: Burst) -> bool:
    """Whether an item, waiting or settled, tells of this burst up to its last code."""
    told = sa.select(Anomaly.id).where(
        Anomaly.rule == rule.key, Anomaly.group_key == burst.group, Anomaly.last_at >= burst.last
    )
    settled = sa.select(Anomaly.id).where(
        Anomaly.rule == rule.key, Anomaly.group_key == burst.group, Anomaly.settled_at >= burst.last - rule.window
    )
    return session.scalar(sa.select(sa.or_(told.exists(), settled.exists()))) or False
