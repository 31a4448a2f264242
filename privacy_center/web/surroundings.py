"""What every page shows around its own words: the company, the menu, who is signed in."""

from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _

from privacy_center.errors import Words
from privacy_center.web.language import language
from privacy_center.web.units import center
from privacy_center.web.visitor import staff_side, visitor


def company() -> dict[str, str]:
    """The company's own words, in the reader's language."""
    said, spoken = center().settings.company, language()
    return {
        "name": Words.read(said.name).spoken(spoken),
        "short_name": Words.read(said.short_name).spoken(spoken),
        "hotline": said.hotline,
        "hotline_digits": "".join(one for one in said.hotline if one.isdigit() or one == "+"),
        "hotline_hours": Words.read(said.hotline_hours).spoken(spoken),
        "officer": said.officer,
        "officer_email": said.officer_email,
        "address": Words.read(said.address).spoken(spoken),
    }


def customer_menu() -> list[tuple[str, str, str]]:
    """The pages of a customer who is signed in: name, address, words."""
    return [
        ("home", url_for("home.show"), _("首页")),
        ("my_data", url_for("my_data.show"), _("我的信息")),
        ("who_looked", url_for("who_looked.show"), _("谁看过")),
        ("requests", url_for("requests.listed"), _("申请")),
        ("inbox", url_for("inbox.show"), _("消息")),
    ]


def surroundings() -> dict[str, Any]:
    """Names that every template may use."""
    about = company()
    return {
        "company": about,
        "brand": _("%(company)s隐私中心", company=about["short_name"]),
        "demo": center().settings.demo,
        "visitor": visitor(),
        "staff_side": staff_side(),
        "customer_menu": customer_menu,
        "active": "",
        "spoken": "",
    }


def install_surroundings(app: Flask) -> None:
    """Put the surroundings into every template."""
    app.context_processor(surroundings)
