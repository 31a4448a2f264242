"""How a field is masked: which strategy, and the value it gives for a row."""

import enum
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.graph import Field, is_within
from privacy_center.datamap.live import LiveSchema, LiveTable
from privacy_center.errors import Refusal
from privacy_center.sources.masked_formats import (
    EMAIL_DOMAIN,
    PHONE_PREFIX,
    RESIDENT_AREA,
    Draw,
    luhn_digit,
    masked_card,
    masked_email,
    masked_phone,
    masked_resident_id,
    resident_check_digit,
)
from privacy_center.sources.masked_types import drawn_value, fixed_value, integer_limit
from privacy_center.sources.rows import Key

KeyedHash = Callable[[str, str], str]
"""`Keyring.keyed_hash`: a text and what it is for → hex digits that nobody without the key can compute."""


class MaskKind(enum.StrEnum):
    """What a masked value is made of. All but `random` give the same value each time they are asked."""

    NULL = "null"
    FIXED = "fixed"
    RANDOM = "random"
    KEYED_HASH = "keyed_hash"
    PHONE = "phone"
    EMAIL = "email"
    RESIDENT_ID = "resident_id"
    CARD = "card"


NAMES: Mapping[str, MaskKind] = {
    **{kind.value: kind for kind in MaskKind},
    **{
        f"keep_format_{kind.value}": kind
        for kind in (MaskKind.PHONE, MaskKind.EMAIL, MaskKind.RESIDENT_ID, MaskKind.CARD)
    },
    "null_rewrite": MaskKind.NULL,
    "string_rewrite": MaskKind.FIXED,
    "hash": MaskKind.KEYED_HASH,
    "hmac": MaskKind.KEYED_HASH,
    "aes_encrypt": MaskKind.KEYED_HASH,
    "random_string_rewrite": MaskKind.RANDOM,
    "phone_number": MaskKind.PHONE,
}
"""Our names, and the names Fides gives to the same thing. A plain hash or a cipher of the old value could be undone by
whoever tries all phone numbers or holds the key, so both become a keyed hash that does not know the old value."""

_FORMATS = {
    MaskKind.PHONE: masked_phone,
    MaskKind.EMAIL: masked_email,
    MaskKind.RESIDENT_ID: masked_resident_id,
    MaskKind.CARD: masked_card,
}
_FORMAT_OF_CATEGORY: tuple[tuple[str, MaskKind], ...] = (
    ("user.contact.phone_number", MaskKind.PHONE),
    ("user.contact.fax_number", MaskKind.PHONE),
    ("user.contact.email", MaskKind.EMAIL),
    ("user.government_id", MaskKind.RESIDENT_ID),
    ("user.financial.credit_card", MaskKind.CARD),
    ("user.financial.bank_account", MaskKind.CARD),
)
_ERASED_ID = f"{RESIDENT_AREA}000019000101000"
_ERASED_CARD = "9999" + "0" * 11
_ERASED = {
    MaskKind.PHONE: PHONE_PREFIX + "0" * 8,
    MaskKind.EMAIL: f"erased@{EMAIL_DOMAIN}",
    MaskKind.RESIDENT_ID: _ERASED_ID + resident_check_digit(_ERASED_ID),
    MaskKind.CARD: _ERASED_CARD + luhn_digit(_ERASED_CARD),
}


@dataclass(frozen=True, slots=True)
class Strategy:
    """How one field is masked. `text`: what a fixed value says."""

    kind: MaskKind
    text: str | None = None

    @property
    def constant(self) -> bool:
        """Whether one value serves all rows, so that one UPDATE can set it."""
        return self.kind in (MaskKind.NULL, MaskKind.FIXED)


def named_strategy(name: str, configuration: Mapping[str, Any] | None = None) -> Strategy:
    """The strategy a map names, in our words or in those of Fides. Refuses a name that nobody knows."""
    if name not in NAMES:
        raise Refusal(
            f"不认识的脱敏方式 {name}。可用：{'、'.join(NAMES)}。",
            f"No masking strategy is called {name}. There are: {', '.join(NAMES)}.",
        )
    said = configuration or {}
    text = said.get("rewrite_value", said.get("text"))
    return Strategy(NAMES[name], None if text is None else str(text))


def choose_strategy(field: Field, column: sa.Column[Any], *, unique: bool = False, filled: bool = False) -> Strategy:
    """How a field is masked: as the map says, else null where the column may be empty, else a value that fits.

    `unique`: the column stands in a unique constraint, so every row needs a value of its own. `filled`: no two rows may
    be empty, so null is no mask. A format (phone, e-mail, resident ID, card) is kept for the categories that have one.
    """
    if field.masking:
        return named_strategy(field.masking, field.masking_configuration)
    if column.nullable and not filled:
        return Strategy(MaskKind.NULL)
    kind = _format_of(field)
    if kind is None:
        return Strategy(MaskKind.KEYED_HASH if unique else MaskKind.FIXED)
    return Strategy(kind) if unique or not _holds_text(column) else Strategy(MaskKind.FIXED, _ERASED[kind])


def maskable(field: Field, table: LiveTable, live: LiveSchema) -> bool:
    """Whether a field can be overwritten at all: no part of a key, on either side, not read-only, not computed."""
    column = table.columns.get(field.column)
    if column is None or column.generated or field.primary_key or field.read_only:
        return False
    return field.column not in key_columns(table, live)


def key_columns(table: LiveTable, live: LiveSchema) -> set[str]:
    """The columns that hold rows together: primary key, foreign keys, and what foreign keys of other tables point to."""
    tables = [table, *(live.tables[heir] for heir in live.with_heirs(table.name)[1:])]
    own = {name for one in tables for key in one.foreign_keys for name in key.columns}
    referred = {name for _, key in live.referring.get(table.name, ()) for name in key.referred_columns}
    return own | referred | set(table.primary_key)


def mask_value(strategy: Strategy, column: sa.Column[Any], seed: bytes) -> Any:
    """The masked value for a column, None for null. The same seed gives the same value, except with `random`.

    Refuses (`NoMask`) a column of a type for which no value is known.
    """
    if strategy.kind is MaskKind.NULL:
        return None
    if strategy.kind is MaskKind.FIXED:
        return fixed_value(column.type, strategy.text)
    draw = Draw(secrets.token_bytes(32) if strategy.kind is MaskKind.RANDOM else seed)
    if strategy.kind in _FORMATS:
        return _in_format(strategy.kind, column, draw)
    return drawn_value(column.type, draw)


def seed_of(keyed_hash: KeyedHash, collection: str, key: Key, path: str) -> bytes:
    """What a masked value is drawn from: the company's secret, the row and the field; never the old value."""
    said = json.dumps([collection, [str(part) for part in key], path], ensure_ascii=False)
    return bytes.fromhex(keyed_hash(said, "masking"))


@dataclass(frozen=True, slots=True)
class Mask:
    """One field of one collection, masked: a value for each row. `path` is dotted for a field inside a JSON column."""

    collection: str
    path: str
    column: sa.Column[Any]
    strategy: Strategy
    keyed_hash: KeyedHash

    @property
    def nested(self) -> bool:
        return "." in self.path

    @property
    def constant(self) -> bool:
        return self.strategy.constant

    def value(self, key: Key) -> Any:
        """The masked value for the row with this key (any key where the mask is constant)."""
        if self.constant:
            return mask_value(self.strategy, self.column, b"")
        seed = seed_of(self.keyed_hash, self.collection, key, self.path)
        return mask_value(self.strategy, self.column, seed)


def _format_of(field: Field) -> MaskKind | None:
    said = field.data_categories
    return next((kind for branch, kind in _FORMAT_OF_CATEGORY if any(is_within(one, branch) for one in said)), None)


def _in_format(kind: MaskKind, column: sa.Column[Any], draw: Draw) -> Any:
    if _holds_text(column):
        return _FORMATS[kind](draw, column.type.length)
    if isinstance(column.type, sa.Integer | sa.Numeric) and kind is not MaskKind.EMAIL:
        return _in_number(kind, column, draw)
    return drawn_value(column.type, draw)


def _in_number(kind: MaskKind, column: sa.Column[Any], draw: Draw) -> Any:
    number = int(_FORMATS[kind](draw))
    return number if number < integer_limit(column.type) else drawn_value(column.type, draw)


def _holds_text(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
