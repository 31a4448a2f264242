"""Words in rule packs, and what is wrong with a pack, said in both languages."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, InstanceOf
from pydantic_core import PydanticCustomError

from privacy_center.errors import Words

LANGUAGES = ("zh-CN", "zh", "en")


def said_wrong(zh: str, en: str) -> PydanticCustomError:
    """The error to raise while a pack is read; its sentence reaches the reader in both languages."""
    return PydanticCustomError("words", "{en}", {"zh": zh, "en": en})


def read_words(value: Any) -> Words:
    """`{zh-CN: …, en: …}` or one text for both. Refuses other languages, which nobody would see."""
    if isinstance(value, Mapping):
        unknown = [str(key) for key in value if key not in LANGUAGES]
        if unknown or not all(isinstance(text, str) for text in value.values()):
            raise said_wrong(
                f"这里写 {{zh-CN: …, en: …}}，不能写 {', '.join(unknown) or '别的类型'}。",
                f"Write {{zh-CN: …, en: …}} here, not {', '.join(unknown) or 'another type'}.",
            )
    elif not isinstance(value, str | Words):
        raise said_wrong("这里要写一句话，或 {zh-CN: …, en: …}。", "Write a sentence here, or {zh-CN: …, en: …}.")
    words = Words.read(value)
    if not words.zh.strip():
        raise said_wrong("这里不能是空的。", "This cannot be empty.")
    return words


Spoken = Annotated[InstanceOf[Words], BeforeValidator(read_words)]
