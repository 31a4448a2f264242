"""Somebody says that it was not them: by the number of a notice, or signed in."""

import re
from datetime import timedelta

import pytest

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.execution.due import begin_ready
from privacy_center.execution.proceed import proceed
from privacy_center.execution.step import carry_out
from privacy_center.outbox.demo_mailbox import shown_mails
from privacy_center.people.identity import find_person
from privacy_center.people.staff.roster import find_staff
from privacy_center.plans.freeze import current_plan, sign_plan
from privacy_center.privacy_requests.freeze import open_freezes
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.moves import approve
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.rounds import deliver
from tests.web.customer_room import REVIEWER, Browser, CustomerRoom
from tests.web.staff_room import StaffRoom

DAYS = timedelta(days=1)


def asked(counter: CustomerRoom, reference: str) -> PrivacyRequest:
    with counter.center.database.reading() as session:
        return request_by_reference(session, reference)


def number_in_notice(counter: CustomerRoom) -> str:
    """The number in the newest notice that left the house."""
    deliver(counter.center, clock.now())
    with counter.center.database.reading() as session:
        found = (re.search(r"/not-me/([0-9A-Z-]{19})", mail.body) for mail in shown_mails(session))
        return next(one[1] for one in found if one)


def make_due(counter: CustomerRoom, reference: str) -> None:
    """Approved, signed, cooling off, and a day past the end of it."""
    at = clock.now()
    with counter.center.database.transaction() as session:
        found = request_by_reference(session, reference)
        sign_plan(session, current_plan(session, found.id), by="S0101", at=at)
        approve(session, found, actor=REVIEWER, at=at)
        proceed(session, found, lambda *_: None, at)


def begin(counter: CustomerRoom, at) -> list:
    handed = []
    begin_ready(counter.center, lambda _session, run, datasets: handed.append((run.id, datasets)), at)
    return handed


def stop_by_notice(counter: CustomerRoom, status: int = 200) -> Browser:
    stranger = counter.browser()
    number = number_in_notice(counter)
    stranger.get(f"/not-me/{number}")
    stranger.post(f"/not-me/{number}", status)
    return stranger


def test_the_number_of_a_notice_stops_everything_without_signing_in(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    stranger = stop_by_notice(counter)
    assert "已经停下来了" in stranger.words() and reference in stranger.words()
    assert asked(counter, reference).frozen_at is not None and "not_me" in asked(counter, reference).risk_flags
    lin.get("/me/", 303)


def test_who_is_stopped_and_comes_back_reads_so_on_the_home_page_and_at_the_first_step(
    counter: CustomerRoom, lin: Browser
):
    lin.submit()
    stop_by_notice(counter)
    back = counter.sign_in("open-case")
    back.get("/me/")
    assert "已全部叫停" in back.words() and "已用验证码登录" not in back.words()
    back.get("/me/deletion/")
    assert "现在还不能提交" in back.words() and "核验本人之后才能再办" in back.words()


def test_a_mail_scanner_that_opens_the_link_stops_nothing(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    number = number_in_notice(counter)
    scanner = counter.browser()
    for _ in range(3):
        scanner.get(f"/not-me/{number}")
        scanner.client.head(f"/not-me/{number}")
    assert asked(counter, reference).frozen_at is None
    lin.get("/me/")


def test_a_number_works_once_and_a_made_up_one_never(counter: CustomerRoom, lin: Browser):
    lin.submit()
    number = number_in_notice(counter)
    stranger = counter.browser()
    stranger.get(f"/not-me/{number}")
    stranger.post(f"/not-me/{number.lower().replace('-', ' ')}", 200)
    stranger.get("/not-me")
    used = stranger.post(f"/not-me/{number}", 422)
    stranger.get("/not-me")
    unknown = stranger.post("/not-me/0000-0000-0000-0000", 422)
    strip = lambda text: re.sub(r'(csrf_token" value|number" type="text" value)="[^"]*"|/not-me/[0-9A-Z-]+', "", text)  # noqa: E731
    assert strip(used.text) == strip(unknown.text)
    assert stranger.post("/not-me", number=f" {number} ").headers["Location"] == f"/not-me/{number.replace('-', '')}"
    stranger.post("/not-me", 422, number="7K3M")


def test_a_request_that_is_due_is_not_carried_out_while_it_is_stopped(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    make_due(counter, reference)
    stop_by_notice(counter)
    assert begin(counter, clock.now() + 30 * DAYS) == []
    assert asked(counter, reference).state is State.COOLING_OFF


def test_a_stopped_request_is_not_approved(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    stop_by_notice(counter)
    with counter.center.database.transaction() as session, pytest.raises(Refusal, match="not theirs"):
        approve(session, request_by_reference(session, reference), actor=REVIEWER, at=clock.now())
    page = StaffRoom(counter.center, counter.app).sit_down("S0101").get(f"/staff/requests/{reference}").text
    assert "已叫停" in page and 'id="decide"' not in page


def test_a_run_under_way_changes_no_further_database(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    make_due(counter, reference)
    ((run, datasets),) = begin(counter, clock.now() + 30 * DAYS)
    stop_by_notice(counter)
    with pytest.raises(Refusal, match="not theirs"):
        carry_out(counter.center, run, datasets[0])


def test_staff_lift_the_stop_after_verifying_anew_and_the_time_to_cancel_comes_back(
    counter: CustomerRoom, lin: Browser
):
    reference = lin.submit()
    make_due(counter, reference)
    before = asked(counter, reference).execute_after
    stop_by_notice(counter)
    with counter.center.database.transaction() as session:
        request_by_reference(session, reference).frozen_at -= 2 * DAYS
        (stop,) = open_freezes(session)
    reviewer = StaffRoom(counter.center, counter.app).sit_down("S0101")
    page = reviewer.get("/staff/identity-cases?tab=stopped").text
    assert str(stop.id) in page and reference in page
    assert "已叫停" in reviewer.get(f"/staff/requests/{reference}").text
    here = f"/staff/identity-cases/stops/{stop.id}"
    assert "lin.xiaoxia" not in reviewer.get(here).text
    told = {"verified_how": "counter", "document": "id_card", "last4": "123x", "go_on": "yes", "reason": "本人到窗口"}
    for missing in told:
        reviewer.post(f"{here}/lift", {key: value for key, value in told.items() if key != missing}, 422)
    page = reviewer.post(f"{here}/lift", {"verified_how": "counter", "reason": "喂"}, 422).text
    assert re.findall(r'<li><a href="#([a-z_0-9]+)">', page) == ["document", "last4", "go_on", "reason"]
    assert ">喂</textarea>" in page
    reviewer.post(f"{here}/lift", told)
    reviewer.post(f"{here}/lift", told, 409)
    found = asked(counter, reference)
    assert found.frozen_at is None and found.execute_after - before >= 2 * DAYS
    assert begin(counter, before + DAYS) == [] and len(begin(counter, found.execute_after)) == 1


def test_lifting_can_cancel_what_the_person_never_wanted(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    stop_by_notice(counter)
    with counter.center.database.reading() as session:
        (stop,) = open_freezes(session)
    told = {"verified_how": "call_back", "go_on": "no", "reason": "不是本人提的"}
    StaffRoom(counter.center, counter.app).sit_down("S0101").post(f"/staff/identity-cases/stops/{stop.id}/lift", told)
    assert asked(counter, reference).state is State.CANCELLED


def test_nobody_lifts_their_own_stop_and_nothing_new_is_taken_in_while_it_lasts(counter: CustomerRoom):
    mine = counter.sign_in("employee")
    mine.get("/me/stop")
    mine.post("/me/stop", 200)
    with counter.center.database.reading() as session:
        (stop,) = open_freezes(session)
    room = StaffRoom(counter.center, counter.app)
    told = {"verified_how": "call_back", "go_on": "no", "reason": "我自己看过"}
    room.sit_down("S0007").post(f"/staff/identity-cases/stops/{stop.id}/lift", told, 403)
    with pytest.raises(Refusal, match="stopped until we have verified"):
        room.ask("employee")
    with counter.center.database.reading() as session:
        assert find_person(session, "email", "xu.tingting@example.com") and find_staff(session, "S0007")
