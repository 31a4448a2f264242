"""Our own words in a Fideslang file, which fideslang itself drops: read from the file's raw form, wrong ones told."""

from collections.abc import Collection as Names
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from privacy_center.datamap.finding import Place, did_you_mean
from privacy_center.datamap.graph import Collection, Field, Reference
from privacy_center.datamap.row_condition import RowCondition, fields_in, read_condition
from privacy_center.datamap.spelling import dicts_in, meta_of, walk_fields
from privacy_center.errors import Words

CHOICES = {
    "identity_role": ("own", "mention"),
    "identity_format": ("value", "mailbox", "list"),
    "about": ("person", "thing"),
}


def with_own_keys(one: Collection, raw: Mapping[Any, Any], place: Place) -> Collection:
    """The collection with what the file says in our own words. A reference or identity whose condition cannot be read is left
    out, since without it others' rows would be reached.
    """
    metas = {path: meta_of(each) for path, each in walk_fields(raw.get("fields"))}
    fields = {
        path: _field(each, metas[path], _Reader(place.within(field=path), one.fields))
        if isinstance(metas.get(path), dict)
        else each
        for path, each in one.fields.items()
    }
    meta = meta_of(dict(raw))
    if not isinstance(meta, dict):
        return replace(one, fields=fields)
    reader = _Reader(place, one.fields)
    return replace(
        one,
        fields=fields,
        record=reader.names("record", meta),
        about=reader.choice("about", meta),
        known_triggers=frozenset(reader.texts("known_triggers", meta)),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    place: Place
    fields: Names[str]

    def choice(self, key: str, meta: Mapping[Any, Any]) -> Any:
        """One of the words that the key takes; None where it is not written, or wrong."""
        if meta.get(key) is None or meta[key] in CHOICES[key]:
            return meta.get(key)
        words = " / ".join(CHOICES[key])
        self.place.error(f"{key} 只能写 {words}。请改正。", f"{key} takes only {words}. Correct it.")
        return None

    def names(self, key: str, meta: Mapping[Any, Any]) -> tuple[str, ...]:
        """The fields of this collection that the key lists; none where one of them is not there."""
        written = meta.get(key)
        if written is None:
            return ()
        listed = [written] if isinstance(written, str) else written
        if not isinstance(listed, list) or not listed or not all(isinstance(name, str) for name in listed):
            self.place.error(f"{key} 要写字段名的列表。请改正。", f"{key} takes a list of fields. Correct it.")
            return ()
        return tuple(listed) if all([self._is_there(name, key) for name in listed]) else ()

    def texts(self, key: str, meta: Mapping[Any, Any]) -> tuple[str, ...]:
        """The names that the key lists; none where it is not written, or wrong."""
        listed = meta.get(key)
        if listed is None or (isinstance(listed, list) and all(isinstance(name, str) for name in listed)):
            return tuple(listed or ())
        self.place.error(f"{key} 要写名称的列表。请改正。", f"{key} takes a list of names. Correct it.")
        return ()

    def condition(self, key: str, meta: Mapping[Any, Any]) -> RowCondition | None:
        """The condition under the key; None where it cannot be read."""
        return condition_on(self.fields, meta[key], self.place, key, Words(f"{key}：", f"{key}: "))

    def truth(self, key: str, meta: Mapping[Any, Any]) -> bool:
        """A yes or no; no where it is not written, or wrong."""
        written = meta.get(key)
        if written is not None and not isinstance(written, bool):
            self.place.error(f"{key} 只能写 true 或 false。请改正。", f"{key} takes only true or false. Correct it.")
        return written is True

    def _is_there(self, name: str, key: str) -> bool:
        return is_field(self.fields, name, self.place, key)


def condition_on(fields: Names[str], written: Any, place: Place, key: str, lead: Words) -> RowCondition | None:
    """The condition on fields of a collection that stands under a key. None, and an error that begins with `lead`, where it
    cannot be read; None, and an error for each, where fields are not there.
    """

    def report(words: Words) -> None:
        place.error(f"{lead.zh}{words.zh}", f"{lead.en}{words.en}")

    read = read_condition(written, report)
    if read is None or not all([is_field(fields, name, place, key) for name in fields_in(read)]):
        return None
    return read


def is_field(fields: Names[str], name: Any, place: Place, key: str) -> bool:
    """Whether a collection has the field that a key names; an error where it has not."""
    if isinstance(name, str) and name in fields:
        return True
    hint = did_you_mean(name, fields)
    place.error(
        f"{key} 用到字段 {name}，地图的这个集合里没有它。请把它加进地图，或改正。{hint.zh}",
        f"{key} reads the field {name}, which this collection of the map does not have. Add it, or correct it.{hint.en}",
    )
    return False


def _field(one: Field, meta: dict[Any, Any], reader: _Reader) -> Field:
    changed = replace(
        one,
        identity_role=reader.choice("identity_role", meta) or one.identity_role,
        identity_format=reader.choice("identity_format", meta) or "value",
        references=_references(one.references, dicts_in(meta.get("references")), reader),
    )
    if meta.get("identity_when") is None:
        return changed
    condition = reader.condition("identity_when", meta)
    return replace(changed, identity_when=condition, identity=one.identity if condition else None)


def _references(read: tuple[Reference, ...], raw: list[dict[Any, Any]], reader: _Reader) -> tuple[Reference, ...]:
    """What fideslang read, each with our words from the entry of the file that it was read from."""
    waiting, kept = list(raw), []
    for one in read:
        entry = next((each for each in waiting if _is_entry_of(one, each)), None)
        if entry is None:
            kept.append(one)
            continue
        waiting.remove(entry)
        condition = reader.condition("when", entry) if entry.get("when") is not None else None
        if condition is not None or entry.get("when") is None:
            kept.append(replace(one, when=condition, identifies=reader.truth("identifies", entry)))
    return tuple(kept)


def _is_entry_of(one: Reference, entry: Mapping[Any, Any]) -> bool:
    named = f"{entry.get('dataset')}.{entry.get('field')}" == f"{one.collection}.{one.field}"
    return named and (entry.get("direction") or None) == one.direction
