"""Following a request: the dots, messages, cancelling, papers; and that it is nobody else's."""

import hashlib
import re

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.execution.models import Certificate
from privacy_center.keys.canonical import canonical
from privacy_center.privacy_requests.models import State
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.thread import ask_customer
from tests.web.customer_room import REVIEWER, Browser, CustomerRoom
from tests.web.test_customer_ways_in import prove_by_code


def state_of(counter: CustomerRoom, reference: str) -> State:
    with counter.center.database.reading() as session:
        return request_by_reference(session, reference).state


def test_the_home_page_shows_the_open_request_with_its_five_dots(lin: Browser):
    reference = lin.submit()
    lin.get("/me/")
    assert reference in lin.words() and lin.page.text.count('<li class="done"') == 2
    lin.get("/me/requests/")
    assert reference in lin.words()


def test_somebody_elses_request_is_not_found(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    other = counter.sign_in("unused-points")
    for path in ("", "/cancel", "/letter", "/certificate"):
        other.get(f"/me/requests/{reference}{path}", 404)
    assert "/me/confirm" in other.get(f"/me/requests/{reference}/give-up", 303).location
    prove_by_code(other, f"/me/requests/{reference}/give-up")
    other.get(f"/me/requests/{reference}/give-up", 404)
    other.get(f"/me/deletion/done/{reference}", 404)
    other.get("/me/")
    other.post(f"/me/requests/{reference}/messages", 404, text="hello")
    other.get("/me/")
    other.post(f"/me/requests/{reference}/cancel", 404, version="1")
    assert state_of(counter, reference) is State.IN_REVIEW


def test_a_question_is_answered_in_the_thread_and_the_request_goes_on(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    with counter.center.database.transaction() as session:
        asked = request_by_reference(session, reference)
        ask_customer(session, asked, text="320 分用掉，还是放弃？", actor=REVIEWER, at=clock.now())
    lin.get("/me/")
    assert "等您回答一个问题" in lin.words()
    lin.get(f"/me/requests/{reference}")
    lin.post(f"/me/requests/{reference}/messages", 422, text="  ")
    lin.post(f"/me/requests/{reference}/messages", text="放弃<b>")
    page = lin.get(f"/me/requests/{reference}").text
    assert "放弃&lt;b&gt;" in page and "320 分用掉" in page and "S0101" not in page
    assert state_of(counter, reference) is State.IN_REVIEW


def test_cancelling_has_a_page_of_its_own_and_changes_nothing(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    lin.get(f"/me/requests/{reference}/cancel")
    assert state_of(counter, reference) is State.IN_REVIEW
    version = re.search(r'name="version" value="(\d+)"', lin.page.text)[1]
    lin.post(f"/me/requests/{reference}/cancel", 409, version="999")
    lin.get(f"/me/requests/{reference}/cancel")
    lin.post(f"/me/requests/{reference}/cancel", version=version)
    assert state_of(counter, reference) is State.CANCELLED
    lin.get(f"/me/requests/{reference}")
    assert "已撤回" in lin.words()
    lin.get(f"/me/requests/{reference}/cancel", 409)


def test_htmx_gets_the_progress_alone_and_a_voice_for_it(lin: Browser):
    reference = lin.submit()
    answer = lin.client.get(f"/me/requests/{reference}", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in answer.text and 'id="progress"' in answer.text and "innerHTML:#announcer" in answer.text
    whole = lin.client.get(
        f"/me/requests/{reference}", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert "<html" in whole.text


def test_letter_and_certificate_come_when_it_is_decided_and_done(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    lin.get(f"/me/requests/{reference}/letter", 404)
    lin.get(f"/me/requests/{reference}/certificate", 404)
    counter.approve(reference)
    assert state_of(counter, reference) is State.COMPLETED_WITH_HOLDS
    lin.get(f"/me/requests/{reference}/letter")
    assert "部分通过" in lin.words() and "向人民法院起诉" in lin.words()
    lin.get(f"/me/requests/{reference}")
    assert "已删除" in lin.words() and lin.page.text.count('<li class="done"') == 5
    lin.get(f"/me/requests/{reference}/certificate")
    assert "<svg" in lin.page.text and "林**" in lin.words() and "lin.xiaoxia" not in lin.page.text
    number = re.search(r"XH\d{4}-\w{4}-\w{4}-\w{4}", lin.page.text)[0]
    lin.get("/me/")
    assert "到期自动删除" in lin.words()
    stranger = counter.browser()
    stranger.get(f"/verify/{number}")
    assert "这份证明是真的" in stranger.words() and "林" not in stranger.words() and reference not in stranger.page.text
    stranger.get("/verify/XH2611-AAAA-BBBB-CCCC", 404)
    stranger.get("/verify?number=", 422)
    assert stranger.get(f"/verify?number={number}", 303).headers["Location"] == f"/verify/{number}"


def test_a_certificate_changed_together_with_its_digest_is_not_called_genuine(counter: CustomerRoom, lin: Browser):
    """Whoever writes to the database can make body and digest agree, but cannot sign."""
    reference = lin.submit()
    counter.approve(reference)
    with counter.center.database.transaction() as session:
        certificate = session.scalars(sa.select(Certificate)).one()
        certificate.body = certificate.body | {"executed_by": "somebody"}
        certificate.digest = hashlib.sha256(canonical(certificate.body)).hexdigest()
        number = certificate.number
    stranger = counter.browser()
    stranger.get(f"/verify/{number}", 404)
    assert "这份证明是真的" not in stranger.words()


def test_it_was_not_me_stops_what_can_be_stopped_and_signs_everybody_out(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    thief = counter.sign_in("open-case")
    lin.get("/not-me")
    lin.get("/me/stop")
    lin.post("/me/stop", 200)
    assert reference in lin.words() and state_of(counter, reference) is State.IN_REVIEW
    assert 'action="/sign-out"' not in lin.page.text  # the login has ended: no menu of its pages
    with counter.center.database.reading() as session:
        assert request_by_reference(session, reference).frozen_at is not None
    thief.get("/me/", 303)


def test_the_inbox_holds_the_full_words_and_can_be_marked_as_read(lin: Browser):
    reference = lin.submit()
    lin.get("/me/inbox/")
    assert (
        "我们收到了您的申请" in lin.words() and reference in lin.words() and 'class="card stack new"' in lin.page.text
    )
    lin.post("/me/inbox/")
    lin.get("/me/inbox/")
    assert 'class="card stack new"' not in lin.page.text


def test_my_data_is_masked_explained_and_each_look_is_written_down(counter: CustomerRoom, lin: Browser):
    from privacy_center.audit.models import AuditEntry

    lin.get("/me/data/")
    words = lin.words()
    assert (
        "林**" in words
        and "138****0001" in words
        and "林晓霞" not in lin.page.text
        and "13800010001" not in lin.page.text
    )
    assert "保存到" in words and "给过谁" in words
    lin.get("/me/data/?group=contact")
    assert "收货地址" in lin.words() and "浏览记录" not in lin.words()
    with counter.center.database.reading() as session:
        looks = [one for one in session.query(AuditEntry) if one.act == "data.view"]
        assert len(looks) == 2 and looks[0].subject_id == counter.person("open-case")
    lin.get("/me/")
    assert "林**，您好" in lin.words()


def test_the_demo_pages_exist_only_in_the_demo(counter: CustomerRoom):
    from privacy_center.web.app import build_app

    counter.browser().get("/demo/people")
    counter.browser().get("/demo/mailbox")
    counter.center.settings.demo = False
    counter.center.settings.base_url = "http://localhost"
    plain = CustomerRoom(counter.center, build_app(counter.center)).browser()
    plain.get("/demo/people", 404)
    assert "演示" not in plain.get("/").text


def test_what_waits_for_the_customer_can_be_given_up_later(counter: CustomerRoom):
    wang = counter.sign_in("unused-points")
    reference = wang.submit()
    wang.get("/me/")
    assert "请决定" in wang.words()
    wang.get(f"/me/requests/{reference}/give-up")
    rule = re.search(r'name="rule" value="([^"]+)"', wang.page.text)[1]
    wang.post(f"/me/requests/{reference}/give-up", 409, rule="no-such-rule")
    wang.get(f"/me/requests/{reference}/give-up")
    wang.post(f"/me/requests/{reference}/give-up", rule=rule)
    wang.get(f"/me/requests/{reference}")
    assert "您放弃了为您保留的权益" in wang.words()
