"""Two pages that exist only in the demo: whom to sign in as, and where their codes land."""

from flask import Blueprint, Response

from privacy_center.demo.staff import STAFF
from privacy_center.demo.stories import STORIES
from privacy_center.outbox.demo_mailbox import shown_mails
from privacy_center.web.page import page
from privacy_center.web.units import reading

demo = Blueprint("demo", __name__, url_prefix="/demo")


@demo.get("/mailbox")
def mailbox() -> Response:
    """The newest messages that would have left the house."""
    with reading() as session:
        mails = shown_mails(session)
    return page("public/demo/mailbox.html", fragment="letters", mails=mails)


@demo.get("/people")
def people() -> Response:
    """The sample people and staff, and what each is there to show."""
    return page("public/demo/people.html", stories=STORIES, staff=STAFF)
