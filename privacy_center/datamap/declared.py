"""What a company declares of a collection that no search looks into: out of scope, or a copy of other collections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from privacy_center.datamap.finding import Place
from privacy_center.datamap.spelling import meta_of, text_of
from privacy_center.errors import Words

OUT_OF_SCOPE, COPY_OF = "out_of_scope", "copy_of"
LANGUAGES = frozenset({"zh-CN", "en"})


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """A named person's word that requests need not look into a collection, with the day and the reason."""

    by: str
    on: date
    reason: Words


def read_out_of_scope(collection: Mapping[Any, Any]) -> OutOfScope | None:
    """The declaration of a raw collection; None where there is none, or one that is not complete."""
    declared = _declared(collection, OUT_OF_SCOPE)
    if not isinstance(declared, dict) or any(_wrong_parts(declared)):
        return None
    return OutOfScope(text_of(declared["by"]).strip(), _day(declared), Words.read(declared["reason"]))


def read_copy_of(collection: Mapping[Any, Any]) -> tuple[str, ...]:
    """The collections (`dataset.name`) whose values a raw collection repeats."""
    declared = _declared(collection, COPY_OF)
    named = declared if isinstance(declared, list) else [declared]
    return tuple(one for one in named if isinstance(one, str) and one)


def check_declarations(collection: Mapping[Any, Any], place: Place) -> None:
    """Finds a declaration that does not say who, when and why, and a `copy_of` that is no list of collections."""
    declared = _declared(collection, OUT_OF_SCOPE)
    if declared is not None:
        wrong = sorted(_wrong_parts(declared)) if isinstance(declared, dict) else ["by", "on", "reason"]
        if wrong:
            place.error(
                f"out_of_scope 要写明 by（谁）、on（哪天，如 2026-11-30）和 reason（中英文理由），现在不对的是：{'、'.join(wrong)}。"
                "没写全就不算数。",
                "out_of_scope names by (who), on (the day, as 2026-11-30) and reason (in both languages); not right here: "
                f"{', '.join(wrong)}. Until it is whole it does not count.",
            )
    copied = _declared(collection, COPY_OF)
    if copied is not None and not read_copy_of(collection):
        place.error(
            "copy_of 要写成被复制的集合，例如 [shop.customer]。请改正。",
            "copy_of names the collections that are copied, as [shop.customer]. Correct it.",
        )


def _declared(collection: Mapping[Any, Any], key: str) -> Any:
    meta = meta_of(dict(collection))
    return meta.get(key) if isinstance(meta, dict) else None


def _wrong_parts(declared: Mapping[Any, Any]) -> set[str]:
    wrong = {"by"} if not text_of(declared.get("by")).strip() else set()
    wrong |= {"on"} if _day(declared) is None else set()
    reason = declared.get("reason")
    said = (
        [reason]
        if isinstance(reason, str)
        else [reason.get(one) for one in LANGUAGES]
        if isinstance(reason, dict)
        else []
    )
    wrong |= {"reason"} if not said or not all(isinstance(one, str) and one.strip() for one in said) else set()
    return wrong | {str(key) for key in declared if key not in ("by", "on", True, "reason")}


def _day(declared: Mapping[Any, Any]) -> Any:
    """The day. YAML reads the bare key `on` as "true"."""
    day = declared.get("on", declared.get(True))
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day) if isinstance(day, str) else None
    except ValueError:
        return None
