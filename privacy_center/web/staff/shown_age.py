"""A request in which a child was noticed: what reviewers read, what they choose from, and the words that lead to the guardian."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from privacy_center.errors import Refusal, Words
from privacy_center.people.age import AgeSign
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.review.decide import APPROVALS, Ruling
from privacy_center.review.guardian import GUARDIAN_SEEN, age_noticed, check_guardian
from privacy_center.review.models import Choice
from privacy_center.review.reasons import reasons_for
from privacy_center.web.filters import words
from privacy_center.web.staff.shown_request import sees_customer
from privacy_center.web.units import center, reading

LEAD = Words(
    "按登记的出生日期，您可能还没有满 14 岁。未满 14 岁，由父母或其他监护人来申请。请让监护人打开 {url} 办理，也可以打电话或到门店。"
    "监护人的申请通过以后，会接替这个申请，您不用撤回。如果您已经满 14 岁，请在这里回复，我们再核对。",
    "By the date of birth that we have on file you may be under 14. Under 14, a parent or another guardian applies. Let them "
    "open {url}, call us or come to a counter. Once theirs is approved it takes the place of this request, which you need "
    "not cancel. If you are 14 or older, reply here and we check again.",
)


@dataclass(frozen=True, slots=True)
class ShownAge:
    """`options`: on whose word it may be approved (none where the dates are unclear); `seen`: a guardian at the counter."""

    title: str
    said: str
    options: list[tuple[str, str, str]]
    seen: str


def show_age(asked: PrivacyRequest) -> ShownAge | None:
    """What was noticed, for who may see whose request it is; never a date."""
    sign = age_noticed(asked) if sees_customer(asked) else None
    if sign is None:
        return None
    title, said = age_words(sign)
    options = [(one.code, words(one.title), "") for one in reasons_for("child")] if sign is AgeSign.UNDER_14 else []
    return ShownAge(title, said, options, _seen(asked))


def age_words(sign: AgeSign) -> tuple[str, str]:
    """What was noticed and what to do."""
    if sign is AgeSign.UNDER_14:
        return _("按出生日期未满 14 岁：应由监护人申请。"), _(
            "可以请客户由监护人来办。批准要写明监护人已同意，并由第二人复核。"
        )
    return _("登记的出生日期互相矛盾，有的未满 14 岁。"), _(
        "先问清年龄。未满 14 岁的，请监护人来办。批准要由第二人复核。"
    )


def without_guardian(asked: PrivacyRequest, ruling: Ruling) -> dict[str, Words]:
    """What is missing where a child's request is approved, beside its field."""
    try:
        if ruling.choice in APPROVALS:
            check_guardian(asked, ruling.reason_codes)
    except Refusal as refusal:
        return {"guardian": refusal.words}
    return {}


def lead_to_guardian(reference: str) -> dict[str, str]:
    """The form with the question to the customer filled in, in their language; nothing is sent yet."""
    with reading() as session:
        spoken = request_by_reference(session, reference).language
    url = center().settings.base_url + url_for("identity_cases.path", path="for-a-child")
    return {"choice": Choice.ASK.value, "text": LEAD.spoken(spoken).format(url=url)}


def _seen(asked: PrivacyRequest) -> str:
    if GUARDIAN_SEEN not in asked.verification_method.split("+"):
        return ""
    return _("监护人到过门店，员工 %(number)s 看过其证件原件。", number=asked.verified_by or "")
