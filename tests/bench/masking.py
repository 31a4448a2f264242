"""What masks and the access log cost on a staff page: the page as it is beside the same page without them."""

import re
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from privacy_center import clock, create_app
from privacy_center.audit.append import Actor
from privacy_center.center import Center
from privacy_center.demo.build import prepare_demo
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.login import open_login
from privacy_center.people.models import Level, LoginKind
from privacy_center.people.staff.roster import find_staff
from privacy_center.plans.draft import draft_plan
from privacy_center.privacy_requests.submit import Submission
from privacy_center.review.intake import take_in_deletion
from privacy_center.web.cookies import STAFF_COOKIE

TURNS, IN_A_TURN = 8, 10
REACH = 1.3
REVIEWER, CUSTOMER = "S0101", "lin.xiaoxia@example.com"
SAMPLED = "shop.customer"
MASKED_IN = ("web.staff.shown_request", "access.readable")
NOTED_IN = ("web.staff.looked",)


@dataclass(frozen=True, slots=True)
class Page:
    """Medians in milliseconds of one page: with masks and access log, and without both."""

    name: str
    whole: float
    bare: float


def compare_pages(home: Path) -> list[Page]:
    """The queue, a request and a masked sample, in turns with and without, in one process on SQLite."""
    prepare_demo(home, clock.now())
    center = Center.open(home)
    center.settings.secure_cookies = False
    try:
        reference, position = _ask(center)
        client = create_app(center).test_client()
        client.set_cookie(STAFF_COOKIE, _token(center), path="/staff")
        request = f"/staff/requests/{reference}"
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(request).text)[1]
        pages = {
            "queue": lambda: client.get("/staff/?tab=all"),
            "request": lambda: client.get(request),
            "sample": lambda: client.post(f"{request}/items/{position}/sample", data={"csrf_token": token}),
        }
        return [_compare(name, ask) for name, ask in pages.items()]
    finally:
        center.close()


def _compare(name: str, ask) -> Page:
    took: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(TURNS + 1):
        for whole in (True, False):
            with _as_it_is() if whole else _without():
                times = [_time(ask) for _ in range(IN_A_TURN)]
            if turn:
                took[whole] += times
    return Page(name, statistics.median(took[True]), statistics.median(took[False]))


def _time(ask) -> float:
    begun = time.perf_counter()
    answer = ask()
    took = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 200, answer.status_code
    return took


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def _without() -> Iterator[None]:
    """Values are shown as they are, and nobody writes down that they were."""
    with ExitStack() as stack:
        for module in MASKED_IN:
            stack.enter_context(
                patch(f"privacy_center.{module}.mask_for_display", lambda value, mask: str(value or ""))
            )
        for module in NOTED_IN:
            stack.enter_context(patch(f"privacy_center.{module}.record_look", lambda session, **look: None))
        yield


def _ask(center: Center) -> tuple[str, int]:
    """A deletion of everything before the reviewers: its reference, and the line of the plan to take a sample of."""
    at, identities = clock.now(), {"email": [CUSTOMER]}
    drafted = draft_plan(center, identities, None, center.today(at))
    with center.database.transaction() as session:
        person = find_or_create_person(session, "email", CUSTOMER, at)
        asked = take_in_deletion(
            session,
            center,
            drafted,
            Submission(
                person=person,
                identities=identities,
                level=Level.V2,
                verification_method="code",
                timezone=center.settings.timezone,
                label="林**",
            ),
            cooling_off_days=7,
            actor=Actor("customer", str(person.id)),
            at=at,
        )
        reference = asked.reference
    return reference, _position(center, reference)


def _position(center: Center, reference: str) -> int:
    from privacy_center.plans.freeze import current_plan, items_of
    from privacy_center.privacy_requests.queries import request_by_reference

    with center.database.reading() as session:
        plan = current_plan(session, request_by_reference(session, reference).id)
        return next(one.position for one in items_of(session, plan.id) if one.collection == SAMPLED)


def _token(center: Center) -> str:
    with center.database.transaction() as session:
        member = find_staff(session, REVIEWER)
        _, token = open_login(session, kind=LoginKind.STAFF, owner=member.id, level=Level.V2, at=clock.now())
    return token


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for one in compare_pages(Path(folder) / "home"):
            print(one, round(one.whole / one.bare, 2))
