"""A customer at the sample company's privacy center, in a browser that looks closely at every page."""

import re
import uuid
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.center import Center
from privacy_center.execution.conclude import conclude_run
from privacy_center.execution.proceed import proceed
from privacy_center.execution.step import carry_out
from privacy_center.outbox.demo_mailbox import shown_mails
from privacy_center.people.identity import find_person
from privacy_center.people.models import RateCount
from privacy_center.plans.freeze import current_plan, sign_plan
from privacy_center.privacy_requests.moves import approve
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.rounds import deliver
from tests.web.staff_room import BY_KEY, check_page

REVIEWER = Actor("staff", "S0101", "reviewer")


@dataclass
class CustomerRoom:
    """The center with its app, and what staff and time do to a request while the customer is away."""

    center: Center
    app: Flask
    browsers: list["Browser"] = field(default_factory=list)

    def browser(self) -> "Browser":
        """A browser in which nobody is signed in."""
        return Browser(self, self.app.test_client())

    def sign_in(self, key: str) -> "Browser":
        """The browser of the person of a story, signed in by their code."""
        browser = self.browser()
        browser.sign_in(BY_KEY[key].contact)
        return browser

    def code(self) -> str:
        """The newest code in the demo mailbox, after everything due has been delivered."""
        deliver(self.center, clock.now())
        with self.center.database.reading() as session:
            codes = (re.search(r"\d{6}", mail.body) for mail in shown_mails(session))
            return next(found[0] for found in codes if found)

    def letters(self) -> int:
        """How many letters have left the house."""
        deliver(self.center, clock.now())
        with self.center.database.reading() as session:
            return len(shown_mails(session))

    def forget_limits(self) -> None:
        """As if an hour had passed since the last code."""
        with self.center.database.transaction() as session:
            session.execute(sa.delete(RateCount))

    def person(self, key: str) -> uuid.UUID:
        with self.center.database.reading() as session:
            return find_person(session, "email", BY_KEY[key].email).id

    def approve(self, reference: str) -> None:
        """A reviewer signs the plan, the time to think it over is up, and it is carried out and checked."""
        handed: list[tuple[uuid.UUID, list[str]]] = []
        at = clock.now()
        with self.center.database.transaction() as session:
            asked = request_by_reference(session, reference)
            asked.cooling_off_until = None
            sign_plan(session, current_plan(session, asked.id), by="S0101", at=at)
            approve(session, asked, actor=REVIEWER, at=at)
            proceed(session, asked, lambda _session, run, datasets: handed.append((run.id, datasets)), at)
        for run, datasets in handed:
            for dataset in datasets:
                carry_out(self.center, run, dataset)
            conclude_run(self.center, run)


@dataclass
class Browser:
    """Follows nothing by itself; every page it gets must be sound (see `check_page`)."""

    room: CustomerRoom
    client: FlaskClient
    page: TestResponse | None = None

    def get(self, path: str, status: int | None = 200, **more: object) -> TestResponse:
        self.page = self.client.get(path, **more)
        assert status in (None, self.page.status_code), f"{path}: {self.page.status_code}"
        self._check()
        return self.page

    def post(
        self, path: str, status: int = 303, *, headers: dict[str, str] | None = None, **fields: object
    ) -> TestResponse:
        """Send a form with the token of the page that is open."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page.text)[1]
        answer = self.client.post(path, data={"csrf_token": token, **fields}, headers=headers)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        if answer.status_code != 303:
            self.page = answer
            self._check()
        return answer

    def sign_in(self, contact: str) -> None:
        self.room.forget_limits()
        self.get("/sign-in")
        self.post("/sign-in", contact=contact)
        self.get("/sign-in/code")
        self.post("/sign-in/code", code=self.room.code())

    def prove(self, **fields: object) -> None:
        """Step three: a code to a contact of one's own; the first that the page offers unless said otherwise."""
        self.room.forget_limits()
        page = self.get("/me/deletion/verify", None)
        while page.status_code == 200:
            place = re.search(r'name="to" value="(\d+)"', page.text)[1]
            self.post("/me/deletion/verify", 200, do="send", to=place, **fields)
            self.post("/me/deletion/verify", do="check", code=self.room.code())
            page = self.get("/me/deletion/verify", None)

    def choose(self, scope: str = "everything", **fields: object) -> None:
        """Step one of a deletion."""
        self.get("/me/deletion/")
        self.post("/me/deletion/", scope=scope, **fields)

    def submit(self, cooling: str = "days", chosen: dict[str, object] | None = None, **fields: object) -> str:
        """A deletion from the first step to the reference; `chosen`: the answers of step one."""
        self.choose(**(chosen or {}))
        self.get("/me/deletion/preview")
        self.prove()
        page = self.get("/me/deletion/check")
        digest = re.search(r'name="digest" value="([^"]+)', page.text)[1]
        answer = self.post("/me/deletion/check", digest=digest, cooling=cooling, understood="yes", **fields)
        return answer.headers["Location"].rsplit("/", 1)[1]

    def words(self) -> str:
        """The words of the open page's main part, without tags."""
        main = re.search(r"<main.*?</main>", self.page.text, re.S)[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()

    def _check(self) -> None:
        check_page(self.page)
        if "<html" in self.page.text:
            title = re.search(r"<title>([^<]*)</title>", self.page.text)[1].split("：", 1)[-1].removeprefix("Error: ")
            heading = re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", self.page.text, re.S)[1]).strip()
            assert title.startswith(heading), (title, heading)
            assert re.search(r'<html lang="(zh-CN|en)"', self.page.text)
