"""Other requests that deal or dealt with records of a request, as its page shows them, with the way to each."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from privacy_center.plans.followed import OtherRequest, other_requests
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.states import OPEN
from privacy_center.web.staff.vocabulary import state_words


@dataclass(frozen=True, slots=True)
class ShownOther:
    """One other request: what is to be said of it, its reference and the address of its page."""

    title: str
    words: str
    reference: str
    url: str
    tone: str
    icon: str


def show_other_requests(session: Session, asked: PrivacyRequest) -> list[ShownOther]:
    """The other requests whose records this one waits for, or that dealt with them; those that ended without a change and
    whose records were not there any more are left out.
    """
    shown = [one for one in other_requests(session, asked) if one.done or (one.waiting and asked.state in OPEN)]
    return [_shown(one) for one in shown]


def _shown(one: OtherRequest) -> ShownOther:
    url = url_for("staff.request_page", reference=one.reference)
    if one.done:
        title = _("另一份申请已处理")
        words = ngettext(
            "%(num)s 条记录已在那份申请中处理，不重复计算。",
            "%(num)s 条记录已在那份申请中处理，不重复计算。",
            one.records,
        )
        return ShownOther(title, words, one.reference, url, "info", "info")
    if one.ended:
        title = _("另一份申请不再处理这些记录")
        words = ngettext(
            "等待的 %(num)s 条记录可以重新起草，还在的归这个申请。",
            "等待的 %(num)s 条记录可以重新起草，还在的归这个申请。",
            one.records,
        )
        return ShownOther(title, words, one.reference, url, "good", "refresh-cw")
    title = _("另一份申请正在处理同样的记录")
    words = ngettext(
        "%(num)s 条记录由那份申请处理（%(state)s）。它办结后，重新起草这个申请。",
        "%(num)s 条记录由那份申请处理（%(state)s）。它办结后，重新起草这个申请。",
        one.records,
        state=state_words(one.state),
    )
    return ShownOther(title, words, one.reference, url, "warn", "clock")
