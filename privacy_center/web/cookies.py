"""What our cookies are called. Over HTTPS a prefix makes browsers refuse those that another host or plain HTTP has set."""

from flask import Request, request

from privacy_center.web.units import center

STAFF_COOKIE = "pc_staff"
STAFF_PATH = "/staff"


def cookie_name(name: str, *, secure: bool | None = None) -> str:
    """The name with `__Host-` before it (RFC 6265bis §4.1.3), or `__Secure-` for the one that staff pages alone get.

    Without secure cookies (a demo on this machine) the name alone, for browsers would refuse the prefix.
    """
    if not (center().settings.secure_cookies if secure is None else secure):
        return name
    return f"__Secure-{name}" if name == STAFF_COOKIE else f"__Host-{name}"


def cookie_path(name: str) -> str:
    """To which of our pages the browser sends it."""
    return STAFF_PATH if name == STAFF_COOKIE else "/"


def sent_cookie(name: str, asked: Request | None = None) -> str:
    """What the browser sent under this name, or an empty text."""
    return (asked or request).cookies.get(cookie_name(name), "")
