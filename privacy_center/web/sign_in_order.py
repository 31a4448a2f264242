"""Signing in without an account: an order number and a contact find the record; only a code to that contact proves."""

from flask import Blueprint, Response, request, url_for

from privacy_center.errors import Refusal
from privacy_center.people.contact import normal_value
from privacy_center.web.code_attempt import send_code
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.sign_in import onward
from privacy_center.web.units import center

order = Blueprint("order", __name__)
LONGEST = 64


@order.route("/sign-in/order", methods=["GET", "POST"])
def ask() -> Response:
    """Order number and contact; whether they belong together cannot be told from anything here."""
    if not center().settings.orders.number:
        raise Refusal("没有这一页。", "There is no such page.", status=404)
    if request.method == "GET":
        return _page()
    number, typed = normal_value("order", request.form.get("order", "")), request.form.get("contact", "")
    if not 0 < len(number) <= LONGEST:
        return _page(number, typed, _no_number())
    try:
        send_code(typed, order=number)
    except Refusal as refusal:
        return _page(number, typed, refusal)
    return go(url_for("sign_in.code", next=onward()))


def _no_number() -> Refusal:
    return Refusal(
        "写下订单号，在小票、发货短信或确认邮件上。",
        "Enter the order number; it is on the receipt, in the text message or the e-mail.",
        status=422,
        field="order",
    )


def _page(number: str = "", typed: str = "", refusal: Refusal | None = None) -> Response:
    errors = {refusal.field or "contact": refusal.words.spoken(language())} if refusal else {}
    status = refusal.status if refusal else 200
    return page("public/sign_in_order.html", errors=errors, number=number, typed=typed, next=onward(), status=status)
