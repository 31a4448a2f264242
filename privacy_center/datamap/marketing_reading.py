"""Reads and checks `marketing_refusal` in a map: unknown fields, conditions that cannot be read, contacts nobody can reach."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from privacy_center.datamap.finding import Place, did_you_mean
from privacy_center.datamap.graph import Collection, DataMap, Field, is_within
from privacy_center.datamap.marketing_refusal import EMAIL, PHONE, MarketingRefusal, channel_name, reaches
from privacy_center.datamap.own_keys import condition_on, is_field
from privacy_center.datamap.spelling import dicts_in, meta_of
from privacy_center.errors import Words

KEY = "marketing_refusal"
PARTS = frozenset({"when", "channel", "contacts", "newest_by"})
_KINDS = {"phone": PHONE, "mobile": PHONE, "e-mail": EMAIL}


def with_marketing_refusals(one: Collection, raw: Mapping[Any, Any], place: Place) -> Collection:
    """The collection with what its file says of marketing refusals; one that is not sound is told and left out."""
    meta = meta_of(dict(raw))
    written = meta.get(KEY) if isinstance(meta, dict) else None
    if written is None:
        return one
    listed = written if isinstance(written, list) else [written]
    if not listed or len(dicts_in(listed)) != len(listed):
        place.error(
            f"{KEY} 要写成 {{when: {{field: 字段, eq: 值}}}}，可加 channel、contacts、newest_by。请改正。",
            f"Write {KEY} as {{when: {{field: name, eq: value}}}}, with channel, contacts and newest_by where needed.",
        )
        return one
    read = [_read(one, each, place) for each in listed]
    return replace(one, marketing_refusals=tuple(each for each in read if each is not None))


def check_marketing_refusals(data_map: DataMap, places: Mapping[str, Place]) -> None:
    """Finds refusals that would reach no contact of the customer: nothing could be remembered of them."""
    for key, one in data_map.collections.items():
        if one.marketing_refusals and one.skip_processing:
            places[key].error(
                f"这个集合写了 skip_processing，{KEY} 不会被读到。请去掉其中一个。",
                f"The collection has skip_processing, so its {KEY} is not read. Remove one of the two.",
            )
        for each in one.marketing_refusals:
            if not any(reaches(each.channel, kind) for kind in _kinds_reached(data_map, one, each)):
                places[key].error(
                    f"{KEY} 找不到任何联系方式，拒绝就记不下来。请用 contacts 写明本表里存邮箱或手机号的字段，或给地图里的邮箱、手机号写上 identity。",
                    f"{KEY} reaches no contact, so nothing could be remembered. Name under contacts the fields of this table that "
                    "hold an e-mail address or phone number, or give those of the map their identity.",
                )


def contact_kind(field: Field) -> str | None:
    """The kind of contact that a field holds: its identity, else what its category says; None where it is no contact."""
    if field.identity:
        return _KINDS.get(field.identity, field.identity)
    for branch, kind in (("user.contact.email", EMAIL), ("user.contact.phone_number", PHONE)):
        if any(is_within(category, branch) for category in field.data_categories):
            return kind
    return None


def _kinds_reached(data_map: DataMap, one: Collection, refusal: MarketingRefusal) -> set[str]:
    if refusal.contacts:
        return {contact_kind(one.fields[path]) or "" for path in refusal.contacts} - {""}
    if one.key not in data_map.reached:
        return set()
    return {_KINDS.get(kind, kind) for kind in data_map.identity_kinds} & {EMAIL, PHONE}


def _read(one: Collection, written: Mapping[Any, Any], place: Place) -> MarketingRefusal | None:
    unknown = [str(key) for key in written if key not in PARTS]
    for key in unknown:
        hint = did_you_mean(key, PARTS)
        place.error(
            f"{KEY} 里不认识 {key}。可以写 {'、'.join(sorted(PARTS))}。{hint.zh}",
            f"{KEY} does not know {key}. It takes {', '.join(sorted(PARTS))}.{hint.en}",
        )
    lead = Words(f"{KEY} 的 when：", f"{KEY}, when: ")
    when = condition_on(one.fields, written.get("when"), place, KEY, lead)
    channel, channel_field = _channel(written.get("channel"), place)
    contacts = written.get("contacts") or []
    contacts = [contacts] if isinstance(contacts, str) else contacts
    newest_by = written.get("newest_by")
    named = [*([channel_field] if channel_field else []), *(contacts if isinstance(contacts, list) else [contacts])]
    named += [newest_by] if newest_by is not None else []
    sound = [is_field(one.fields, name, place, KEY) for name in named]
    if unknown or when is None or channel is None or not all(sound):
        return None
    if not all([_is_contact(one.fields[path], place) for path in contacts]):
        return None
    return MarketingRefusal(when, channel, channel_field, tuple(contacts), newest_by)


def _channel(written: Any, place: Place) -> tuple[str | None, str | None]:
    """The channel and the field that names it; None for a channel that cannot be read."""
    if written is None:
        return "", None
    if isinstance(written, str) and channel_name(written):
        return channel_name(written), None
    if isinstance(written, dict) and set(written) == {"field"} and isinstance(written["field"], str):
        return "", written["field"]
    place.error(
        f"{KEY} 的 channel 写渠道名（如 sms），或 {{field: 存渠道的字段}}；不分渠道就不写。请改正。",
        f"channel of {KEY} is the name of a channel, such as sms, or {{field: the field that names it}}; leave it out for all.",
    )
    return None, None


def _is_contact(field: Field, place: Place) -> bool:
    if contact_kind(field):
        return True
    place.error(
        f"{KEY} 的 contacts 写了 {field.path}，看不出它是哪种联系方式。请给它写 identity，或类别 user.contact.email / user.contact.phone_number。",
        f"contacts of {KEY} names {field.path}, and nothing tells what kind of contact it holds. Give it an identity, or the "
        "category user.contact.email or user.contact.phone_number.",
    )
    return False
