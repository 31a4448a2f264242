"""People who cannot prove themselves by a code, and people who ask for others: through the front door, in both languages."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image, ImageDraw

from privacy_center import clock
from privacy_center.audit.models import AuditEntry
from privacy_center.outbox.demo_mailbox import shown_mails
from privacy_center.people.contact_change import hold_until
from privacy_center.people.evidence.keep import evidence_of
from privacy_center.people.evidence.models import Evidence
from privacy_center.people.identity import find_person, search_identities_of
from privacy_center.people.identity_cases.decide import case_by_reference
from privacy_center.people.identity_cases.models import IdentityCase
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.roster import find_staff, note_identities
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.rounds import deliver
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_room import BY_KEY, StaffClient, StaffRoom
from tests.web.test_contact import codes

AGENT, FIRST, SECOND, OFFICER, RELATED = "S0105", "S0101", "S0102", "S0103", "S0007"
ASKER = "asker@example.net"
CHILD = BY_KEY["child"]
FACTS = {
    "for-a-child": {
        "wants": "deletion", "name": CHILD.name, "contact": CHILD.email, "born": f"{date.today().year - 12}-01-01",
        "relation": "父亲", "watermark": "yes",
    },
    "as-agent": {"wants": "deletion", "name": "林晓霞", "contact": BY_KEY["open-case"].email, "permission": "ask"},
    "after-a-death": {
        "wants": "deletion", "name": "高远航", "contact": BY_KEY["nothing"].email, "relation": "儿子", "interest": "办理继承",
    },
    "lost-number": {"name": "郭秀英", "contact": BY_KEY["seventy"].phone},
}  # fmt: skip
COUNTER = {"verified_how": "counter", "document": "id_card", "last4": "002X"}


@pytest.fixture
def room(counter: CustomerRoom) -> StaffRoom:
    return StaffRoom(counter.center, counter.app)


def picture(text: str = "户口簿") -> bytes:
    drawn = Image.new("RGB", (900, 600), "white")
    ImageDraw.Draw(drawn).rectangle((80, 80, 500, 400), fill="navy")
    out = BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def begin(counter: CustomerRoom, path: str, contact: str = ASKER) -> Browser:
    """The page of the path, a code to a contact that nobody has on file, and on to the form."""
    asker = counter.browser()
    counter.forget_limits()
    asker.get(f"/help/{path}")
    asker.post(f"/help/{path}", contact=contact)
    asker.get(f"/help/{path}/code")
    asker.post(f"/help/{path}/code", 422, code="000000")
    assert asker.post(f"/help/{path}/code", code=codes(counter)[contact]).headers["Location"] == f"/help/{path}/form"
    asker.get(f"/help/{path}/form")
    return asker


def file(asker: Browser, path: str, *pictures: bytes, **changed: str) -> str:
    """Send the form; answers the reference."""
    files = [(BytesIO(one), f"picture{number}.png") for number, one in enumerate(pictures)]
    answer = asker.post(f"/help/{path}/form", **{**FACTS[path], **changed}, evidence=files)
    reference = answer.headers["Location"].rsplit("/", 1)[1]
    asker.get(f"/me/for-others/sent/{reference}")
    return reference


def case_of(counter: CustomerRoom, reference: str) -> IdentityCase:
    with counter.center.database.reading() as session:
        return case_by_reference(session, reference)


def pictures_of(counter: CustomerRoom, reference: str) -> list[Evidence]:
    with counter.center.database.reading() as session:
        return evidence_of(session, case_by_reference(session, reference).id)


def request_after(counter: CustomerRoom, reference: str) -> PrivacyRequest:
    with counter.center.database.reading() as session:
        wanted = case_by_reference(session, reference).outcome_reference
        return session.scalars(sa.select(PrivacyRequest).where(PrivacyRequest.reference == wanted)).one()


def told(counter: CustomerRoom) -> list[str]:
    deliver(counter.center, clock.now())
    with counter.center.database.reading() as session:
        return [mail.address for mail in shown_mails(session, 200) if "/not-me/" in mail.body]


def at_counter(room: StaffRoom, reference: str, by: str = AGENT, status: int = 303) -> StaffClient:
    """The customer says the number of their case to this member of staff."""
    browser = room.sit_down(by)
    browser.post("/staff/identity-cases/at-counter", {"number": reference, "why": "带身份证来窗口"}, status)
    return browser


def verify(room: StaffRoom, reference: str, by: str = AGENT, **how: str) -> None:
    browser = at_counter(room, reference, by) if by == AGENT else room.sit_down(by)
    browser.post(f"/staff/identity-cases/{reference}/verify", {**COUNTER, **how})


def decide(room: StaffRoom, reference: str, by: str = FIRST, answer: str = "approve", status: int = 303) -> None:
    fields = {"answer": answer, "reason": "材料齐全"}
    room.sit_down(by).post(f"/staff/identity-cases/{reference}/decide", fields, status)


@pytest.mark.parametrize("path", FACTS)
def test_each_path_says_which_proof_why_who_sees_it_when_it_goes_and_the_way_without_the_web(counter, path):
    visitor = counter.browser()
    for language, signs in (
        ("zh-CN", "需要什么，为什么 谁能看 何时销毁 不上网 不收费"),
        ("en", "why Who Destroyed Without Free"),
    ):
        visitor.get(f"/help/{path}?lang={language}")
        assert all(sign in visitor.words() for sign in signs.split())
    visitor.get(f"/help/{path}/form", 303)
    visitor.get("/help/no-such-path", 404)


@pytest.mark.parametrize("path", FACTS)
def test_an_empty_form_says_beside_each_field_what_is_missing_and_keeps_what_was_typed(counter, path):
    asker = begin(counter, path)
    page = asker.post(f"/help/{path}/form", 422, contact="nobody knows", statement="请尽快")
    assert "请尽快" in page.text and "nobody knows" in page.text and 'id="name-error"' in page.text
    assert not re.search(r"invalid|please|sorry", asker.words(), re.I)


def test_a_known_and_an_unknown_person_get_the_same_answer(counter: CustomerRoom):
    pages = []
    for contact, who in (("lin.xiaoxia@example.com", "a@example.net"), ("nobody@example.org", "b@example.net")):
        asker = begin(counter, "as-agent", who)
        reference = file(asker, "as-agent", contact=contact)
        asker.get(f"/me/for-others/sent/{reference}")
        pages.append(re.sub(r'csrf_token" value="[^"]*"', "", asker.page.text.replace(reference, "IC")))
        asker.get("/me/for-others/")
        pages.append(re.sub(r'csrf_token" value="[^"]*"', "", asker.page.text.replace(reference, "IC")))
        with counter.center.database.reading() as session:
            assert find_person(session, "email", contact) is None
    assert pages[:2] == pages[2:]


def test_a_child_from_fourteen_on_acts_alone(counter: CustomerRoom):
    asker = begin(counter, "for-a-child")
    page = asker.post("/help/for-a-child/form", 422, **{**FACTS["for-a-child"], "born": "2010-01-01"})
    assert "满 14 岁由本人办理" in page.text and "请重新选择图片" not in page.text


def test_after_an_error_elsewhere_the_form_says_that_pictures_have_to_be_chosen_again(counter: CustomerRoom):
    asker = begin(counter, "for-a-child")
    wrong = {**FACTS["for-a-child"], "name": ""}
    page = asker.post("/help/for-a-child/form", 422, **wrong, evidence=[(BytesIO(picture()), "id.png")])
    assert 'id="evidence-error"' in page.text and page.text.count("请重新选择图片") == 2
    assert page.text.index('href="#name"') < page.text.index('href="#evidence"')


def test_what_is_uploaded_is_checked_by_its_bytes_and_large_forms_are_taken_here_alone(counter: CustomerRoom):
    asker = begin(counter, "for-a-child")
    for wrong, words in (
        (b"%PDF-1.4 /JS", "不收 PDF"),
        (b"<svg/>", "不是 JPG"),
        (b"\xff\xd8\xff" + bytes(8 << 20), "8 MB"),
    ):
        files = [(BytesIO(wrong), "id.jpg")]
        page = asker.post("/help/for-a-child/form", 422, **FACTS["for-a-child"], evidence=files)
        assert words in page.text
    many = [(BytesIO(picture()), "id.png") for _ in range(4)]
    asker.post("/help/for-a-child/form", 422, **FACTS["for-a-child"], evidence=many)
    assert counter.browser().client.post("/sign-in", data={"contact": "a" * (2 << 20)}).status_code == 413
    with counter.center.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 0


def test_a_guardian_opens_a_request_in_the_childs_name_and_follows_it_without_seeing_contents(counter, room):
    asker = begin(counter, "for-a-child")
    reference = file(asker, "for-a-child", picture())
    reviewer = room.sit_down(FIRST)
    page = reviewer.get(f"/staff/identity-cases/{reference}").text
    assert CHILD.name not in page and CHILD.email not in page and ASKER not in page
    look_once(counter, room, reference)
    verify(room, reference, SECOND, verified_how="pictures")
    decide(room, reference, SECOND, status=403)
    decide(room, reference)
    (kept,) = pictures_of(counter, reference)
    assert kept.picture_sealed is None and kept.destroyed_because == "decided"
    made = request_after(counter, reference)
    assert made.represented_as == "minor" and made.level == "V2" and made.state == "in_review"
    asker.get("/me/for-others/")
    assert made.reference in asker.words() and "审核中" in asker.words()
    asker.get(f"/me/requests/{made.reference}", 404)
    assert {CHILD.email, ASKER} <= set(told(counter))
    assert "监护人替孩子提出" in room.sit_down(OFFICER).get(f"/staff/requests/{made.reference}").text
    for who in (FIRST, SECOND):
        assert 'id="decide"' not in room.sit_down(who).get(f"/staff/requests/{made.reference}").text


def look_once(counter: CustomerRoom, room: StaffRoom, reference: str) -> None:
    """One look by the first reviewer, on an address that opens once, for that person alone."""
    reviewer, other = room.sit_down(FIRST), room.sit_down(SECOND)
    (kept,) = pictures_of(counter, reference)
    here = f"/staff/identity-cases/{reference}/evidence/{kept.id}"
    room.sit_down(AGENT).post(here, {}, 403)
    page = reviewer.post(here, {}, 200).text
    address = re.search(r'src="(/staff/evidence/[^"]+)"', page)[1]
    assert len(address.rsplit("/", 1)[1]) >= 43
    other.get(address, 404)
    answer = reviewer.browser.get(address)
    assert answer.data[:3] == b"\xff\xd8\xff" and answer.mimetype == "image/jpeg"
    headers = answer.headers
    assert "sandbox" in headers["Content-Security-Policy"] and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store" and headers["Content-Disposition"].startswith("attachment; filename=")
    reviewer.get(address, 404)
    assert f'class="btn" href="/staff/identity-cases/{reference}"' in reviewer.post(here, {}, 409).text
    with counter.center.database.reading() as session:
        looks = sa.select(AuditEntry).where(AuditEntry.act == "data.reveal", AuditEntry.request_reference == reference)
        assert [one.actor_id for one in session.scalars(looks)] == [FIRST]


def test_a_lost_number_is_replaced_after_the_counter_and_its_next_owner_sees_nothing(counter, room):
    old = BY_KEY["seventy"].phone
    before = counter.sign_in("seventy")
    asker = begin(counter, "lost-number")
    reference = file(asker, "lost-number")
    decide(room, reference, status=409)
    verify(room, reference)
    decide(room, reference)
    case = case_of(counter, reference)
    assert case.document == "id_card:002X"
    with counter.center.database.reading() as session:
        person = find_person(session, "email", ASKER)
        assert find_person(session, "phone_number", old) is None
        assert search_identities_of(session, person.id) == {"email": [ASKER], "phone_number": [old]}
        assert hold_until(session, person.id, clock.now()) > clock.now() + timedelta(hours=71)
    before.get("/me/", 303)
    asker.get("/me/", 303)
    assert {old, ASKER} <= set(told(counter))
    counter.forget_limits()
    asker.sign_in(ASKER)
    asker.get("/me/contact/")
    assert "a***@example.net" in asker.words()
    stranger = counter.browser()
    stranger.sign_in(old)
    with counter.center.database.reading() as session:
        assert find_person(session, "phone_number", old).id != person.id


def test_after_a_death_two_people_decide_and_nobody_writes_to_the_dead(counter, room):
    asker = begin(counter, "after-a-death")
    reference = file(asker, "after-a-death", picture(), picture())
    verify(room, reference)
    decide(room, reference)
    assert case_of(counter, reference).state == "second"
    assert all(one.picture_sealed for one in pictures_of(counter, reference))
    answer = {"answer": "approve", "second_reason": "已核对"}
    room.sit_down(FIRST).post(f"/staff/identity-cases/{reference}/second", answer, 403)
    room.sit_down(SECOND).post(f"/staff/identity-cases/{reference}/second", {"answer": "approve"}, 422)
    room.sit_down(SECOND).get(f"/staff/identity-cases/{reference}")
    room.sit_down(SECOND).post(f"/staff/identity-cases/{reference}/second", answer)
    assert not any(one.picture_sealed for one in pictures_of(counter, reference))
    made = request_after(counter, reference)
    nobody_reviews_what_followed_from_their_case(room, made)
    assert made.represented_as == "deceased" and made.level == "V3"
    assert ASKER in told(counter) and BY_KEY["nothing"].email not in told(counter)


def nobody_reviews_what_followed_from_their_case(room: StaffRoom, made: PrivacyRequest) -> None:
    """First and second person of the case, and whoever is the first under another staff number, are refused in words."""
    here = f"/staff/requests/{made.reference}"
    room.hire("S0961", Role.SENIOR_REVIEWER)
    with room.center.database.transaction() as session:
        for one in (FIRST, "S0961"):
            note_identities(session, find_staff(session, one), {"phone_number": ["13911112222"]})
    for who in (FIRST, SECOND, "S0961"):
        page = room.sit_down(who).get(here).text
        assert 'id="decide"' not in page and re.search("这个申请来自您经手的核验案件|由您经手受理", page), who
    version = re.search(r'name="version" value="(\d+)"', room.sit_down(OFFICER).get(here).text)[1]
    fields = {"version": version, "choice": "approve", "step": "submit"}
    assert "这个申请来自您经手的核验案件" in room.sit_down(FIRST).post(f"{here}/decision", fields, 409).text
    assert 'id="decide"' in room.sit_down(OFFICER).get(here).text


def test_a_case_that_is_refused_says_why_destroys_the_pictures_and_opens_nothing(counter, room):
    asker = begin(counter, "as-agent")
    reference = file(asker, "as-agent", picture(), permission="signed")
    fields = {"answer": "refuse", "reason": "委托上没有签名"}
    room.sit_down(FIRST).post(f"/staff/identity-cases/{reference}/decide", {"answer": "refuse"}, 422)
    room.sit_down(FIRST).post(f"/staff/identity-cases/{reference}/decide", fields)
    assert case_of(counter, reference).outcome_reference is None
    assert pictures_of(counter, reference)[0].picture_sealed is None
    asker.get("/me/inbox/")
    assert "委托上没有签名" in asker.words()
    decide(room, reference, SECOND, status=409)


def test_an_agent_is_enough_with_one_of_the_two_and_the_person_is_told(counter, room):
    asker = begin(counter, "as-agent")
    reference = file(asker, "as-agent")
    verify(room, reference, verified_how="contacted")
    decide(room, reference)
    assert case_of(counter, reference).state == "second"
    agreed = {"answer": "approve", "second_reason": "已核对"}
    room.sit_down(SECOND).post(f"/staff/identity-cases/{reference}/second", agreed)
    assert request_after(counter, reference).kind == "deletion"
    person = counter.sign_in("open-case")
    person.get("/me/inbox/")
    assert "受您委托的人替您提出了申请" in person.words()
    person.get(f"/me/requests/{request_after(counter, reference).reference}")


@pytest.mark.parametrize("path", ["for-a-child", "as-agent", "after-a-death"])
def test_nothing_but_deletion_is_offered_or_taken_in_for_somebody_else(counter, path):
    asker = begin(counter, path)
    asker.get(f"/help/{path}/form")
    assert "查看信息" not in asker.words()
    asker.post(f"/help/{path}/form", 422, **{**FACTS[path], "wants": "access"})


def test_nobody_handles_a_case_of_their_own(counter, room):
    employee = BY_KEY["employee"]
    asker = begin(counter, "as-agent")
    reference = file(asker, "as-agent", contact=employee.email, name=employee.name)
    me = room.sit_down(RELATED)
    me.get(f"/staff/identity-cases/{reference}", 403)
    me.post(f"/staff/identity-cases/{reference}/verify", COUNTER, 403)
    mine = counter.sign_in("employee")
    mine.get("/help/as-agent/form")
    other = file(mine, "as-agent")
    me.get(f"/staff/identity-cases/{other}", 403)


def test_at_the_counter_only_kind_and_last_four_are_taken(counter, room):
    reference = file(begin(counter, "lost-number"), "lost-number")
    here = f"/staff/identity-cases/{reference}/verify"
    agent = at_counter(room, reference)
    for wrong in ({"last4": "110101199001010023"}, {"last4": ""}, {"document": "face"}, {"verified_how": "pictures"}):
        agent.post(here, {**COUNTER, **wrong}, 422)
    page = agent.post(here, {"verified_how": "counter"}, 422).text
    assert 'href="#document"' in page and 'href="#last4"' in page
    page = room.sit_down(FIRST).post(f"/staff/identity-cases/{reference}/decide", {}, 422).text
    assert 'href="#answer"' in page and 'href="#reason"' in page
    agent.post(here, COUNTER)
    assert "末四位 002X" in agent.get(f"/staff/identity-cases/{reference}").text
    agent.post(f"/staff/identity-cases/{reference}/decide", {"answer": "approve", "reason": "ok"}, 403)


def test_a_case_is_seen_by_its_asker_alone_and_the_fourth_of_a_day_is_too_many(counter):
    asker = begin(counter, "as-agent")
    reference = file(asker, "as-agent")
    for _ in range(2):
        asker.get("/help/as-agent/form")
        file(asker, "as-agent")
    asker.get("/help/as-agent/form")
    asker.post("/help/as-agent/form", 429, **FACTS["as-agent"])
    assert "请一天后再试" in asker.words()
    counter.sign_in("open-case").get(f"/me/for-others/sent/{reference}", 404)


def test_the_number_that_must_be_nothing_is_on_the_page_and_in_the_metrics(counter, room):
    file(begin(counter, "for-a-child"), "for-a-child", picture())
    assert "privacy_evidence_overdue 0" in counter.app.test_client().get("/metrics").text
    assert "0 张" in room.sit_down(FIRST).get("/staff/identity-cases").text
    with counter.center.database.transaction() as session:
        session.execute(sa.update(Evidence).values(expires_at=clock.now() - timedelta(days=1)))
    assert "privacy_evidence_overdue 1" in counter.app.test_client().get("/metrics").text
    for tab in ("open", "second", "closed", "stopped"):
        room.sit_down(FIRST).get(f"/staff/identity-cases?tab={tab}&lang=en")
    assert "1 张图片过期" in room.sit_down(FIRST).get("/staff/identity-cases?lang=zh-CN").text


def test_a_decision_without_pictures_speaks_of_none_and_looks_in_a_row_are_one_line(
    counter: CustomerRoom, room: StaffRoom
):
    reference = file(begin(counter, "lost-number"), "lost-number")
    verify(room, reference)
    decide(room, reference)
    reviewer = room.sit_down(FIRST)
    reviewer.get(f"/staff/identity-cases/{reference}?done=approved")
    page = reviewer.get(f"/staff/identity-cases/{reference}?done=approved").text
    assert "已通过，已通知申请人。" in page and "图片已销毁，" not in page
    assert "查看案件，2 次" in page
    former = BY_KEY["seventy"].phone
    with counter.center.database.transaction() as session:
        note = find_person(session, "email", ASKER)
        assert former in search_identities_of(session, note.id)["phone_number"]
    assert "停用的手机号" in page and "former" not in page
