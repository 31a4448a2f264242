"""A raw dataset made into fideslang's own model; what fideslang refuses is told, cut out, and the rest goes on."""

from typing import Any

from fideslang.models import Dataset
from fideslang.validation import DATA_TYPE_NAMES
from pydantic import ValidationError

from privacy_center.datamap.finding import Place, did_you_mean
from privacy_center.datamap.spelling import meta_of, text_of
from privacy_center.datamap.vocabulary import OLD_META

MAX_ROUNDS = 60
_TAKES_ITS_ITEM_WITH_IT = frozenset({"name", "fides_key", "dataset", "field", "strategy"})
Location = tuple[int | str, ...]


def read_shape(raw: dict[Any, Any], place: Place) -> Dataset | None:
    """The dataset as fideslang reads it. Refused parts are findings, all at once; None where nothing can be kept."""
    raw = _own_copy(raw)
    for _ in range(MAX_ROUNDS):
        try:
            return Dataset.model_validate(raw)
        except ValidationError as refused:
            errors = refused.errors(include_url=False, include_context=False)
        parts: set[Location] = set()
        for error in errors:
            part = _part_to_cut(raw, error["loc"])
            if part not in parts:
                parts.add(part)
                _tell(raw, error["loc"], error["type"], error["msg"], place)
        if () in parts:
            return None
        for part in sorted(parts, key=_from_the_end):
            _cut(raw, part)
    return None


def _own_copy(value: Any) -> Any:
    """A copy to cut from, without sharing inside. Keys that are no text are left out: they are told as unknown keys."""
    if isinstance(value, dict):
        return {key: _own_copy(inner) for key, inner in value.items() if isinstance(key, str)}
    return [_own_copy(inner) for inner in value] if isinstance(value, list) else value


def _part_to_cut(raw: Any, location: Location) -> Location:
    """The smallest part that can go so that the rest stands; empty where that is the whole dataset."""
    for length in range(len(location), 0, -1):
        holder, last = value_at(raw, location[: length - 1]), location[length - 1]
        if isinstance(holder, list) and isinstance(last, int) and last < len(holder):
            return location[:length]
        if isinstance(holder, dict) and last not in _TAKES_ITS_ITEM_WITH_IT:
            there = last in holder or (last == "fides_meta" and OLD_META in holder)
            if there or last == "fields" or (last == "collections" and holder.get(last) != []):
                return location[:length]
    return ()


def _from_the_end(location: Location) -> tuple[Any, ...]:
    """Sorts parts so that cutting one leaves the indexes of those still to be cut right."""
    return tuple((0, -part) if isinstance(part, int) else (1, part) for part in location)


def _cut(raw: Any, part: Location) -> None:
    holder, last = value_at(raw, part[:-1]), part[-1]
    if isinstance(holder, list) and isinstance(last, int) and last < len(holder):
        del holder[last]
    elif isinstance(holder, dict) and last in ("fields", "collections"):
        holder[last] = []
    elif isinstance(holder, dict):
        holder.pop(last, None)
        if last == "fides_meta":
            holder.pop(OLD_META, None)


def value_at(raw: Any, location: Location) -> Any:
    """What stands at a location of a raw structure, None where nothing does."""
    for part in location:
        if isinstance(raw, dict):
            raw = meta_of(raw) if part == "fides_meta" else raw.get(part)
        elif isinstance(raw, list) and isinstance(part, int) and part < len(raw):
            raw = raw[part]
        else:
            return None
    return raw


def _place_of(raw: Any, location: Location, place: Place) -> Place:
    """The place that a location stands for, by the names found on the way to it."""
    collection, fields = "", []
    for index in range(1, len(location)):
        before, part = location[index - 1], location[index]
        value = value_at(raw, location[: index + 1])
        if isinstance(part, int) and before in ("collections", "fields"):
            name = (text_of(value.get("name")) if isinstance(value, dict) else "") or f"[{part}]"
            collection = name if before == "collections" else collection
            fields += [name] if before == "fields" else []
    return place.within(collection=collection, field=".".join(fields))


def _tell(raw: Any, location: Location, kind: str, message: str, place: Place) -> None:
    here, value, last = _place_of(raw, location, place), value_at(raw, location), location[-1] if location else ""
    if last == "data_type" and isinstance(value, str):
        _tell_data_type(value, here)
    elif kind == "missing":
        here.error(f"缺少 {last}。请补上。", f"{last} is missing. Add it.")
    elif kind == "string_type" and isinstance(value, bool | int | float):
        here.error(
            f"{last} 应是文字，YAML 却读成了 {value!r}。请加引号。",
            f"{last} should be text, but YAML reads it as {value!r}. Put it in quotes.",
        )
    else:
        said = message.removeprefix("Value error, ").rstrip(".")
        what = ".".join(part for part in location if isinstance(part, str)) or "dataset"
        here.error(f"{what} 不对：{said}。请改正。", f"{what} is wrong: {said}. Correct it.")


def _tell_data_type(value: str, place: Place) -> None:
    names, hint = ", ".join(sorted(DATA_TYPE_NAMES)), did_you_mean(value.removesuffix("[]"), DATA_TYPE_NAMES)
    place.error(
        f"不认识数据类型 {value}。可以用：{names}，列表在后面加 []。{hint.zh}",
        f"The data type {value} is not known. Use one of {names}, with [] behind it for a list.{hint.en}",
    )
