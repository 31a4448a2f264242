"""Mainland resident numbers: 18 signs since 1999 (GB 11643), 15 before; one person may stand on file under both."""

import re
from datetime import date

_KIND = re.compile(r"resident|id_?card|id_?no|id_?num|identity|national|government|citizen|^ssn$|证件|身份证")
_LONG = re.compile(r"\d{17}[\dXx]")
_SHORT = re.compile(r"\d{15}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"
_CENTURY = "19"
"""The short form was given up before anybody born in another century had a number."""


def is_resident_kind(kind: str) -> bool:
    """Whether a kind of identity is, by its name, a number on an identity card."""
    return bool(_KIND.search(kind.lower()))


def long_form(text: str) -> str | None:
    """The 18 signs, X as a capital; None for what is no resident number (length, day of birth, check sign)."""
    if _SHORT.fullmatch(text):
        body = f"{text[:6]}{_CENTURY}{text[6:]}"
        return f"{body}{_check_sign(body)}" if _has_birthday(body) else None
    if _LONG.fullmatch(text) and _has_birthday(text) and _check_sign(text[:17]) == text[17].upper():
        return text.upper()
    return None


def short_form(long: str) -> str | None:
    """The 15 digits of the 18 signs; None for who was born when there were none any more."""
    return f"{long[:6]}{long[8:17]}" if long[6:8] == _CENTURY else None


def _check_sign(body: str) -> str:
    return _SIGNS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def _has_birthday(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True
