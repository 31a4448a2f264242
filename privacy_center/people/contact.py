"""What a person types to say where a code can reach them."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from privacy_center.errors import Refusal

EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"'.]{2,}")
LONGEST = 254
HOME_CODE = 86
NUMBERS = frozenset({"customer_number", "member_number", "order", "reference"})
"""Numbers that are given by the company, or by us, and copied by people."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An e-mail address in small letters, or a phone number as dialled in China (13800138000), from abroad in E.164."""

    kind: str
    value: str


def read_contact(typed: str, region: str = "CN") -> Contact:
    """The contact that was typed; full-width signs, blanks and hyphens are understood.

    Refuses (422) what is neither an e-mail address nor a phone number that exists in the numbering plan.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if "@" in text and len(text) <= LONGEST and text.isprintable() and EMAIL.fullmatch(text):
        return Contact("email", text.lower())
    phone = _read_phone(text, region) if "@" not in text and len(text) <= 40 else None
    if phone is None:
        raise Refusal(
            "请填写完整的手机号（如 138 0013 8000）或邮箱地址（如 name@example.com）。",
            "Enter a full phone number (138 0013 8000) or e-mail address (name@example.com).",
            status=422,
            field="contact",
        )
    return Contact("phone_number", phone)


def normal_value(kind: str, value: str) -> str:
    """One spelling for each identity value, so that the same one is found again however it was typed."""
    text = unicodedata.normalize("NFKC", value).strip()
    if kind == "email":
        return text.lower()
    return (_read_phone(text, "CN") or text) if kind == "phone_number" else text


def compared_value(kind: str, value: str) -> str:
    """What two spellings of the same identity value have in common: nobody reads out which letters of a number are capitals."""
    text = normal_value(kind, value)
    return text.upper() if kind in NUMBERS else text


def _read_phone(text: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    at_home = number.country_code == HOME_CODE
    written = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.E164
    shown = phonenumbers.format_number(number, written)
    return re.sub(r"\D", "", shown) if at_home else shown


def mask_contact(contact: Contact) -> str:
    """The contact as it may be shown: z***@example.com, 138****8000."""
    if contact.kind == "email":
        name, _, host = contact.value.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{contact.value[:3]}****{contact.value[-4:]}" if len(contact.value) > 7 else "****"
