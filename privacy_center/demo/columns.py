"""The few kinds of columns that the sample company's tables are made of; they read the same on every database."""

from typing import Any

import sqlalchemy as sa

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Money = sa.Numeric(12, 2)
Moment = sa.DateTime()
"""The company's own clocks: local time in Shanghai, without a zone, as such systems keep it."""


def key(name: str = "id") -> sa.Column[Any]:
    """A number that the shop gave out itself."""
    return sa.Column(name, Number, primary_key=True, autoincrement=False)


def text(name: str, length: int, **more: Any) -> sa.Column[Any]:
    """Text of at most so many characters; may be empty unless told."""
    return sa.Column(name, sa.String(length), **more)


def link(name: str, target: str, *, ondelete: str | None = None, kind: Any = Number, **more: Any) -> sa.Column[Any]:
    """A column that carries the key of a row elsewhere, held by a foreign key."""
    return sa.Column(name, kind, sa.ForeignKey(target, ondelete=ondelete), **more)


def moment(name: str, **more: Any) -> sa.Column[Any]:
    """A date and time on the company's own clock."""
    return sa.Column(name, Moment, **more)


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """A CHECK that a column holds one of a few words."""
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=f"{column}_known")


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
