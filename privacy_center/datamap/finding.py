"""What a check has to say: where it is, what is wrong, and what to do."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from privacy_center.errors import Words

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. An error means that the map cannot be worked with; a warning, that a person should look.

    `opens`: the product starts in spite of the error, which stops single plans instead.
    """

    level: Level
    file: str
    dataset: str
    collection: str
    field: str
    words: Words
    opens: bool = False

    @property
    def place(self) -> str:
        """Where it is, for a reader: `file: dataset.collection.field`, without the parts that are not known."""
        inside = ".".join(part for part in (self.dataset, self.collection, self.field) if part)
        return ": ".join(part for part in (self.file, inside) if part)

    def spoken(self, language: str) -> str:
        """The finding with its place, as one line in a language."""
        return f"{self.place}: {self.words.spoken(language)}" if self.place else self.words.spoken(language)


@dataclass(slots=True)
class Findings:
    """Findings as they gather."""

    found: list[Finding] = field(default_factory=list)

    def at(self, file: str = "", dataset: str = "", collection: str = "", field: str = "") -> "Place":
        return Place(self, file, dataset, collection, field)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a map at which something can be found wrong."""

    findings: Findings
    file: str = ""
    dataset: str = ""
    collection: str = ""
    field: str = ""

    def within(self, *, dataset: str = "", collection: str = "", field: str = "") -> "Place":
        """The place further in: of a dataset, of a collection, of a field."""
        return replace(
            self,
            dataset=dataset or self.dataset,
            collection=collection or self.collection,
            field=field or self.field,
        )

    def error(self, zh: str, en: str) -> None:
        self._add("error", zh, en)

    def unmet(self, zh: str, en: str) -> None:
        """An error with which the product starts: it stops the plans that it concerns."""
        self._add("error", zh, en, opens=True)

    def warn(self, zh: str, en: str) -> None:
        self._add("warning", zh, en)

    def _add(self, level: Level, zh: str, en: str, *, opens: bool = False) -> None:
        words = Words(zh, en)
        self.findings.found.append(Finding(level, self.file, self.dataset, self.collection, self.field, words, opens))


def did_you_mean(wrong: object, known: Iterable[str], cutoff: float = 0.6) -> Words:
    """A hint with the nearest known word, ready to stand at the end of a sentence; empty where none is near."""
    near = nearest(wrong, known, cutoff)
    return Words(f"是否想写 {near}？", f" Did you mean {near}?") if near else Words("", "")


def nearest(wrong: object, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that is spelled most like `wrong`, if one is near enough."""
    near = difflib.get_close_matches(str(wrong)[:200], sorted(known), n=1, cutoff=cutoff)
    return near[0] if near else None
