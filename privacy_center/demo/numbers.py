"""Numbers that look as real ones do and belong to nobody: resident IDs, bank cards, mobile numbers."""

from datetime import date
from random import Random

UNASSIGNED_AREA = "310199"
"""No district has this code (GB/T 2260), so no resident has such a number."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def resident_id(born: date, order: int, area: str = UNASSIGNED_AREA) -> str:
    """An 18-character resident ID with its check digit (GB 11643-1999); `order` 0 to 999, odd for men."""
    body = f"{area}{born:%Y%m%d}{order:03d}"
    return body + _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def card_number(random: Random, tail: str = "") -> str:
    """A 19-digit bank card number with a right Luhn digit, ending in `tail` where one is given."""
    while True:
        number = "622299" + "".join(random.choices("0123456789", k=13 - len(tail))) + tail
        if luhn_holds(number):
            return number


def luhn_holds(number: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def in_crm_spelling(mobile: str, order: int) -> str:
    """A mobile number in one of the ways in which people typed it into the CRM."""
    forms = ("+86 {0}-{1}-{2}", "{0} {1} {2}", "{0}{1}{2}", "+86{0}{1}{2}", "{0}-{1}-{2}")
    return forms[order % len(forms)].format(mobile[:3], mobile[3:7], mobile[7:])
