"""Every public form, filled in by somebody we know and by somebody we do not; and what an outsider could compare."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'(name="csrf_token" value=|name="csrf-token" content=)"([^"]+)"')


@dataclass(frozen=True)
class Form:
    """A public form: the pages in their order, each with what is typed. `{who}` stands for the identifier.

    `known` and `unknown` are equally long, and look alike once they are masked.
    """

    name: str
    known: str
    unknown: str
    steps: tuple[tuple[str, dict[str, str]], ...]


@dataclass
class Seen:
    """What one visitor saw of one answer, without what is random for everybody."""

    status: int
    location: str
    headers: list[tuple[str, str]]
    cookies: list[tuple[str, ...]]
    body: str


@dataclass
class Visit:
    """The answers to one visitor, and the statements that our own database was given for them."""

    seen: list[Seen] = field(default_factory=list)
    statements: Counter[str] = field(default_factory=Counter)


def visit(app: Flask, engine: sa.Engine, form: Form, who: str, address: str = "192.0.2.1") -> Visit:
    """Go through a form as a new visitor."""
    browser, told, token = app.test_client(), Visit(), ""
    with counted(engine, told.statements):
        for path, typed in form.steps:
            if typed:
                fields = {name: value.replace("{who}", who) for name, value in typed.items()}
                answer = browser.post(path, data={"csrf_token": token, **fields}, environ_base={"REMOTE_ADDR": address})
            else:
                answer = browser.get(path, environ_base={"REMOTE_ADDR": address})
            found = TOKEN.search(answer.text)
            token = found[2] if found else token
            told.seen.append(look(app, browser, answer, who))
    return told


def look(app: Flask, browser: FlaskClient, answer: TestResponse, who: str) -> Seen:
    """One answer: body without the token and without what the visitor typed, headers, cookies by shape."""
    body = TOKEN.sub(r"\1", answer.text).replace(who, "{who}")
    headers = [(name, value) for name, value in answer.headers if name not in {"Set-Cookie", "Date"}]
    cookies = [shape(app, cookie) for cookie in answer.headers.getlist("Set-Cookie")]
    return Seen(answer.status_code, answer.headers.get("Location", ""), headers, cookies, body)


def shape(app: Flask, cookie: str) -> tuple[str, ...]:
    """A cookie by name, attributes and length; a signed one by the lengths of what is in it.

    Random values make a signed cookie a few bytes longer or shorter from one visit to the next, for everybody.
    """
    pair, *attributes = cookie.split("; ")
    name, _, value = pair.partition("=")
    attributes = [re.sub(r"^(Expires)=.*", r"\1", one) for one in attributes]
    if name != app.config["SESSION_COOKIE_NAME"]:
        return (name, str(len(value)), *attributes)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    inside = serializer.loads(value) if value and serializer else {}
    return (name, json.dumps(lengths(inside), sort_keys=True), *attributes)


def lengths(value: object) -> object:
    """The same structure with each text replaced by its length."""
    if isinstance(value, dict):
        return {name: lengths(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [lengths(inner) for inner in value]
    return len(str(value)) if isinstance(value, str) else type(value).__name__


@contextmanager
def counted(engine: sa.Engine, into: Counter[str]) -> Iterator[None]:
    """Count every statement that the database is given, by its text."""

    def hear(_connection, _cursor, statement, *_more) -> None:
        into[statement] += 1

    sa.event.listen(engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", hear)
