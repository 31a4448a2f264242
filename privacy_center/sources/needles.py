"""Identifiers of many people, ready to be found in any text: as whole values and inside longer ones."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from privacy_center.sources.identities import PHONE, kind_of, normalise_identity, spellings

Identifiers = Mapping[str, Iterable[str]]
"""Identity kind → the person's values of that kind."""

Found = tuple[str, str]
"""(person, kind)."""

SHORTEST_IN_TEXT = 5
"""Characters: a shorter identifier is looked for only as a whole value, or every house number would be somebody."""

DISTINCT_DIGITS = 11
"""Digits from which a bare number (mobile, resident ID, card) is somebody's wherever it stands."""

NAMES = frozenset({"name", "full_name", "first_name", "last_name", "given_name", "family_name"})
"""Kinds that identify nobody: a thousand people are called 张伟."""

_DIGITS = re.compile(r"[0-9]+")
_TOKENS = re.compile(r"[0-9a-z]+")
_BETWEEN_DIGITS = re.compile(r"[ \-().]{1,2}")
_JOINS_BEFORE = frozenset("._%+-@")
_JOINS_AFTER = re.compile(r"[0-9a-z]|[.\-_@][0-9a-z]")


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str
    found: Found


class Needles:
    """Every identifier of the given people (token → identifiers), indexed so that a text is read once for all of them."""

    def __init__(self, people: Mapping[str, Identifiers]) -> None:
        self._whole: dict[str, set[Found]] = {}
        self._weak: dict[str, set[Found]] = {}
        self._typed: dict[str, set[str]] = {}
        self._digits: dict[str, set[Found]] = {}
        self._literals: dict[str, list[_Literal]] = {}
        self._odd: list[_Literal] = []
        self._longest = 0
        self._shortest = 1000
        for person, identifiers in people.items():
            for kind, values in identifiers.items():
                for value in values if kind_of(kind) not in NAMES else ():
                    self._add(person, kind_of(kind), value)

    def __len__(self) -> int:
        return len(self._whole) + len(self._weak)

    def whole_values(self, kind: str | None) -> list[str]:
        """What an indexed column is asked for: spellings as databases hold them, in lower case and as they were given.
        `kind`: the identity the column carries.

        A number of fewer than eleven digits, and anything shorter than five characters, only in a column of its own kind.
        """
        weak = [text for text, found in self._weak.items() if kind and any(one[1] == kind_of(kind) for one in found)]
        return list(
            dict.fromkeys(form for text in (*self._whole, *weak) for form in (text, *sorted(self._typed[text])))
        )

    def in_value(self, value: Any, kind: str | None = None) -> set[Found]:
        """Whose identifiers are in a value of a column (text, or a JSON document or list of them, keys aside)."""
        found: set[Found] = set()
        for text in _texts(value):
            found |= self._in_text(text, kind)
            if "%" in text:
                found |= self._in_text(unquote(text), kind)
        return found

    def _in_text(self, raw: str, kind: str | None) -> set[Found]:
        text = (raw if raw.isascii() else unicodedata.normalize("NFKC", raw)).strip().lower()
        found = set(self._whole.get(text, ()))
        if kind and (weak := self._weak.get(text)):
            found |= {one for one in weak if one[1] == kind_of(kind)}
        if self._digits:
            found |= self._by_digits(text)
        if self._literals:
            found |= self._by_tokens(text)
        return found | {one.found for one in self._odd if one.text in text}

    def _add(self, person: str, kind: str, value: str) -> None:
        found = (person, kind)
        normal = normalise_identity(kind, value).lower()
        if not normal:
            return
        typed = spellings(kind, value)
        forms = {form.lower() for form in typed} | {normal}
        strong = kind == PHONE or len(normal) >= DISTINCT_DIGITS or not normal.isdecimal()
        for form in forms:
            shelf = self._whole if strong and len(form) >= SHORTEST_IN_TEXT else self._weak
            shelf.setdefault(form, set()).add(found)
            self._typed.setdefault(form, set()).update(one for one in typed if one.lower() == form)
        if len(normal) >= SHORTEST_IN_TEXT:
            self._add_to_text(kind, normal, forms, found)

    def _add_to_text(self, kind: str, normal: str, forms: Iterable[str], found: Found) -> None:
        if kind == PHONE or normal.isdecimal():
            for bare in {"".join(_DIGITS.findall(form)) for form in forms}:
                self._digits.setdefault(bare, set()).add(found)
                self._longest = max(self._longest, len(bare))
                self._shortest = min(self._shortest, len(bare))
        elif normal.isascii() and (first := _TOKENS.search(normal)):
            self._literals.setdefault(first[0], []).append(_Literal(normal[first.start() :], found))
        else:
            self._odd.append(_Literal(normal, found))

    def _by_digits(self, text: str) -> set[Found]:
        """Numbers written in one piece or in groups (`138 0013 8000`), never a part of a longer number.

        A number of fewer than eleven digits does not count where it is the whole value: that is some other number.
        """
        found: set[Found] = set()
        if sum(map(len, _DIGITS.findall(text))) < self._shortest:
            return found
        groups = [match.span() for match in _DIGITS.finditer(text)]
        for place in range(len(groups)):
            for joined in _joined(text, groups, place, self._longest):
                if joined in self._digits and (joined != text or len(joined) >= DISTINCT_DIGITS):
                    found |= self._digits[joined]
        return found

    def _by_tokens(self, text: str) -> set[Found]:
        found: set[Found] = set()
        if self._literals.keys().isdisjoint(_TOKENS.findall(text)):
            return found
        for match in _TOKENS.finditer(text):
            for literal in self._literals.get(match[0], ()):
                if _stands_alone(text, match.start(), literal.text):
                    found.add(literal.found)
        return found


def _joined(text: str, groups: list[tuple[int, int]], place: int, longest: int) -> Iterator[str]:
    """The digits of a group, then with the next groups added as long as only blanks and dashes are between."""
    start, end = groups[place]
    joined = text[start:end]
    yield joined
    for following, ending in groups[place + 1 :]:
        if not _BETWEEN_DIGITS.fullmatch(text, end, following) or len(joined) + ending - following > longest:
            return
        joined += text[following:ending]
        end = ending
        yield joined


def _stands_alone(text: str, start: int, literal: str) -> bool:
    """Whether the literal is here and is not a part of a longer word, number or address."""
    if not text.startswith(literal, start) or (start and text[start - 1] in _JOINS_BEFORE and _joins(text, start)):
        return False
    return not _JOINS_AFTER.match(text, start + len(literal))


def _joins(text: str, start: int) -> bool:
    return start > 1 and text[start - 2].isascii() and text[start - 2].isalnum()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
