"""One request as staff see it: who asked (masked), for what, how they were verified, and how much time is left."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.datamap.display import mask_for_display
from privacy_center.keys.sealing import DESTROYED
from privacy_center.people.identity import FORMER
from privacy_center.people.staff.permits import Act, DataClass
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import identities_shown, label_of, words_in
from privacy_center.privacy_requests.scope import EVERYTHING
from privacy_center.web.choices import titles_of_scope
from privacy_center.web.filters import today, words
from privacy_center.web.proof_words import proof_words
from privacy_center.web.staff.deadline import Badge, deadline_badge
from privacy_center.web.staff.masking import permit_on
from privacy_center.web.staff.vocabulary import (
    channel_words,
    flag_badge,
    kind_words,
    level_words,
    scope_words,
    state_words,
)
from privacy_center.web.staff.who import may_open

MASKS = {"email": "email", "phone_number": "phone", "phone": "phone"}


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """The head of the request page. Identities and the customer's name are masked; who may not see whose request it is
    (`names_customer` is False) gets neither, nor the signs of risk.
    """

    asked: PrivacyRequest
    reference: str
    kind: str
    customer: str
    names_customer: bool
    badge: Badge
    state: str
    assignee: str
    words: str
    scope: str
    categories: list[str]
    channel: str
    method: str
    level: str
    identities: list[tuple[str, str]]
    flags: list[Badge]


def show_request(session: Session, asked: PrivacyRequest) -> ShownRequest:
    """The request in words; opens what is sealed, so the look belongs in the audit trail.

    The customer's own words are for those who review.
    """
    seen = sees_customer(asked)
    return ShownRequest(
        asked=asked,
        reference=asked.reference,
        kind=kind_words(asked.kind),
        customer=customer_label(session, asked) if seen else _("不显示"),
        names_customer=seen,
        badge=deadline_badge(asked, today()),
        state=state_words(asked.state),
        assignee=asked.assignee or "",
        words=words_in(session, asked) if may_open("staff.say") else "",
        scope=scope_words(asked.scope),
        categories=_titles(asked),
        channel=channel_words(asked.channel),
        method=method_words(asked.verification_method),
        level=level_words(asked.level),
        identities=masked_identities(identities_shown(session, asked)) if seen else [],
        flags=[flag_badge(flag) for flag in asked.risk_flags] if seen else [],
    )


def sees_customer(asked: PrivacyRequest) -> bool:
    """Whether the reader may see whose request this is, masked: names and contacts are general data."""
    return permit_on(asked, Act.LOOK, DataClass.GENERAL) is not None


def customer_label(session: Session, asked: PrivacyRequest) -> str:
    """The masked name that lists show; without one, the first proven identity, masked: no request is without, so that one
    which shows none has had its key destroyed.
    """
    label = label_of(session, asked)
    if label:
        return label
    shown = masked_identities(identities_shown(session, asked))
    return shown[0][1] if shown else words(DESTROYED)


def masked_identities(identities: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Kind and masked value of each proven identity."""
    return [
        (identity_words(kind), mask_for_display(value, MASKS.get(kind, "text")))
        for kind, values in identities.items()
        for value in values
    ]


def identity_words(kind: str) -> str:
    """What a kind of identity is called."""
    known = {
        "email": _("邮箱"),
        "phone_number": _("手机号"),
        "phone": _("手机号"),
        "customer_number": _("客户号"),
        "member_number": _("会员号"),
    }
    if kind.startswith(FORMER):
        return _("停用的%(kind)s", kind=identity_words(kind.removeprefix(FORMER)))
    return known.get(kind, kind.replace("_", " "))


def method_words(method: str) -> str:
    """How somebody was verified."""
    if method in ("password", "passkey", "oidc") or ":" in method or "+" in method:
        return proof_words(method)
    return {
        "code": _("验证码，发到登记的联系方式"),
        "email_code": _("验证码，发到登记的邮箱"),
        "sms_code": _("验证码，发到登记的手机"),
        "counter": _("门店核对证件原件"),
        "document": _("核对证件原件"),
        "call_back": _("回拨登记的电话"),
    }.get(method, method.replace("_", " "))


def _titles(asked: PrivacyRequest) -> list[str]:
    """What was chosen; nothing where the request is about everything."""
    scope = asked.request_scope
    return [] if scope == EVERYTHING else [words(one) for one in titles_of_scope(scope)]
