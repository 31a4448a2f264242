"""What the company holds on the customer: by group, masked, with where from, what for, until when."""

from flask import Blueprint, Response

from privacy_center.web.page import page

my_data = Blueprint("my_data", __name__, url_prefix="/me/data")


@my_data.get("/")
def show() -> Response:
    """Every group with its records."""
    return page("customer/my_data.html", groups=[], active="my_data")
