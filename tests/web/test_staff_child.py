"""A child under 14 asks alone: it is noticed, said to who decides, and a guardian's word is needed."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.audit.queries import entries_of_request
from privacy_center.db import Base
from privacy_center.demo.story_lives import GUARDIAN as GUARDIAN_ID
from privacy_center.people.identity import add_identity, find_or_create_person
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.thread import thread_of
from privacy_center.review.decide import decisions_on
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import BY_KEY, OFFICER, OPERATOR, REVIEWER, SENIOR, StaffRoom
from tests.web.test_identity_cases import begin as begin_case
from tests.web.test_identity_cases import decide as decide_case
from tests.web.test_identity_cases import file as file_case
from tests.web.test_identity_cases import picture, request_after
from tests.web.test_identity_cases import verify as verify_case
from tests.web.test_staff_counter_request import (
    AGENT,
    DOCUMENT,
    EVERYTHING,
    entries,
    hand_in,
    prove_on_the_phone,
    search,
)
from tests.web.test_staff_decides import hidden_on, path_of, reasons_on, version_on

CHILD = BY_KEY["child"]
UNDER, UNCLEAR = "按出生日期未满 14 岁：应由监护人申请", "登记的出生日期互相矛盾"
APPROVE = {"choice": "approve_part"}
AGREED = APPROVE | {"guardian": "guardian_agreed"}
GUARDIAN = {"guardian_document": "household", "guardian_seen": "yes"}


@pytest.fixture
def room(counter: CustomerRoom) -> StaffRoom:
    """The staff room of the same house; the child has used the privacy center before."""
    opened, at = StaffRoom(counter.center, counter.app), clock.now() - timedelta(days=400)
    with opened.center.database.transaction() as session:
        person = find_or_create_person(session, "email", CHILD.email, at)
        add_identity(session, person, "phone_number", CHILD.phone, method="code", at=at)
    return opened


def today(room: StaffRoom) -> date:
    return room.center.today(clock.now())


def born(room: StaffRoom, shop: date | None, crm: date | None) -> None:
    """Other dates of birth on the child's own rows."""
    write(room, "shop.customer", "birth_date", shop, email=CHILD.email)
    write(room, "crm.member", "birthday", crm, email=CHILD.email)


def write(room: StaffRoom, collection: str, column: str, day: date | None, **whose: object) -> None:
    live = room.center.sources.table(collection)
    mine = sa.and_(*(live.c[name] == value for name, value in whose.items()))
    with room.center.sources.engine(collection.split(".")[0]).begin() as connection:
        assert connection.execute(sa.update(live).where(mine).values({column: day})).rowcount == 1


def years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years)


def flags_of(room: StaffRoom, reference: str) -> list[str]:
    return room.request(reference).risk_flags


def check(staff, reference: str, fields: dict[str, str], status: int = 200):
    page = staff.get(path_of(reference))
    sent = {"version": version_on(page), **reasons_on(page), **fields}
    return staff.post(path_of(reference, "/decision"), sent, status)


def decide(staff, reference: str, fields: dict[str, str]) -> str:
    checked = check(staff, reference, fields)
    return staff.post(path_of(reference, "/decision"), {**hidden_on(checked), "step": "submit"}).location


def ask_on_the_web(counter: CustomerRoom, scope: str = "everything", **chosen: object) -> str:
    """The child's own way, by their own contact; answers the reference."""
    child = counter.sign_in("child")
    child.choose(scope, **chosen)
    child.get("/me/deletion/preview")
    child.prove()
    digest = re.search(r'name="digest" value="([^"]+)', child.get("/me/deletion/check").text)[1]
    done = child.post("/me/deletion/check", digest=digest, cooling="days", understood="yes")
    return done.headers["Location"].rsplit("/", 1)[1]


@pytest.mark.parametrize("chosen", [{}, {"scope": "categories", "categories": ["contact"]}])
def test_a_child_who_asks_on_the_web_is_noticed_and_the_reviewer_reads_what_to_do(counter: CustomerRoom, room, chosen):
    reference = ask_on_the_web(counter, **chosen)
    assert "under_14" in flags_of(room, reference)
    reviewer = room.sit_down(REVIEWER)
    page = reviewer.get(path_of(reference)).text
    assert UNDER in page and "请客户由监护人来办" in page
    assert "按出生日期未满 14 岁" in reviewer.get("/staff/?tab=all").text
    assert "未满 14 岁" not in room.sit_down(OPERATOR).get(path_of(reference)).text
    assert (
        "Under 14 by the date of birth: a guardian should apply." in reviewer.get(path_of(reference) + "?lang=en").text
    )


def test_no_date_of_birth_is_kept_logged_or_shown(
    counter: CustomerRoom, room: StaffRoom, caplog: pytest.LogCaptureFixture
):
    day = years_before(today(room), 12)
    born(room, day, day)
    reference = ask_on_the_web(counter)
    page = room.sit_down(REVIEWER).get(path_of(reference)).text
    with room.center.database.reading() as session:
        kept = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(sa.select(table))]
    told = "".join(kept) + caplog.text + page
    assert reference in told and day.isoformat() not in told and repr(day) not in told


@pytest.mark.parametrize(
    ("shop", "crm", "sign"),
    [
        ("2013-03-05", None, "under_14"),
        ("2013-03-05", "2014-03-05", "under_14"),
        ("2013-03-05", "1983-03-05", "age_unclear"),
        ("1982-03-05", "1983-03-05", None),
        (None, None, None),
        ("2030-01-01", None, None),
        ("2030-01-01", "2013-03-05", "under_14"),
        ("1880-01-01", "2013-03-05", "under_14"),
        ("2012-07-01", None, None),
        ("2012-07-02", None, "under_14"),
    ],
)
def test_the_facts_decide_what_is_noticed(room: StaffRoom, shop, crm, sign):
    with time_machine.travel(datetime(2026, 6, 30, 20, tzinfo=UTC), tick=False):  # 1 July in China
        born(room, *(date.fromisoformat(one) if one else None for one in (shop, crm)))
        flags = flags_of(room, room.ask("child", days_ago=0))
    assert flags == ([sign] if sign else [])


@pytest.mark.parametrize(("on", "sign"), [("2026-02-28", ["under_14"]), ("2026-03-01", [])])
def test_who_was_born_on_29_february_is_14_on_1_march(room: StaffRoom, on: str, sign: list[str]):
    born(room, date(2012, 2, 29), None)
    with time_machine.travel(datetime.fromisoformat(f"{on}T04:00:00+00:00"), tick=False):
        assert flags_of(room, room.ask("child", days_ago=0)) == sign


def test_the_rows_of_others_and_those_in_doubt_say_nothing(room: StaffRoom):
    write(room, "shop.customer", "birth_date", date(1983, 3, 5), id=GUARDIAN_ID)
    assert flags_of(room, room.ask("child")) == ["under_14"]
    write(room, "shop.customer", "birth_date", date(2015, 3, 5), id=BY_KEY["recycled-old"].number)
    assert flags_of(room, room.ask("recycled-new")) == []


def test_an_approval_needs_a_guardians_word_and_a_second_person_and_keeps_both(counter: CustomerRoom, room: StaffRoom):
    reference = room.ask("child")
    first = room.sit_down(REVIEWER)
    page = check(first, reference, APPROVE, 422).text
    assert 'id="guardian-error"' in page and "写明监护人已同意" in page
    assert check(first, reference, APPROVE | {"guardian": "no_match"}, 422)
    checked = check(first, reference, AGREED)
    assert "监护人已同意" in checked.text
    assert re.search("涉及未满 14 岁的未成年人[^。<]*。复核人同意以后才生效", checked.text)
    assert "您的监护人同意了这个申请。" in checked.text
    stripped = {name: value for name, value in hidden_on(checked).items() if name != "guardian"}
    first.post(path_of(reference, "/decision"), {**stripped, "step": "submit"}, 422)
    sent = first.post(path_of(reference, "/decision"), {**hidden_on(checked), "step": "submit"})
    assert sent.location.endswith("done=waiting")
    second = room.sit_down(SENIOR)
    page = second.get(path_of(reference)).text
    assert "监护人已同意，核对过监护关系" in page
    assert re.search("需要复核，因为：[^<]*涉及未满 14 岁的未成年人", page)
    fields = dict(re.findall(r'name="(version|decision)" value="([^"]+)"', page))
    second.post(path_of(reference, "/second"), {**fields, "answer": "confirm"})
    assert room.request(reference).state in (State.APPROVED, State.PARTLY_APPROVED, State.COOLING_OFF)
    with room.center.database.reading() as session:
        (made,) = decisions_on(session, room.request(reference).id)
        audited = {one.act: json.loads(one.details or "{}") for one in entries_of_request(session, reference)}
    assert made.reason_codes == ["guardian_agreed"] and set(made.why_second) == {"account", "child"}
    assert audited["request.second_needed"]["reason_codes"] == ["guardian_agreed"]
    assert audited["request.partly_approved"]["reason_codes"] == ["guardian_agreed"]
    child = counter.sign_in("child")
    child.get(f"/me/requests/{reference}/letter")
    assert "您的监护人同意了这个申请。" in child.words()


def test_a_wrong_date_on_file_is_said_instead_of_a_guardians_word(room: StaffRoom):
    reference = room.ask("child")
    assert decide(room.sit_down(REVIEWER), reference, APPROVE | {"guardian": "fourteen_or_older"}).endswith("waiting")


def test_dates_that_contradict_each_other_need_two_people_and_no_guardians_word(room: StaffRoom):
    born(room, date(2013, 3, 5), date(1983, 3, 5))
    reference = room.ask("child")
    first = room.sit_down(REVIEWER)
    page = first.get(path_of(reference)).text
    assert UNCLEAR in page and UNDER not in page and 'name="guardian"' not in page
    checked = check(first, reference, AGREED).text
    assert re.search("登记的出生日期互相矛盾[^。<]*。复核人同意以后才生效", checked)
    decide(first, reference, AGREED)
    with room.center.database.reading() as session:
        (made,) = decisions_on(session, room.request(reference).id)
    assert made.reason_codes == [] and set(made.why_second) == {"account", "age"}


def test_a_grown_up_is_asked_nothing_and_no_word_about_a_guardian_is_kept(room: StaffRoom):
    reference = room.ask("unused-points")
    first = room.sit_down(REVIEWER)
    page = first.get(path_of(reference)).text
    assert 'name="guardian"' not in page and "监护人" not in page
    decide(first, reference, AGREED)
    with room.center.database.reading() as session:
        assert decisions_on(session, room.request(reference).id)[0].reason_codes == []


@pytest.mark.parametrize(
    ("spoken", "said"), [("zh-CN", "由父母或其他监护人来申请"), ("en", "a parent or another guardian")]
)
def test_the_question_to_the_customer_is_filled_in_in_their_language_and_leads_to_the_guardians_way(
    counter: CustomerRoom, room: StaffRoom, spoken, said
):
    reference = room.ask("child", language=spoken)
    first = room.sit_down(REVIEWER)
    page = first.post(path_of(reference, "/decision"), {"step": "guardian"}, 200).text
    assert 'value="ask" checked' in page and said in page
    assert room.request(reference).state is State.IN_REVIEW
    text = unescape(re.search(r'<textarea id="text"[^>]*>([^<]+)<', page)[1])
    decide(first, reference, {"choice": "ask", "text": text})
    assert room.request(reference).state is State.WAITING_CUSTOMER
    with room.center.database.reading() as session:
        (asked,) = thread_of(session, room.request(reference).id)
    way = re.search(r"http\S+for-a-child", asked.text)[0]
    counter.browser().get(way.removeprefix(room.center.settings.base_url))
    child = counter.sign_in("child")
    child.get(f"/me/requests/{reference}")
    assert said in child.words() and "我们请您补充信息" in child.words()


def test_an_approved_guardian_takes_the_place_of_what_the_child_had_asked_for(counter: CustomerRoom, room: StaffRoom):
    before = room.ask("child")
    case = file_case(begin_case(counter, "for-a-child"), "for-a-child", picture())
    verify_case(room, case, SENIOR, verified_how="pictures")
    decide_case(room, case)
    made = request_after(counter, case)
    assert (made.represented_as, made.risk_flags, made.state) == ("minor", [], State.IN_REVIEW)
    assert room.request(before).state is State.CANCELLED
    officer = room.sit_down(OFFICER)
    assert UNDER not in officer.get(path_of(made.reference)).text
    assert "监护人的申请接替了这个申请" in officer.get(path_of(before)).text
    child = counter.sign_in("child")
    child.get(f"/me/requests/{before}")
    assert "您的监护人替您申请了" in child.words()


def test_a_new_draft_forgets_what_was_noticed_once_the_date_on_file_is_corrected(room: StaffRoom):
    reference = room.ask("child")
    born(room, date(1983, 3, 5), date(1983, 3, 5))
    first = room.sit_down(REVIEWER)
    page = first.get(path_of(reference, "/draft-anew")).text
    assert "按出生日期的提示变了" in page
    fields = dict(re.findall(r'name="(version|digest)" value="([^"]+)"', page))
    first.post(path_of(reference, "/draft-anew"), fields)
    assert flags_of(room, reference) == [] and UNDER not in first.get(path_of(reference)).text


def begin(room: StaffRoom, document: dict[str, str] | None = DOCUMENT):
    agent = room.sit_down(AGENT)
    visit = search(agent, CHILD)
    if document:
        agent.post(f"{visit}/verify", document)
        agent.post(f"{visit}/what", EVERYTHING)
    return agent, visit


def request_in(room: StaffRoom) -> PrivacyRequest:
    with room.center.database.reading() as session:
        return session.scalars(sa.select(PrivacyRequest)).one()


def test_at_the_counter_the_guardian_who_is_present_is_recorded_by_the_kind_of_document(room: StaffRoom):
    agent, visit = begin(room)
    assert UNDER in agent.get(f"{visit}/preview").text
    page = agent.post(f"{visit}/preview", {"guardian_document": "", "guardian_seen": "yes"}, 422).text
    assert 'id="guardian_document-error"' in page
    page = agent.post(f"{visit}/preview", {"guardian_document": "household"}, 422).text
    assert 'id="guardian_seen-error"' in page and 'value="household" selected' in page
    assert agent.post(f"{visit}/preview", GUARDIAN).location.endswith("/preview")
    page = agent.get(f"{visit}/preview").text
    assert "监护人在场，看过其证件原件（户口簿）" in page and 'name="guardian_seen"' not in page
    assert "户口簿" in agent.get(f"{visit}/confirm").text
    done = hand_in(agent, visit).location
    assert "监护人在场，看过其证件原件" in agent.get(done).text
    assert "监护人在场" in agent.get(f"{done}/receipt").text
    asked = request_in(room)
    assert (asked.verification_method, asked.risk_flags) == ("counter+guardian", ["under_14"])
    (seen,) = entries(room, "customer.guardian_seen")
    assert json.loads(seen.details) == {"ticket": "T-2026-0042", "channel": "counter", "document": "household"}
    page = room.sit_down(REVIEWER).get(path_of(asked.reference)).text
    assert f"监护人到过门店，员工 {AGENT} 看过其证件原件" in page
    check(room.sit_down(REVIEWER), asked.reference, APPROVE, 422)


def test_without_a_guardian_it_is_taken_in_and_says_so(room: StaffRoom):
    agent, visit = begin(room)
    hand_in(agent, visit)
    assert (request_in(room).verification_method, request_in(room).risk_flags) == ("counter", ["under_14"])


def test_on_the_telephone_nobody_sees_a_guardian(room: StaffRoom, counter: CustomerRoom):
    agent, visit = begin(room, None)
    prove_on_the_phone(agent, visit, counter)
    agent.post(f"{visit}/what", EVERYTHING)
    page = agent.get(f"{visit}/preview").text
    assert UNDER in page and "请告诉来电的人" in page and 'name="guardian_seen"' not in page
    agent.post(f"{visit}/preview", GUARDIAN, 409)
    hand_in(agent, visit)
    assert "guardian" not in request_in(room).verification_method and entries(room, "customer.guardian_seen") == []


def test_while_nobody_was_verified_the_sign_is_kept_and_told_to_nobody_at_the_desk(room: StaffRoom):
    agent, visit = begin(room, {"do": "none"})
    assert UNDER not in agent.get(f"{visit}/confirm").text
    agent.post(f"{visit}/preview", GUARDIAN)
    assert entries(room, "customer.guardian_seen") == []
    hand_in(agent, visit)
    assert "under_14" in request_in(room).risk_flags
