"""What can be said to a person when something cannot be done, in their language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same sentence in Chinese and in English."""

    zh: str
    en: str

    def spoken(self, language: str) -> str:
        """The sentence for a language tag: Chinese for any `zh…`, English for every other."""
        return self.zh if language.lower().startswith("zh") else self.en

    def filled(self, **values: object) -> "Words":
        """The sentence with `{name}` places filled in both languages."""
        return Words(self.zh.format(**values), self.en.format(**values))

    def as_json(self) -> dict[str, str]:
        """The form that rule packs, catalogues and stored rows use: `{"zh-CN": …, "en": …}`."""
        return {"zh-CN": self.zh, "en": self.en}

    @classmethod
    def read(cls, value: "Mapping[str, str] | str | Words | None") -> "Words":
        """Words from `{"zh-CN": …, "en": …}` or from one text for both; a missing language borrows the other."""
        if isinstance(value, Words):
            return value
        if value is None:
            return cls("", "")
        if isinstance(value, str):
            return cls(value, value)
        zh = value.get("zh-CN") or value.get("zh") or value.get("en") or ""
        return cls(zh, value.get("en") or zh)


class Refusal(Exception):
    """Something that will not be done: what is wrong and what to do next, in both languages.

    `status` is the HTTP answer: 422 for a form that needs another look, 409 for a move that is stale or not allowed now,
    404 for what is not the reader's, 429 for too often. `field` names the form field it is about.
    """

    def __init__(self, zh: str, en: str, *, status: int = 409, field: str | None = None) -> None:
        super().__init__(en)
        self.words = Words(zh, en)
        self.status = status
        self.field = field

    def by_field(self) -> dict[str, Words]:
        """What is wrong, by the field that it is about; "" stands for the whole form."""
        return {self.field or "": self.words}


class WrongForm(Refusal):
    """A form with several things wrong (422), so that all can be said at once; `wrong` is in the order of the form."""

    def __init__(self, wrong: Mapping[str, Words]) -> None:
        field, first = next(iter(wrong.items()))
        super().__init__(first.zh, first.en, status=422, field=field)
        self.wrong = dict(wrong)

    def by_field(self) -> dict[str, Words]:
        return self.wrong


def refuse_wrong(wrong: Mapping[str, Words]) -> None:
    """Refuses (422) a form with everything that is wrong in it; nothing happens where nothing is."""
    if wrong:
        raise WrongForm(wrong)


class OutOfDate(Refusal):
    """Somebody else changed the thing first; look at it again before deciding."""


class Misconfigured(Refusal):
    """The home folder says something that cannot be worked with; the sentence names the file and the line or key."""
