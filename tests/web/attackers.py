"""What an attacker has: browsers with and without a login, every address of the app, and a look at what has changed."""

import hashlib
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from privacy_center import clock
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.login import open_login
from privacy_center.people.models import Level, LoginKind
from tests.web.staff_room import BY_KEY, StaffRoom, open_room

SIGNS_OF_LIFE = {"login_session", "login_sessions", "rate_count", "rate_counts"}
"""Tables that any visit may touch: when somebody was last seen, and how often they came."""


@contextmanager
def open_attack(home: Path) -> Iterator["Attack"]:
    """The sample company in this home, with one request before the reviewers."""
    with open_room(home) as room:
        room.center.settings.secure_cookies = False
        room.ask("open-case")
        yield Attack(room)


@dataclass
class Attack:
    """The sample company with a request of two customers each, and who attacks it."""

    room: StaffRoom
    logins: dict[str, uuid.UUID] = field(default_factory=dict)

    def customer(self, key: str) -> FlaskClient:
        """The browser of the person of a story, who has given every proof a moment ago."""
        return self.with_login(LoginKind.CUSTOMER, self.person(key), key)

    def staff(self, number: str) -> FlaskClient:
        client = self.room.sit_down(number).browser
        return client

    def with_login(self, kind: LoginKind, owner: uuid.UUID, name: str) -> FlaskClient:
        with self.room.center.database.transaction() as session:
            login, token = open_login(session, kind=kind, owner=owner, level=Level.V2, at=clock.now())
            login.method = "code:email+password"
            self.logins[name] = login.id
        client = self.room.app.test_client()
        client.set_cookie("pc_customer", token)
        return client

    def person(self, key: str) -> uuid.UUID:
        with self.room.center.database.transaction() as session:
            return find_or_create_person(session, "email", BY_KEY[key].email, clock.now()).id

    def token(self, client: FlaskClient, page: str = "/sign-in") -> str:
        """A form token of this browser."""
        return re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)[1]

    def routes(self, method: str) -> Iterator[tuple[Rule, str]]:
        """Every address that answers to `method`, with numbers that could be real; not what ends the login."""
        known = {"reference": next(iter(self.room.references.values()), "PC-0000-0000-0000"), "path": "lost-number"}
        for rule in sorted(self.room.app.url_map.iter_rules(), key=lambda one: (one.endpoint, one.rule)):
            if method in rule.methods and rule.endpoint != "static":
                kinds = {"UUIDConverter": uuid.uuid4(), "IntegerConverter": 1}
                told = {name: kinds.get(type(one).__name__, "x") for name, one in rule._converters.items()}
                told |= {name: value for name, value in known.items() if name in told}
                yield rule, rule.build(told)[1]

    def state(self) -> dict[str, str]:
        """Table → a digest of all that is in it, in our own database and in the company's."""
        engines = [self.room.center.database.engine]
        found = {}
        for engine in engines:
            with engine.connect() as connection:
                for table in sorted(sa.inspect(engine).get_table_names()):
                    rows = connection.execute(sa.text(f'SELECT * FROM "{table}"')).all()
                    told = "\n".join(sorted(map(repr, rows)))
                    found[table] = hashlib.sha256(told.encode()).hexdigest()
        return {name: told for name, told in found.items() if name not in SIGNS_OF_LIFE}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The tables whose content differs."""
    return {name for name in before if before[name] != after[name]}
