"""The security headers of every answer, said once."""

from http import HTTPStatus

from flask import Flask, Response, request

from privacy_center.web.units import center

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    # Not no-referrer: the CSRF check reads the Referer of our own pages over HTTPS.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HSTS = "max-age=31536000; includeSubDomains"


def add_headers(response: Response) -> Response:
    """Every answer gets the fixed headers; every answer but a static file is kept out of caches, and so is the page that says
    that there is no such file: it is made for whoever asked.
    """
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if center().settings.secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", _HSTS)
    if request.endpoint != "static" or response.status_code >= HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = "no-store"
    return response


def install_headers(app: Flask) -> None:
    """Put the headers on every answer of the app."""
    app.after_request(add_headers)
