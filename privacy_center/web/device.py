"""The browser that a customer uses: a random cookie that tells it again, and words by which its owner knows it."""

import re
import secrets

from flask import Response, request

from privacy_center.keys.sealing import keyring_of
from privacy_center.people.step_up import Device
from privacy_center.web.cookies import cookie_name, sent_cookie
from privacy_center.web.units import center, reading

DEVICE_COOKIE = "pc_device"
_YEAR = 365 * 24 * 3600
_BROWSERS = (
    ("Edg", "Edge"),
    ("MicroMessenger", "WeChat"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def this_device() -> tuple[Device, str]:
    """The device, and the cookie that names it: the one it sent, else a new one to give it with `keep_device`."""
    token = sent_cookie(DEVICE_COOKIE)
    if not re.fullmatch(r"[\w-]{43}", token):
        token = secrets.token_urlsafe(32)
    with reading() as session:
        known_as = keyring_of(session).keyed_hash(token, "known_device")
    return Device(known_as, device_words(request.headers.get("User-Agent", ""))), token


def keep_device(response: Response, token: str) -> Response:
    """Give the browser its cookie for a year; only after somebody has signed in, so that it tells nothing before."""
    name, secure = cookie_name(DEVICE_COOKIE), center().settings.secure_cookies
    response.set_cookie(name, token, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


def device_words(agent: str) -> str:
    """`Chrome, Windows` from what a browser says of itself; an empty text when it says nothing known."""
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return ", ".join(one for one in found if one)
