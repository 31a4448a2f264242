"""Phone numbers as providers want them."""

import phonenumbers

from privacy_center.outbox.transport import Undeliverable

_TAKE_TEXTS = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


def e164(number: str) -> str:
    """A number as dialled in China (13800138000) or with its country code, as +8613800138000.

    Raises `Undeliverable` for what is no number, and for a line that takes no text messages.
    """
    read = _read(number)
    if phonenumbers.number_type(read) not in _TAKE_TEXTS:
        raise Undeliverable("not-a-mobile-number")
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def callable_e164(number: str) -> str:
    """A number that can be called, in E.164; both providers call within China alone. Raises `Undeliverable` otherwise."""
    read = _read(number)
    if read.country_code != 86:
        raise Undeliverable("not-a-number-in-china")
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def _read(number: str) -> phonenumbers.PhoneNumber:
    try:
        read = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        raise Undeliverable("not-a-number") from None
    if not phonenumbers.is_valid_number(read):
        raise Undeliverable("not-a-number")
    return read
