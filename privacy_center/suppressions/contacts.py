"""A contact as suppressions know it: its kind, and a keyed hash of its one spelling."""

import re
from dataclasses import dataclass
from typing import Any

from privacy_center.datamap.marketing_refusal import EMAIL, LONGEST_CHANNEL, PHONE, channel_name
from privacy_center.errors import Refusal
from privacy_center.keys.keyring import Keyring
from privacy_center.sources.identities import is_phone, kind_of, normalise_identity

_KIND = re.compile(r"[a-z][a-z0-9_]{0,59}")
_EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"'.]{2,}")
LONGEST_VALUE = 254


@dataclass(frozen=True, slots=True)
class HashedContact:
    """One contact: its kind and the keyed hash of its value."""

    kind: str
    index: bytes


def contact_value(kind: str, raw: Any) -> str | None:
    """A contact in its one spelling; None for what is no contact of its kind (an empty field, a number that is no phone)."""
    value = normalise_identity(kind, raw)
    if not 0 < len(value) <= LONGEST_VALUE or not value.isprintable():
        return None
    if kind == EMAIL:
        return value if _EMAIL.fullmatch(value) else None
    return value if kind != PHONE or is_phone(value) else None


def hash_contact(keyring: Keyring, kind: str, value: str) -> HashedContact:
    """The keyed hash of a contact whose spelling is the one of `contact_value`; of no use outside suppressions."""
    return HashedContact(kind, keyring.blind_index(value, f"suppression.{kind}"))


def read_typed_contact(keyring: Keyring, kind: str, typed: str) -> HashedContact:
    """The contact that somebody names; refuses (422) what is none. The refusal never repeats what was typed."""
    kind = kind_of(kind)
    value = contact_value(kind, typed) if _KIND.fullmatch(kind) else None
    if value is None:
        raise Refusal(
            "这不是可用的联系方式。请写种类和完整的值，例如 email=name@example.com 或 phone_number=13800138000。",
            "That is no contact. Give its kind and its whole value, such as email=name@example.com or phone_number=13800138000.",
            status=422,
            field="contact",
        )
    return hash_contact(keyring, kind, value)


def read_channel(typed: str | None) -> str:
    """The channel that somebody names, empty for every channel; refuses (422) one of more than 40 characters."""
    channel = " ".join((typed or "").split()).lower()
    if len(channel) > LONGEST_CHANNEL or not channel.isprintable():
        raise Refusal(
            f"渠道名最多 {LONGEST_CHANNEL} 个字符，例如 sms 或 email。",
            f"A channel has at most {LONGEST_CHANNEL} characters, such as sms or email.",
            status=422,
            field="channel",
        )
    return channel_name(channel)
