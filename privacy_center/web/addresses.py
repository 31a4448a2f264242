"""The addresses that templates write: those without a variable part are worked out once, not for every answer."""

from typing import Any

import flask
from flask import Flask, request

_FIXED: dict[tuple[str, str, str], str] = {}
"""(where the app is mounted, endpoint, static file) → address. As many as there are pages and files in the templates."""


def url_for(endpoint: str, **values: Any) -> str:
    """The same address as Flask's `url_for`. Within a request those of pages without values and of static files are kept."""
    if not request or endpoint.startswith(".") or (values and set(values) != {"filename"}):
        return flask.url_for(endpoint, **values)
    known = (request.script_root, endpoint, values.get("filename", ""))
    found = _FIXED.get(known)
    if found is None:
        found = _FIXED[known] = flask.url_for(endpoint, **values)
    return found


def install_addresses(app: Flask) -> None:
    """Templates write addresses by this one."""
    app.jinja_env.globals["url_for"] = url_for
