"""Reference numbers: random, never in order, easy to read out, with a sign that catches a slip."""

import secrets

from privacy_center.errors import Refusal

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
PREFIX = "PC"
RANDOM_SIGNS = 11  # 55 bits; the twelfth sign checks the others
LOOKALIKES = str.maketrans("OIL", "011")


def new_reference() -> str:
    """A fresh reference number such as PC-7K3M-9QXD-2F4T."""
    signs = "".join(secrets.choice(LETTERS) for _ in range(RANDOM_SIGNS))
    return _grouped(signs + _check_sign(signs))


def read_reference(typed: str) -> str:
    """The reference number as it is kept, from what somebody typed or read out (case, blanks, O for 0 do not matter).

    Refuses (422) what can be none, naming the likely slip. It says nothing on whether the request exists.
    """
    signs = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(LOOKALIKES)
    if len(signs) == RANDOM_SIGNS + 1 + len(PREFIX) and signs.startswith(PREFIX):
        signs = signs[len(PREFIX) :]
    known = len(signs) == RANDOM_SIGNS + 1 and all(sign in LETTERS for sign in signs)
    if not known or _check_sign(signs[:-1]) != signs[-1]:
        raise Refusal(
            "编号对不上，可能输错了一位。请照回执再核对一次，如 PC-7K3M-9QXD-2F4T。",
            "This is no reference number; one sign may be wrong. Compare it with your receipt, like PC-7K3M-9QXD-2F4T.",
            status=422,
            field="reference",
        )
    return _grouped(signs)


def _grouped(signs: str) -> str:
    return "-".join((PREFIX, signs[:4], signs[4:8], signs[8:]))


def _check_sign(signs: str) -> str:
    """Luhn's check over base 32: any one wrong sign and nearly every swap of neighbours is caught."""
    total = 0
    for place, sign in enumerate(reversed(signs)):
        value = LETTERS.index(sign) * (2 if place % 2 == 0 else 1)
        total += value // len(LETTERS) + value % len(LETTERS)
    return LETTERS[-total % len(LETTERS)]
