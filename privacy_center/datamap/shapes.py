"""What a value looks like: phone, e-mail, resident ID, bank card, address, IP. Nothing of a value is kept."""

import ipaddress
import re
from collections.abc import Callable, Iterable
from typing import Any

# GB 11643-1999: weights and check signs of the 18-digit citizen identity number (ISO 7064 MOD 11-2).
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_SIGNS = "10X98765432"

_MOBILE = re.compile(r"(?:\+?86|0086)?1[3-9]\d{9}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_RESIDENT_ID = re.compile(r"\d{6}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_ADDRESS_ZH = re.compile(r"(省|市|自治区|区|县|镇|乡|村).*(路|街|道|巷|弄|里|村|号|室|栋|幢|单元|大厦|小区)")
_ADDRESS_EN = re.compile(r"\d+.*\b(road|rd|street|st|avenue|ave|lane|drive|boulevard|blvd)\b", re.IGNORECASE)

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安"
)

ENOUGH_VALUES = 3
ENOUGH_SHARE = 0.8


def is_mobile(text: str) -> bool:
    """A mainland mobile number: 11 digits from 13 to 19, with or without +86, spaces and hyphens."""
    return bool(_MOBILE.fullmatch(re.sub(r"[\s()-]", "", text)))


def is_email(text: str) -> bool:
    return len(text) <= 254 and bool(_EMAIL.fullmatch(text))


def is_resident_id(text: str) -> bool:
    """An 18-digit resident identity number whose check sign is right (GB 11643-1999)."""
    text = text.upper()
    if not _RESIDENT_ID.fullmatch(text) or not text.isascii():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return _ID_SIGNS[total % 11] == text[-1]


def is_bank_card(text: str) -> bool:
    """A card number of 15 to 19 digits that passes the Luhn check (ISO/IEC 7812-1)."""
    digits = re.sub(r"[\s-]", "", text)
    if not (15 <= len(digits) <= 19 and digits.isascii() and digits.isdigit()) or len(set(digits)) == 1:
        return False
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def is_address(text: str) -> bool:
    return 6 <= len(text) <= 300 and bool(_ADDRESS_ZH.search(text) or _ADDRESS_EN.search(text))


def is_han_name(text: str) -> bool:
    """A Chinese personal name by its form: one of the hundred most usual family names, then one or two signs."""
    return 2 <= len(text) <= 3 and text[0] in _SURNAMES and all("\u4e00" <= sign <= "\u9fff" for sign in text)


def is_ip(text: str) -> bool:
    """An IPv4 or IPv6 address, with or without its prefix length."""
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return "." in text or ":" in text


# The strictest first: a resident number may pass the Luhn check by chance, never the other way round.
SHAPES: dict[str, Callable[[str], bool]] = {
    "email": is_email,
    "resident_id": is_resident_id,
    "mobile": is_mobile,
    "ip": is_ip,
    "bank_card": is_bank_card,
    "address": is_address,
    "han_name": is_han_name,
}


def shape_of(values: Iterable[Any]) -> tuple[str | None, bool]:
    """The shape that most sampled values have, and whether it is sure (at least 3 values, at least 4 in 5 of them)."""
    texts = [text for text in (str(value).strip() for value in values if value is not None) if text]
    if not texts:
        return None, False
    counts = dict.fromkeys(SHAPES, 0)
    for text in texts:
        shape = next((name for name, fits in SHAPES.items() if fits(text)), None)
        if shape:
            counts[shape] += 1
    best = max(counts, key=lambda name: counts[name])
    if counts[best] == 0:
        return None, False
    return best, len(set(texts)) >= ENOUGH_VALUES and counts[best] >= ENOUGH_SHARE * len(texts)
