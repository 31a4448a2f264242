"""The addresses that templates write: those without a variable part are worked out once. Numbers in addresses are small."""

from typing import Any

import flask
from flask import Flask, request
from werkzeug import routing

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


class IntegerConverter(routing.IntegerConverter):
    """A whole number that every database can hold: up to 15 digits, and only those of ASCII."""

    regex = "[0-9]{1,15}"


def install_addresses(app: Flask) -> None:
    """Templates write addresses by this one, and `<int:…>` means one of those numbers."""
    app.url_map.converters["int"] = IntegerConverter
    app.jinja_env.globals["url_for"] = url_for
