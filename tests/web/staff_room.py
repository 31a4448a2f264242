"""A staff room to test in: the sample company, a few requests before the reviewers, and people to sign in as."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from privacy_center import clock, create_app
from privacy_center.audit.append import Actor
from privacy_center.center import Center
from privacy_center.datamap.display import mask_for_display
from privacy_center.demo.build import build_home
from privacy_center.demo.staff import STAFF
from privacy_center.demo.stories import STORIES
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.login import open_login
from privacy_center.people.models import Level, LoginKind
from privacy_center.people.staff.administer import enter_training
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.pledge import pledge_text, sign_pledge
from privacy_center.people.staff.roster import create_staff, find_staff
from privacy_center.people.staff.terms import local_today
from privacy_center.plans.draft import draft_plan
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.submit import Submission
from privacy_center.review.intake import take_in_deletion

REVIEWER, SENIOR, OFFICER, OPERATOR, RELATED = "S0101", "S0102", "S0103", "S0104", "S0007"
AUDITOR = "S0199"
PEOPLE = {one.number: one for one in STAFF}
BY_KEY = {one.key: one for one in STORIES}


@dataclass
class StaffRoom:
    """The center with its app; requests by the story of who asked."""

    center: Center
    app: Flask
    references: dict[str, str] = field(default_factory=dict)

    def ask(
        self, key: str, *, days_ago: int = 1, cooling_off_days: int = 7, known_by: str = "email", **more: object
    ) -> str:
        """A deletion of everything, asked by the person of a story, who is known here by this contact; answers the reference."""
        story, at = BY_KEY[key], clock.now() - timedelta(days=days_ago)
        identities = {"email": [story.email], "phone_number": [story.phone]}
        asked = {
            "identities": identities,
            "level": Level.V2,
            "verification_method": "code",
            "timezone": "Asia/Shanghai",
            "label": mask_for_display(story.name, "name"),
            "words": "请删除我的全部信息。",
        } | more
        with self.center.database.transaction() as session:
            person = find_or_create_person(session, known_by, identities[known_by][0], at)
            drafted = draft_plan(self.center, asked["identities"], None, self.center.today(at))
            actor = Actor("customer", str(person.id))
            made = take_in_deletion(
                session,
                self.center,
                drafted,
                Submission(person=person, **asked),
                cooling_off_days=cooling_off_days,
                actor=actor,
                at=at,
            )
        self.references[key] = made.reference
        return made.reference

    def hire(self, number: str, *roles: Role, fit: bool = True, department: str = "") -> None:
        """One more member of staff; `fit`: with a signed pledge and a training."""
        at = clock.now()
        with self.center.database.transaction() as session:
            mail = f"{number.lower()}@example.com"
            told = {"number": number, "name": number, "email": mail, "password": "a long password", "roles": roles}
            member = create_staff(session, **told, department=department, at=at)
            if fit:
                make_fit(session, member, at)

    def token(self, number: str) -> str:
        """A login of this member of staff, both proofs given."""
        with self.center.database.transaction() as session:
            member = find_staff(session, number)
            _, token = open_login(session, kind=LoginKind.STAFF, owner=member.id, level=Level.V2, at=clock.now())
        return token

    def sit_down(self, number: str) -> "StaffClient":
        """A browser in which this member of staff is signed in."""
        client = StaffClient(self.app.test_client())
        client.browser.set_cookie("pc_staff", self.token(number), path="/staff")
        return client

    def request(self, reference: str) -> PrivacyRequest:
        """The request as it is in the database now."""
        from privacy_center.privacy_requests.queries import request_by_reference

        with self.center.database.reading() as session:
            return request_by_reference(session, reference)


@dataclass
class StaffClient:
    """A browser that looks closely: every page must be sound HTML with one heading, one main part and labelled fields."""

    browser: FlaskClient

    def get(self, path: str, status: int = 200, **more: object) -> TestResponse:
        answer = self.browser.get(path, **more)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        check_page(answer)
        return answer

    def post(self, path: str, fields: dict[str, str], status: int = 303, **more: object) -> TestResponse:
        """Send a form with the token of the page it stands on."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.browser.get("/staff/account").text)[1]
        answer = self.browser.post(path, data={**fields, "csrf_token": token}, **more)
        assert answer.status_code == status, f"{path}: {answer.status_code} {errors_on(answer)}"
        check_page(answer)
        return answer


def check_page(answer: TestResponse) -> None:
    """What is true of every page."""
    if answer.mimetype != "text/html" or answer.status_code in (204, 303) or "<html" not in answer.text:
        return
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    page = parser.parse(answer.text)
    ids = [one.get("id") for one in page.iter() if one.get("id")]
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})
    assert len(list(page.iter("h1"))) == 1 and len(list(page.iter("main"))) == 1
    inside = {one.get("href")[1:] for one in page.iter("a") if (one.get("href") or "").startswith("#")}
    assert inside <= set(ids), inside - set(ids)
    labelled = {one.get("for") for one in page.iter("label")}
    wrapped = {id(inner) for label in page.iter("label") for inner in label.iter()}
    for one in [*page.iter("input"), *page.iter("select"), *page.iter("textarea")]:
        if one.get("type") != "hidden":
            assert one.get("id") in labelled or id(one) in wrapped, one.attrib
    assert "no-store" in answer.headers["Cache-Control"]
    for one in page.iter():
        assert one.get("style") is None and not any(name.startswith("on") for name in one.attrib), one.attrib


def errors_on(answer: TestResponse) -> list[str]:
    return re.findall(r'class="error-summary".*?</ul>', answer.text, re.S)


def make_fit(session: Session, member: StaffMember, at: datetime) -> None:
    """What a member needs before customer data opens."""
    day = local_today(session, at)
    sign_pledge(session, member, version=pledge_text(session).version, name=member.name, at=at)
    enter_training(session, member, title="年度培训", done_on=day, due_on=day + timedelta(days=365), by=None, at=at)


@contextmanager
def open_room(home: Path) -> Iterator[StaffRoom]:
    """A staff room in this home."""
    center = Center.open(home)
    center.settings.base_url = "http://localhost"
    try:
        app = create_app(center)
        yield StaffRoom(center, app)
        if "desk" in app.extensions:
            app.extensions["desk"].close()
    finally:
        center.close()


def prepare_home(folder: Path) -> Path:
    """The sample company's home with every table of our own; made once, copied for each test."""
    from privacy_center.workflows import prepare_database

    home = folder / "home"
    build_home(home, clock.now())
    center = Center.open(home)
    prepare_database(center)
    center.close()
    return home


def copy_home(home: Path, to: Path) -> Path:
    return Path(shutil.copytree(home, to / "home"))
