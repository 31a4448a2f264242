"""What a column's name says of the identity in it: somebody whose the row need not be, or an address not confirmed yet."""

import re
from dataclasses import replace

from privacy_center.datamap.graph import Collection, Field

_PENDING = re.compile(
    r"^(unconfirmed|pending|new|proposed|normali[sz]ed|canonical)_|_(unconfirmed|pending|normali[sz]ed|canonical)$"
)
_OTHER = re.compile(
    r"(^|_)(recipient|receiver|consignee|addressee|friend|invitee|inviter|referrer|referee|payee|beneficiary|shipto)(_|$)"
    r"|^(ship|deliver|gift)_?to_|收件|收货|好友|邀请"
)


def with_roles_by_name(one: Collection) -> Collection:
    """The collection in which identities that a name gives away are mentions, where something else says whose a row is.

    What the map itself says goes before it.
    """
    owned = any(reference.direction != "to" for field in one.fields.values() for reference in field.references)
    plain = [field for field in one.fields.values() if field.identity and not is_a_mention(field)]
    changed = {
        path: replace(field, identity_role="mention")
        for path, field in one.fields.items()
        if _gives_way(field, plain, owned)
    }
    return replace(one, fields={**one.fields, **changed}) if changed else one


def is_a_mention(field: Field) -> bool:
    """Whether the column's name says that it holds an identity not yet confirmed, or somebody else's."""
    return bool(_PENDING.search(_in_words(field.column)) or _OTHER.search(_in_words(field.column)))


def _gives_way(field: Field, plain: list[Field], owned: bool) -> bool:
    if not field.identity:
        return False
    if _PENDING.search(_in_words(field.column)):
        return any(other.identity == field.identity for other in plain)
    return bool(_OTHER.search(_in_words(field.column))) and (owned or bool(plain))


def _in_words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
