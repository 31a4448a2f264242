"""How a value is shown to a person who may know that it is there, but not read all of it."""

import re
from collections.abc import Callable

STARS = "****"


def mask_for_display(value: object, mask: str) -> str:
    """The value as it may be shown: `张**`, `138****1234`, `z***@x.com`, `6222 **** **** 1234`.

    Any value of any type is taken; None and nothing give an empty text. A value that does not look as its mask expects is
    hidden more, never less; a mask that nobody knows hides everything.
    """
    if value is None or value == "":
        return ""
    try:
        text = value if isinstance(value, str) else str(value)
    except Exception:
        return STARS
    return _MASKS.get(mask, _full)(text.strip())


def _full(text: str) -> str:
    return STARS if text else ""


def _plain(text: str) -> str:
    return text


def _name(text: str) -> str:
    """The family name stays for a Chinese name (one sign, two for a double surname), one letter for others."""
    if not text:
        return ""
    if _is_han(text[0]):
        shown = text[:2] if len(text) > 2 and text[:2] in DOUBLE_SURNAMES else text[:1]
        return shown + "*" * min(max(len(text) - len(shown), 1), 2)
    return text[0] + "***"


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) == 13 and digits.startswith("861"):
        return f"+86 {digits[2:5]}****{digits[-4:]}"
    return f"{STARS}{digits[-4:]}" if len(digits) >= 8 else _full(text)


def _email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    return f"{local[:1]}***@{domain}" if at and local and domain else _text(text)


def _card(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if 12 <= len(digits) <= 19:
        return f"{digits[:4]} **** **** {digits[-4:]}"
    return f"{STARS} {digits[-4:]}" if len(digits) >= 8 else _full(text)


def _resident_id(text: str) -> str:
    return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}" if len(text) >= 15 else _text(text)


def _address(text: str) -> str:
    return f"{text[:6]}{STARS}" if len(text) > 6 else f"{text[:2]}{STARS}" if len(text) > 2 else _full(text)


def _ip(text: str) -> str:
    if re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}(/\d+)?", text):
        return ".".join([*text.split(".")[:2], "*", "*"])
    if ":" in text:
        return ":".join([*text.split(":")[:2], STARS])
    return _full(text)


def _text(text: str) -> str:
    """A first sign as a help to memory, and for longer texts two; the rest is hidden."""
    return f"{text[: 2 if len(text) > 8 else 1]}{STARS}" if len(text) > 3 else _full(text)


def _is_han(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or "\U00020000" <= sign <= "\U0003ffff"


_SAID = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 "
    "钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 "
    "呼延 东郭 南门 羊舌 微生 左丘 西门 第五"
)
DOUBLE_SURNAMES = frozenset(_SAID.split())

_MASKS: dict[str, Callable[[str], str]] = {
    "none": _plain,
    "name": _name,
    "phone": _phone,
    "email": _email,
    "card": _card,
    "resident_id": _resident_id,
    "address": _address,
    "ip": _ip,
    "text": _text,
    "full": _full,
}
MASKS = frozenset(_MASKS)
