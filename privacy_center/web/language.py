"""How a reader wants the pages: language, theme, care mode and density, from `?lang=` and its kin or from a cookie."""

from typing import Literal
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, request
from flask_babel import refresh

from privacy_center.web.cookies import cookie_name, sent_cookie
from privacy_center.web.units import center

Choice = Literal["lang", "theme", "mode", "density"]
CHOICES: dict[str, tuple[str, ...]] = {
    "lang": ("zh-CN", "en"),
    "theme": ("auto", "light", "dark"),
    "mode": ("standard", "care"),
    "density": ("comfortable", "compact"),
}
_LOCALES = {"zh-CN": "zh_Hans_CN", "en": "en"}
PLAIN = "/:@!$&'()*+,;=~"  # signs that stand for themselves in a path (RFC 3986)
_YEAR = 365 * 24 * 3600


def chosen(what: Choice) -> str:
    """What the reader chose: in the address of this page, else in a cookie, else "" (nothing chosen)."""
    for given in (request.args.get(what), sent_cookie(what)):
        if given in CHOICES[what]:
            return given
    return ""


def language() -> str:
    """The language of this answer, "zh-CN" or "en": chosen, else what the browser asks for first, else Chinese."""
    try:
        return g.language
    except AttributeError:
        g.language = chosen("lang") or _asked_by_browser()
        return g.language


def speak(spoken: str) -> None:
    """Give this one answer in another language: a paper for a customer, printed by somebody who reads the other one."""
    g.language = spoken if spoken in CHOICES["lang"] else "zh-CN"
    refresh()


def _asked_by_browser() -> str:
    for tag in request.accept_languages.values():
        if tag.lower().startswith("zh"):
            return "zh-CN"
        if tag.lower().startswith("en"):
            return "en"
    return "zh-CN"


def locale() -> str:
    """The locale by which Babel writes numbers."""
    return _LOCALES[language()]


def switched(what: Choice, value: str) -> str:
    """The address of this page with one choice made; it works without a script and without a cookie."""
    args = {key: kept for key, kept in request.args.items() if key != what}
    return f"{quote(request.path, safe=PLAIN)}?{urlencode({**args, what: value})}"


def remember_choices(response: Response) -> Response:
    """Keep what the address chose in cookies for a year; they say nothing of the person."""
    for what, allowed in CHOICES.items():
        value = request.args.get(what)
        if value in allowed:
            name, secure = cookie_name(what), center().settings.secure_cookies
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


def install_choices(app: Flask) -> None:
    """Remember choices after every answer, and tell every template what was chosen."""
    app.after_request(remember_choices)
    app.context_processor(
        lambda: {
            "lang": language(),
            "theme": chosen("theme"),
            "mode": chosen("mode"),
            "density": chosen("density"),
            "switched": switched,
        }
    )
