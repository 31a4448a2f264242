"""Identity values as people type them and as databases hold them."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from privacy_center.people.contact import NUMBERS, normal_value
from privacy_center.sources.resident_id import is_resident_kind, long_form, short_form
from privacy_center.sources.values import as_text

EMAIL = "email"
PHONE = "phone_number"
_ALIASES = {"phone": PHONE, "mobile": PHONE, "e-mail": EMAIL}
_HOME_REGION = "CN"
_HOME_CODE = 86
BLANKS = " \t\n\r\f\v\u00a0\u2002\u2003\u2009\u200b\u202f\u3000\ufeff"
"""What may stand at either end of a value without anybody seeing it."""

PUNCTUATION = BLANKS + "-().·_/\u2010\u2011\u2012\u2013\u2014\u2212（）－．／"
_PUNCTUATION = re.compile(f"[{re.escape(PUNCTUATION)}]+")
_ZERO_AFTER_CODE = re.compile(r"(\+86|0086|86)0(?=1\d{10}$)")


def kind_of(kind: str) -> str:
    """The one name of an identity kind: `phone` and `phone_number` are the same."""
    return _ALIASES.get(kind, kind)


def normalise_identity(kind: str, raw: Any) -> str:
    """One spelling for each identity, so that two that mean the same compare equal; blanks at the ends and full-width signs
    never count.

    E-mail: lower case. Phone: Chinese numbers as dialled at home (`13800138000`, `01088886666`), others in E.164; what is
    no phone number stays as typed without blanks and dashes. Resident numbers: the 18 signs. Any other kind: literal.
    """
    text = bare_text(as_text(raw))
    kind = kind_of(kind)
    if kind == EMAIL:
        return text.lower()
    if kind == PHONE:
        return _normalise_phone(text)
    return (is_resident_kind(kind) and long_form(text)) or text


def bare_text(text: str) -> str:
    """The text without blanks at its ends, in half-width signs."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.strip().strip(BLANKS)


def is_phone(text: str) -> bool:
    """Whether a text is one phone number, however it is written."""
    return _read_phone(text) is not None


def spellings(kind: str, value: str) -> tuple[str, ...]:
    """The forms under which a database may hold an identity, the normal one first: for `IN (…)`, so that an index serves."""
    text, typed = bare_text(str(value)), str(value).strip()
    kind = kind_of(kind)
    if kind == EMAIL:
        return tuple(dict.fromkeys((text.lower(), text, typed)))
    if kind == PHONE:
        return tuple(dict.fromkeys((*_spell_phone(text), typed)))
    long = long_form(text) if is_resident_kind(kind) else None
    if long is None:
        return tuple(dict.fromkeys((text, typed)))
    return tuple(form for form in dict.fromkeys((long, short_form(long), long.lower())) if form)


def typed_spellings(kind: str, value: str) -> tuple[str, ...]:
    """The same of a value that somebody typed: numbers also in half-width signs, in capitals and in small letters. For finding
    whom they mean; whose a row is, only the spelling on file says, since a company may tell `a1` from `A1`.
    """
    if kind_of(kind) not in NUMBERS:
        return spellings(kind, value)
    text = normal_value(kind, value)
    return tuple(dict.fromkeys((text, value.strip(), text.upper(), text.lower())))


@lru_cache(maxsize=4096)
def _normalise_phone(text: str) -> str:
    number = _read_phone(text)
    if number is None:
        return _PUNCTUATION.sub("", text)
    if number.country_code == _HOME_CODE:
        return _dialled_at_home(number)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@lru_cache(maxsize=1024)
def _spell_phone(text: str) -> tuple[str, ...]:
    number = _read_phone(text)
    if number is None:
        return tuple(dict.fromkeys((_PUNCTUATION.sub("", text), text)))
    code = str(number.country_code)
    national = _national_forms(number)
    bare = [form.lstrip("0") if number.country_code == _HOME_CODE else form for form in national]
    forms = [_normalise_phone(text), *national]
    for prefix in (f"+{code}", code, f"00{code}"):
        forms.append(prefix + bare[0])
        forms += [prefix + separator + form for separator in " -" for form in bare]
    if number.country_code == _HOME_CODE and not national[0].startswith("0"):
        forms.append(f"0{national[0]}")
    forms.append(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))
    return tuple(dict.fromkeys([*forms, text]))


def _national_forms(number: PhoneNumber) -> list[str]:
    if number.country_code == _HOME_CODE:
        digits = _dialled_at_home(number)
        grouped = _grouped_at_home(number, digits)
    else:
        digits = phonenumbers.national_significant_number(number)
        grouped = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    dashed = re.sub(r"\s+", "-", grouped)
    return list(dict.fromkeys((digits, grouped, dashed)))


def _dialled_at_home(number: PhoneNumber) -> str:
    digits = phonenumbers.national_significant_number(number)
    mobile = len(digits) == 11 and digits.startswith("1")
    special = digits.startswith(("400", "800")) and len(digits) == 10
    return digits if mobile or special else f"0{digits}"


def _grouped_at_home(number: PhoneNumber, digits: str) -> str:
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    area = phonenumbers.length_of_geographical_area_code(number)
    return f"{digits[: area + 1]} {digits[area + 1 :]}" if area else digits


def _read_phone(text: str) -> PhoneNumber | None:
    """The number that was meant, or None; a bare `86…` or `0086…` before a Chinese number is its country code."""
    compact = _ZERO_AFTER_CODE.sub(r"\1", _PUNCTUATION.sub("", bare_text(text)))
    if compact.startswith("00"):
        compact = f"+{compact[2:]}"
    tries = (compact, f"+{compact}") if re.fullmatch(r"86\d{10,12}", compact) else (compact,)
    for one in tries:
        try:
            number = phonenumbers.parse(one, _HOME_REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) or _looks_mobile(number):
            return number
    return None


def _looks_mobile(number: PhoneNumber) -> bool:
    """A Chinese mobile number of a range that the library does not list yet."""
    return number.country_code == _HOME_CODE and bool(re.fullmatch(r"1\d{10}", str(number.national_number)))
