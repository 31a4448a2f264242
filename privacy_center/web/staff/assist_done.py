"""What came of it: the page for the member of staff, and the receipt in the customer's language."""

from flask import Response
from flask_babel import gettext as _

from privacy_center.privacy_requests.models import Channel, PrivacyRequest
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.review.duties import BELOW_LEVEL
from privacy_center.web.choices import words_of_scope
from privacy_center.web.filters import words
from privacy_center.web.language import speak
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.shown_request import method_words
from privacy_center.web.units import center, reading
from privacy_center.web.waiving import waived_titles


@staff.get("/search/done/<reference>")
def assist_done(reference: str) -> Response:
    """The reference, the last day and what happens next; may be opened again by whoever took it in."""
    return _page("staff/assist/done.html", _asked(reference))


@staff.get("/search/done/<reference>/receipt")
def assist_receipt(reference: str) -> Response:
    """The same for the customer to take away: A5, in their language."""
    asked = _asked(reference)
    speak(asked.language)
    return _page("staff/assist/receipt.html", asked)


def _asked(reference: str) -> PrivacyRequest:
    with reading() as session:
        return request_by_reference(session, reference)


def _page(template: str, asked: PrivacyRequest) -> Response:
    places = {Channel.COUNTER: _("门店"), Channel.HOTLINE: _("热线"), Channel.ONLINE: _("线上")}
    return page(
        template,
        asked=asked,
        scope=words(words_of_scope(asked.request_scope)),
        waived=waived_titles(asked.waived),
        where=places[asked.channel],
        method=method_words(asked.verification_method) if asked.verification_method else _("没有核验"),
        below_level=BELOW_LEVEL in asked.risk_flags,
        center_address=center().settings.base_url,
    )
