"""`make oracle`: can known and unknown people be told apart by the time that a public form takes?

Through the product's own served process, over loopback, which is nearer than any attacker gets. Known and unknown
identifiers come in random order. The counts of the limits are emptied before each request, for both alike, so that every
request takes the whole way.
"""

import argparse
import http.client
import os
import platform
import random
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.demo.build import prepare_demo
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level, RateCount
from privacy_center.people.password import set_password
from privacy_center.people.staff.roster import find_staff
from tests.bench.apart import Compared, compare
from tests.bench.load import wait_for
from tests.bench.processes import web
from tests.servers import free_port

DOCUMENT = Path(__file__).parents[2] / "docs" / "no-oracle.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
KNOWN, UNKNOWN = "someone.known@example.com", "someone.other@example.com"
STAFF, NO_STAFF = "S0101", "S9876"
CERTAINTY = 0.01
WRONG = {"password": "this is not the password"}


@dataclass
class Visitor:
    """A browser, as far as timing needs one: a kept connection, cookies, and the token of the last page."""

    port: int
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    token: str = ""

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str) -> None:
        """Open a page and keep its token."""
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', self._ask("GET", path, None)[2])[1]

    def post(self, path: str, typed: Mapping[str, str]) -> tuple[float, int]:
        """Send a form; milliseconds until the whole answer is here, and its status."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **typed}))[:2]

    def _ask(self, method: str, path: str, body: str | None) -> tuple[float, int, str]:
        sent = {"Cookie": "; ".join(f"{name}={one.coded_value}" for name, one in self.cookies.items())}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        said = answer.read()
        took = (time.perf_counter() - begun) * 1000
        for line in answer.headers.get_all("Set-Cookie", ()):
            self.cookies.load(line)
        return took, answer.status, said.decode()


@dataclass(frozen=True)
class Timed:
    """A form that is timed: the page it stands on, what comes before each time, what is sent, the answer to expect."""

    name: str
    page: str
    before: Callable[[Visitor, str], object]
    path: str
    typed: Callable[[str], dict[str, str]]
    status: int
    pair: tuple[str, str] = (KNOWN, UNKNOWN)
    slow: bool = False
    """It checks a password, which is slow on purpose."""


def _ask_for_code(visitor: Visitor, who: str) -> None:
    visitor.post("/sign-in", {"contact": who})


FORMS = (
    Timed("asking for a code", "/sign-in", lambda *_: None, "/sign-in", lambda who: {"contact": who}, 303),
    Timed("a wrong code", "/sign-in", _ask_for_code, "/sign-in/code", lambda _: {"code": "wrong"}, 422),
    Timed(
        "a wrong password", "/sign-in/password", lambda *_: None, "/sign-in/password",
        lambda who: {"contact": who, **WRONG}, 422, slow=True,
    ),
    Timed(
        "staff sign-in, a wrong password", "/staff/sign-in", lambda *_: None, "/staff/sign-in",
        lambda who: {"number": who, **WRONG}, 422, (STAFF, NO_STAFF), slow=True,
    ),
)  # fmt: skip


def measure(center: Center, port: int, form: Timed, times: int) -> Compared:
    """Time one form `times` times for each of the pair, in random order; refuses an answer that is not the expected one."""
    visitor, order = Visitor(port), [*form.pair] * times
    random.SystemRandom().shuffle(order)
    took: dict[str, list[float]] = {who: [] for who in form.pair}
    visitor.get(form.page)
    for who in (*form.pair, *order):
        _empty_limits(center)
        form.before(visitor, who)
        milliseconds, status = visitor.post(form.path, form.typed(who))
        if status != form.status:
            raise RuntimeError(f"{form.name} was answered with {status}")
        took[who].append(milliseconds)
    visitor.connection.close()
    return compare(*(took[who][1:] for who in form.pair))


def _empty_limits(center: Center) -> None:
    with center.database.transaction() as session:
        session.execute(sa.delete(RateCount))
        member = find_staff(session, STAFF)
        if member is not None:
            member.failures, member.locked_until = 0, None


def run(folder: Path, times: int, slow_times: int) -> list[tuple[Timed, Compared]]:
    """Every form, on the sample company, through a process of its own."""
    prepare_demo(folder, clock.now())
    center = Center.open(folder)
    with center.database.transaction() as session:
        person = find_or_create_person(session, "email", KNOWN, clock.now())
        set_password(session, person.id, "a password that is quite long", level=Level.V2, at=clock.now())
    port = free_port()
    try:
        with web(folder, port):
            wait_for(port, "/healthz")
            found = []
            for form in FORMS:
                found.append((form, measure(center, port, form, slow_times if form.slow else times)))
                print(line(*found[-1]), flush=True)
            return found
    finally:
        center.close()


def line(form: Timed, one: Compared) -> str:
    """One row of the table."""
    return (
        f"| {form.name} | {one.each:,} | {one.first:.2f} ms | {one.second:.2f} ms | {one.sooner:.3f} | {one.u:.0f} | {one.z:+.2f} | "
        f"{one.u_p:.3f} | {one.d:.4f} | {one.d_p:.3f} |"
    )


def verdict(found: list[tuple[Timed, Compared]]) -> tuple[bool, str]:
    """Whether nothing can be told apart, in words. The level is divided by the number of tests (Bonferroni)."""
    level = CERTAINTY / (2 * len(found))
    told = [form.name for form, one in found if min(one.u_p, one.d_p) < level]
    if told:
        return False, f"**Can be told apart** (p < {level:.5f}): {', '.join(told)}."
    return True, f"**Cannot be told apart**: no p is under {level:.5f} ({CERTAINTY} divided by {2 * len(found)} tests)."


def report(found: list[tuple[Timed, Compared]]) -> str:
    """The table with its verdict, for the document."""
    rows = "\n".join(line(*one) for one in found)
    return (
        "Requests for a known and an unknown identifier, in random order, on "
        f"{os.cpu_count()} cores ({platform.machine()}), Linux, Python {platform.python_version()}, SQLite.\n\n"
        "| form | of each | median, known | median, unknown | known sooner | U | z | p (U) | D | p (D) |\n"
        f"|---|---|---|---|---|---|---|---|---|---|\n{rows}\n\n{verdict(found)[1]}"
    )


def main() -> int:
    """Measure, print, write into the document; 1 when something can be told apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=2000, help="requests for each of known and unknown")
    parser.add_argument("--slow-times", type=int, help="the same for forms that check a password (default: --times)")
    parser.add_argument("--print-only", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="oracle-") as folder:
        found = run(Path(folder) / "home", asked.times, asked.slow_times or asked.times)
    said = report(found)
    print(said)
    if not asked.print_only:
        text = DOCUMENT.read_text("utf-8")
        head, tail = text.partition(BEGIN)[0], text.partition(END)[2]
        DOCUMENT.write_text(f"{head}{BEGIN}\n{said}\n{END}{tail}", "utf-8")
    return 0 if verdict(found)[0] else 1


if __name__ == "__main__":
    raise SystemExit(main())
