"""Who fuzzes the pages: a stranger, a customer and members of staff, and every form that they are shown."""

import re
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import html5lib
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.people.login import open_login
from privacy_center.people.models import Level, LoginKind, RateCount
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.roster import find_staff
from privacy_center.web.app import build_app
from tests.web.staff_room import StaffRoom

STAFF = ("S0102", "S0103", "S9001")
"""A senior reviewer, the privacy officer, and somebody with the remaining roles."""
LONG = 40_000
"""Characters from which on a page is not parsed: it takes the strict parser half a second."""
TRACES = ("Traceback", "sqlalchemy", "werkzeug", "/privacy_center/", ".py&quot;")


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page: who is shown it, where it is sent, what its fields are called."""

    who: str
    path: str
    fields: tuple[str, ...]


@dataclass(repr=False)
class House:
    """The app, and a browser for each of the visitors, who stay signed in whatever they send."""

    center: Center
    app: Flask
    room: StaffRoom
    reference: str
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    @cached_property
    def forms(self) -> list[Form]:
        """Every form that there is; looked for when first asked for."""
        return all_forms(self)

    def visit(self, who: str) -> FlaskClient:
        """The browser of `who`, signed in anew where it is needed; no limit is full."""
        client = self.clients.setdefault(who, self.app.test_client())
        home = {"stranger": "/healthz", "customer": "/me/security/"}.get(who, "/staff/account")
        if client.get(home).status_code != 200:
            self._sign_in(who, client)
        return client

    def token(self, who: str) -> str:
        """A form token that belongs to this visitor's browser."""
        page = self.visit(who).get("/staff/sign-in" if who in STAFF else "/sign-in")
        return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]

    def forget_limits(self) -> None:
        with self.center.database.transaction() as session:
            session.execute(sa.delete(RateCount))

    def _sign_in(self, who: str, client: FlaskClient) -> None:
        with self.center.database.transaction() as session:
            if who == "customer":
                owner, kind = self.room.request(self.reference).person_id, LoginKind.CUSTOMER
            else:
                owner, kind = find_staff(session, who).id, LoginKind.STAFF
            login, token = open_login(session, kind=kind, owner=owner, level=Level.V2, at=clock.now())
            login.method = "code:email+password"
        client.set_cookie("pc_customer" if who == "customer" else "pc_staff", token)


@contextmanager
def open_house(home: Path) -> Iterator[House]:
    """The sample company with one request asked."""
    center = Center.open(home)
    center.settings.secure_cookies = False
    center.settings.base_url = "http://localhost"
    try:
        app = build_app(center)
        room = StaffRoom(center, app)
        room.hire("S9001", Role.AUDITOR, Role.STEWARD, Role.SECURITY_OFFICER, Role.MANAGER, Role.AGENT, Role.OPERATOR)
        yield House(center, app, room, room.ask("open-case"))
        if "desk" in app.extensions:
            app.extensions["desk"].close()
    finally:
        center.close()


def all_forms(house: House) -> list[Form]:
    """Forms that visitors find by following links, each once; and every other address that takes a POST."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for who in ("stranger", "customer", *STAFF):
        for form in find_forms(house, who):
            found.setdefault((kind_of(form.path), form.fields), form)
    routes = house.app.url_map.bind("localhost")
    seen = {routes.match(urlsplit(form.path).path, "POST")[0] for form in found.values()}
    return [*found.values(), *(form for form in _hidden_forms(house, seen))]


def _hidden_forms(house: House, seen: set[str]) -> Iterator[Form]:
    """Addresses that are only linked in some state: the later steps of a form, a vault, a case."""
    for rule in sorted(house.app.url_map.iter_rules(), key=lambda one: (one.endpoint, one.rule)):
        if "POST" in rule.methods and rule.endpoint not in seen and not rule.rule.startswith("/api/"):
            told = {"reference": house.reference, "number": "S0101", "path": "lost-number"}
            ids = {
                name: uuid.uuid4() for name, one in rule._converters.items() if type(one).__name__ == "UUIDConverter"
            }
            whole = {name: 1 for name, one in rule._converters.items() if type(one).__name__ == "IntegerConverter"}
            rest = {name: told.get(name, "x") for name in rule.arguments}
            path = rule.build(rest | ids | whole)[1]
            yield Form(_who(rule.rule), path, ())


def _who(path: str) -> str:
    return "S0103" if path.startswith("/staff") else "customer" if path.startswith("/me") else "stranger"


def find_forms(house: House, who: str) -> list[Form]:
    """Every form on the pages that `who` can reach from the addresses that need no number."""
    client, forms, seen = house.visit(who), [], set()
    inside = {"customer": "/me/", "stranger": "/"}.get(who, "/staff/")
    waiting = deque(_plain_paths(house.app, inside))
    while waiting:
        path = waiting.popleft()
        if kind_of(path) in seen or path.startswith(("/demo", "/static")):
            continue
        seen.add(kind_of(path))
        answer = client.get(path)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            page = Reader(path, who, answer.text)
            waiting.extend(link for link in page.links if link.startswith(inside))
            forms += page.forms
    return forms


def kind_of(path: str) -> str:
    """The address without its numbers: two of a kind are one page with other data."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|[PI][CD]-[\w-]{14}|S\d{4}|\d+|(?<=reveal/).*", "*", path)


class Reader(HTMLParser):
    """Reads a page: its links to pages of ours, and its forms that are posted."""

    def __init__(self, path: str, who: str, text: str) -> None:
        super().__init__()
        self.path, self.who = path, who
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._open: tuple[str, set[str]] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "a":
            link = urlsplit(urljoin(self.path, told.get("href") or ""))
            self.links += [] if link.netloc else [link.path]
        elif tag == "form":
            posted = (told.get("method") or "").lower() == "post"
            self._open = (urljoin(self.path, told.get("action") or self.path), set()) if posted else None
        elif told.get("name") and self._open is not None:
            self._open[1].add(str(told["name"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open is not None:
            path, names = self._open
            self.forms.append(Form(self.who, path, tuple(sorted(names - {"csrf_token"}))))
            self._open = None


def must_be_sound(answer: TestResponse) -> None:
    """Whatever was sent: no breakdown, words instead of a trace, and HTML that parses."""
    assert answer.status_code < 500, answer.status_code
    assert not any(trace in answer.text for trace in TRACES)
    if answer.mimetype == "text/html" and "<html" in answer.text and len(answer.text) < LONG:
        html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)


def _plain_paths(app: Flask, inside: str) -> list[str]:
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments)
    return sorted(rule.rule for rule in rules if rule.rule.startswith(inside))
