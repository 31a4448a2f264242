"""Values that look right to the software that reads them, and belong to nobody: phone, e-mail, resident ID, card."""

import base64
import hashlib
from datetime import date, timedelta

PHONE_PREFIX = "154"
"""No operator holds 154: MIIT's numbering plan of 2017 leaves it unassigned, and so do libphonenumber's tables of mobile
ranges. Such a number has the eleven digits of a Chinese mobile and reaches nobody."""

EMAIL_DOMAIN = "masked.invalid"
"""RFC 2606 keeps `.invalid` free for ever: no mail server can be behind it."""

RESIDENT_AREA = "99"
"""No province has the number 99 in GB/T 2260, so no real person's resident ID comes out."""

CARD_PREFIX = "9999"
"""ISO/IEC 7812-1 gives cards with a leading 9 to national bodies, followed by the ISO 3166 country number; 999 is no country."""

_OLDEST_BIRTH = date(1950, 1, 1)
_BIRTH_DAYS = (date(2000, 1, 1) - _OLDEST_BIRTH).days
_ID_WEIGHTS = tuple(2**power % 11 for power in range(17, 0, -1))


class Draw:
    """A repeatable source of numbers and letters: the same seed gives the same ones in the same order."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._drawn = 0

    def bytes(self, size: int) -> bytes:
        """`size` bytes that nobody without the seed can guess."""
        self._drawn += 1
        return hashlib.shake_256(self._seed + self._drawn.to_bytes(4, "big")).digest(size)

    def number(self, below: int) -> int:
        """A whole number from 0 up to, not including, `below`."""
        return int.from_bytes(self.bytes((below.bit_length() + 7) // 8 + 8), "big") % below

    def digits(self, count: int) -> str:
        """`count` decimal digits."""
        return str(self.number(10**count)).zfill(count) if count > 0 else ""

    def letters(self, count: int) -> str:
        """`count` characters of a-z and 2-7."""
        return base64.b32encode(self.bytes(count)).decode("ascii").lower()[:count]


def masked_phone(draw: Draw, length: int | None = None) -> str:
    """Eleven digits in a range without subscribers; cut where the column is shorter."""
    return (PHONE_PREFIX + draw.digits(8))[:length]


def masked_email(draw: Draw, length: int | None = None) -> str:
    """An address in `.invalid`; letters alone where the column cannot hold one (fewer than 16 characters)."""
    tail = f"@{EMAIL_DOMAIN}" if length is None or length >= len(EMAIL_DOMAIN) + 9 else "@x.invalid"
    room = 20 if length is None else min(20, length - len(tail))
    return draw.letters(room) + tail if room >= 6 else draw.letters(min(length or 20, 20))


def masked_resident_id(draw: Draw, length: int | None = None) -> str:
    """Eighteen characters by GB 11643-1999 with a true check digit and a birth date from 1950 to 1999.

    The check digit is never X, so that the number also fits a numeric column. The fifteen digits of before 1999 where the
    column is shorter, bare digits where it is shorter still.
    """
    birth = _OLDEST_BIRTH + timedelta(days=draw.number(_BIRTH_DAYS))
    if length is not None and length < 18:
        return (RESIDENT_AREA + draw.digits(4) + birth.strftime("%y%m%d") + draw.digits(3))[:length]
    while True:
        body = RESIDENT_AREA + draw.digits(4) + birth.strftime("%Y%m%d") + draw.digits(3)
        if (check := resident_check_digit(body)) != "X":
            return body + check


def resident_check_digit(body: str) -> str:
    """The eighteenth character for the first seventeen digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def masked_card(draw: Draw, length: int | None = None) -> str:
    """Sixteen digits (fewer where the column is shorter) that pass the Luhn check and that no bank issues."""
    size = min(length or 16, 16)
    body = (CARD_PREFIX + draw.digits(12))[: size - 1]
    return body + luhn_digit(body)


def luhn_digit(body: str) -> str:
    """The last digit of a card number for the digits before it (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)
