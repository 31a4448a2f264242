"""One look as another system sends it: read strictly, field by field, with the fault named."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from privacy_center.audit.look import CODE
from privacy_center.audit.purposes import ACTS, CHANNELS
from privacy_center.errors import Words
from privacy_center.people.contact import normal_value

ID = re.compile(r"[A-Za-z0-9._:-]{1,80}")
NUMBER = re.compile(r"[\w.@-]{1,40}")
CATEGORY = re.compile(r"(user|system)(\.[a-z0-9_]{1,40}){0,6}")
KIND = re.compile(r"[a-z][a-z_]{0,39}")
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""Control signs and lone surrogates, which JSON can carry but no database keeps."""
REGION = re.compile(r"[A-Za-z0-9-]{1,16}")
CASE = re.compile(r"[A-Za-z0-9._/#-]{1,32}")
FIELDS = {"id", "at", "operator", "subject", "act", "data", "purpose", "case", "channel", "content"}
FIELDS |= {"records", "operator_region", "subject_region"}
MOST_CONTENT = 4_000
AHEAD = timedelta(minutes=5)


class WrongEntry(Exception):
    """An entry that cannot be taken: the field, and what is wrong with it."""

    def __init__(self, field: str, words: Words) -> None:
        super().__init__(field)
        self.field, self.words = field, words


@dataclass(frozen=True, slots=True)
class SentLook:
    """One look, sound. `subject`: kind and value of an identity, or None; `records`: how many records it touched."""

    id: str
    at: datetime
    number: str
    role: str
    department: str
    subject: tuple[str, str] | None
    act: str
    data: tuple[str, ...]
    purpose: str
    case: str | None
    channel: str
    content: Mapping[str, Any] | None
    records: int
    regions: tuple[str, str]


def read_entry(told: Any, now: datetime, oldest: datetime) -> SentLook:
    """The look in a JSON object; refuses (`WrongEntry`) the first field that is missing, unknown, too long or no code."""
    if not isinstance(told, dict):
        raise WrongEntry("", _NO_OBJECT)
    for name in told:
        if name not in FIELDS:
            raise WrongEntry(str(name)[:60], _UNKNOWN)
    operator = told.get("operator")
    if not isinstance(operator, dict) or not operator.keys() <= {"number", "role", "department"}:
        raise WrongEntry("operator", _OPERATOR)
    act = _coded(told, "act", re.compile("|".join(one.removeprefix("data.") for one in ACTS)), default="look")
    subject = _subject(told.get("subject"))
    return SentLook(
        id=_coded(told, "id", ID),
        at=_moment(told.get("at"), now, oldest),
        number=_coded(operator, "number", NUMBER, name="operator.number"),
        role=_coded(operator, "role", CODE, name="operator.role", default=""),
        department=_text(operator.get("department", ""), "operator.department", 80),
        subject=subject,
        act=f"data.{act}",
        data=_categories(told.get("data")),
        purpose=_coded(told, "purpose", CODE),
        case=_coded(told, "case", CASE, default="") or None,
        channel=_coded(told, "channel", re.compile("|".join(CHANNELS)), default="app"),
        content=_content(told.get("content"), subject),
        records=_count(told.get("records", 1)),
        regions=(
            _coded(told, "operator_region", REGION, default=""),
            _coded(told, "subject_region", REGION, default=""),
        ),
    )


def _coded(
    told: Mapping[str, Any], key: str, pattern: re.Pattern[str], *, name: str = "", default: str | None = None
) -> str:
    value = told.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise WrongEntry(name or key, _NO_CODE)
    return value


def _text(value: Any, name: str, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or CONTROL.search(value):
        raise WrongEntry(name, _TOO_LONG.filled(longest=longest))
    return value


def _moment(value: Any, now: datetime, oldest: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise WrongEntry("at", _NO_MOMENT) from None
    if at.tzinfo is None:
        raise WrongEntry("at", _NO_MOMENT)
    if not oldest <= at <= now + AHEAD:
        raise WrongEntry("at", _OUT_OF_TIME)
    return at


def _subject(value: Any) -> tuple[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != {"kind", "value"}:
        raise WrongEntry("subject", _SUBJECT)
    said = _text(value["value"], "subject.value", 200).strip()
    if not said:
        raise WrongEntry("subject.value", _SUBJECT)
    return _coded(value, "kind", KIND, name="subject.kind"), said


def _categories(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= 50:
        raise WrongEntry("data", _CATEGORIES)
    if not all(isinstance(one, str) and CATEGORY.fullmatch(one) for one in value):
        raise WrongEntry("data", _CATEGORIES)
    return tuple(value)


def _content(value: Any, subject: tuple[str, str] | None) -> dict[str, str] | None:
    if value is None:
        return None
    texts = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    texts = texts and not any(CONTROL.search(said.replace("\n", "")) for pair in value.items() for said in pair)
    if not texts or sum(len(key) + len(one) for key, one in value.items()) > MOST_CONTENT:
        raise WrongEntry("content", _CONTENT.filled(longest=MOST_CONTENT))
    if subject is None:
        raise WrongEntry("content", _WHOSE)
    signs = {_folded(subject[1]), _folded(normal_value(*subject))}
    if any(sign in _folded(said) for sign in signs for pair in value.items() for said in pair):
        raise WrongEntry("content", _NOT_MASKED)
    return value


def _folded(text: str) -> str:
    """A text as it is compared with a number: however that is cut up, and in capitals or small letters."""
    return re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text)).casefold()


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 10**12:
        raise WrongEntry("records", _COUNT)
    return value


_NO_OBJECT = Words("每条记录应是一个 JSON 对象", "Each entry must be a JSON object")
_UNKNOWN = Words("没有这个字段", "There is no such field")
_OPERATOR = Words(
    "写明 operator：{{number, role, department}}，number 必填",
    "Give operator as {{number, role, department}}; number is needed",
).filled()
_NO_CODE = Words("缺少，或不是这里可用的代码", "It is missing, or no code that can be used here")
_TOO_LONG = Words("应是一行文字，最多 {longest} 字", "It must be one line of text, at most {longest} characters")
_NO_MOMENT = Words(
    "写成带时区的时间，如 2026-11-21T10:00:00+08:00", "Write a moment with its zone, such as 2026-11-21T10:00:00+08:00"
)
_OUT_OF_TIME = Words("时间在将来，或早于日志保存期", "It lies in the future, or before the time that the log covers")
_SUBJECT = Words("写明 subject：{{kind, value}}，或不写", "Give subject as {{kind, value}}, or leave it out").filled()
_CATEGORIES = Words("写 1 到 50 个数据类别代码，如 user.contact", "Give 1 to 50 data categories, such as user.contact")
_CONTENT = Words(
    "应是“名称: 已遮盖的文字”，合计最多 {longest} 字", "It must map names to masked texts, {longest} characters in all"
)
_WHOSE = Words("有 content 就要写明 subject", "Content needs its subject")
_NOT_MASKED = Words("含有未遮盖的身份信息。请先遮盖再发送", "It holds an identity in plain. Mask it before sending")
_COUNT = Words("应是 0 或正整数", "It must be zero or a positive whole number")
