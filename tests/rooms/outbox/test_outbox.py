import threading
import uuid
from datetime import timedelta
from string import Formatter

import pytest
import sqlalchemy as sa

from privacy_center.config import Mail
from privacy_center.errors import Refusal
from privacy_center.outbox.deliver import MOST_ATTEMPTS, deliver_due
from privacy_center.outbox.demo_mailbox import shown_mails
from privacy_center.outbox.inbox import count_unread, notices_for, read_notice
from privacy_center.outbox.models import InboxMessage, MessageKind, MessageState, OutboxMessage
from privacy_center.outbox.parked import count_waiting, parked_messages, send_again
from privacy_center.outbox.queue import put_in_inbox, put_message
from privacy_center.outbox.transport import MailboxTransport, SmtpTransport
from privacy_center.outbox.words import ACTIONS, ANTI_FRAUD, TEMPLATES, write_words

NOTICE = {
    "reference": "PC-7K3M-9QXD-2F4T",
    "site": "https://privacy.example",
    "stop": "https://privacy.example/not-me/7K3M",
}
HOUR = timedelta(hours=1)


def put(database, at, key="k1", address="zhang@example.com", kind=MessageKind.EMAIL, language="zh-CN", **more):
    with database.transaction() as session:
        return put_message(
            session, kind=kind, address=address, template="notice", context=NOTICE, dedupe_key=key,
            language=language, at=at, **more,
        )  # fmt: skip


def only(database):
    with database.reading() as session:
        return session.scalars(sa.select(OutboxMessage)).one()


class Broken:
    """A way out that never works, and says an address in its error."""

    def send(self, letter):
        raise ConnectionError(f"no route for {letter.address}")


@pytest.fixture
def mail(smtp_server):
    return {
        "email": SmtpTransport(Mail(host=smtp_server.host, port=smtp_server.port, sender="隐私中心 <p@qinghe.example>"))
    }


def test_a_message_reaches_a_real_mail_server_in_the_readers_language(either, at, smtp_server, mail):
    put(either, at)
    put(either, at, key="k2", address="smith@example.com", language="en")
    done = deliver_due(either, mail, at)
    assert (done.sent, done.parked, done.put_off, done.dropped) == (2, 0, 0, 0)
    zh, en = sorted(smtp_server.messages, key=lambda message: message["X-Envelope-To"], reverse=True)
    assert zh["Subject"] == "您有一条隐私通知"
    assert "PC-7K3M-9QXD-2F4T" in zh.get_content()
    assert ANTI_FRAUD.zh in zh.get_content()
    assert en["Subject"] == "You have a privacy message"
    assert en["From"].addresses[0].display_name == "隐私中心"
    assert en["Message-ID"].endswith("@qinghe.example>")
    assert en["Date"]
    assert deliver_due(either, mail, at + HOUR).sent == 0


def test_once_sent_neither_address_nor_content_is_kept(own, at, mail):
    put(own, at)
    deliver_due(own, mail, at)
    message = only(own)
    assert (message.state, message.sent_at) == (MessageState.SENT, at)
    assert (message.address_sealed, message.context_sealed) == (None, None)


def test_the_same_key_is_queued_once(either, at):
    assert put(either, at)
    assert not put(either, at)
    with either.transaction() as session:
        told = {"person": uuid.uuid4(), "template": "approved", "context": NOTICE, "dedupe_key": "d", "at": at}
        assert put_in_inbox(session, **told)
        assert not put_in_inbox(session, **told)
        assert session.scalar(sa.select(sa.func.count()).select_from(InboxMessage)) == 1


def test_a_message_of_a_rolled_back_act_is_never_sent(own, at, smtp_server, mail):
    with pytest.raises(RuntimeError), own.transaction() as session:
        put_message(
            session, kind=MessageKind.EMAIL, address="a@b.cn", template="notice", context=NOTICE, dedupe_key="x",
            language="en", at=at,
        )  # fmt: skip
        raise RuntimeError
    assert deliver_due(own, mail, at).sent == 0
    assert smtp_server.messages == []


def test_what_may_only_be_read_after_signing_in_never_leaves(own, at):
    with pytest.raises(ValueError, match="after signing in"), own.transaction() as session:
        put_message(
            session, kind=MessageKind.EMAIL, address="a@b.cn", template="approved", context=NOTICE, dedupe_key="x",
            language="en", at=at,
        )  # fmt: skip


def test_a_failing_way_out_is_tried_again_later_and_later_then_parked(own, at):
    put(own, at)
    pauses, moment = [], at
    for _ in range(MOST_ATTEMPTS - 1):
        assert deliver_due(own, {"email": Broken()}, moment).put_off == 1
        message = only(own)
        pauses.append(message.next_at - moment)
        assert deliver_due(own, {"email": Broken()}, message.next_at - timedelta(seconds=1)).put_off == 0
        moment = message.next_at
    assert [pause.total_seconds() for pause in pauses] == [30, 60, 120, 240, 480, 960, 1920]
    assert deliver_due(own, {"email": Broken()}, moment).parked == 1
    assert deliver_due(own, {"email": Broken()}, moment + 24 * HOUR).put_off == 0
    with own.reading() as session:
        parked = parked_messages(session)
        assert [(one.attempts, one.last_error) for one in parked] == [(MOST_ATTEMPTS, "ConnectionError")]
        assert count_waiting(session) == {"parked": 1}


def test_a_parked_message_can_be_sent_again_by_a_person(own, at, smtp_server, mail):
    put(own, at)
    assert deliver_due(own, {}, at).parked == 1
    assert only(own).last_error == "no transport for email"
    with own.transaction() as session:
        send_again(session, only(own).id, at)
        with pytest.raises(Refusal, match="not parked"):
            send_again(session, only(own).id, at)
    assert deliver_due(own, mail, at).sent == 1
    assert len(smtp_server.messages) == 1


def test_a_server_that_says_try_later_is_tried_later(own, at, smtp_server, mail):
    put(own, at)
    smtp_server.refuse_with = "451 try later"
    assert deliver_due(own, mail, at).put_off == 1
    assert only(own).last_error == "SMTPDataError 451"
    smtp_server.refuse_with = None
    assert deliver_due(own, mail, at + HOUR).sent == 1
    assert len(smtp_server.messages) == 1


def test_one_broken_way_out_does_not_stop_the_others(own, at, smtp_server, mail):
    put(own, at, key="sms", kind=MessageKind.SMS, address="13800138000")
    put(own, at, key="mail")
    done = deliver_due(own, {**mail, "sms": Broken()}, at)
    assert (done.sent, done.put_off) == (1, 1)


def test_a_message_that_cannot_be_opened_does_not_stop_the_others(own, at, smtp_server, mail):
    put(own, at, key="torn")
    with own.transaction() as session:
        session.execute(sa.update(OutboxMessage).values(context_sealed=b"torn"))
    put(own, at, key="whole")
    done = deliver_due(own, mail, at)
    assert (done.sent, done.put_off) == (1, 1)


def test_a_code_for_a_contact_that_is_not_on_file_is_dropped_without_a_word(own, at, smtp_server, mail):
    asked = []

    def is_on_file(kind, value):
        asked.append((kind, value))
        return value == "known@example.com"

    put(own, at, key="a", address="known@example.com", only_if_on_file="email")
    put(own, at, key="b", address="unknown@example.com", only_if_on_file="email")
    done = deliver_due(own, mail, at, is_on_file=is_on_file)
    assert (done.sent, done.dropped) == (1, 1)
    assert sorted(asked) == [("email", "known@example.com"), ("email", "unknown@example.com")]
    assert [message["X-Envelope-To"] for message in smtp_server.messages] == ["known@example.com"]


def test_nothing_is_sent_to_a_contact_that_could_not_be_looked_up(own, at, smtp_server, mail):
    def is_on_file(kind, value):
        raise ConnectionError("the shop database is down")

    put(own, at, only_if_on_file="email")
    assert deliver_due(own, mail, at, is_on_file=is_on_file).put_off == 1
    assert smtp_server.messages == []


def test_a_code_that_has_run_out_is_dropped(own, at, smtp_server, mail):
    put(own, at, expires_at=at + timedelta(minutes=10))
    assert deliver_due(own, mail, at + timedelta(minutes=10)).dropped == 1
    assert smtp_server.messages == []


def test_a_message_taken_by_a_process_that_died_is_sent_by_another(own, at, smtp_server, mail):
    from privacy_center.outbox.deliver import LEASE, _claim

    put(own, at)
    with own.transaction() as session:
        assert _claim(session, at)
    assert deliver_due(own, mail, at).sent == 0
    assert deliver_due(own, mail, at + LEASE).sent == 1


def test_several_workers_send_each_message_once(either, at):
    for number in range(30):
        put(either, at, key=f"k{number}")
    sent, lock = [], threading.Lock()

    class Counting:
        def send(self, letter):
            with lock:
                sent.append(letter.id)

    threads = [threading.Thread(target=deliver_due, args=(either, {"email": Counting()}, at)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(sent) == len(set(sent)) == 30


def test_the_demo_keeps_what_would_have_left(own, at):
    put(own, at)
    way = MailboxTransport(own, now=lambda: at)
    assert deliver_due(own, {"email": way}, at).sent == 1
    with own.reading() as session:
        shown = shown_mails(session)
        assert [(one.address, one.title, one.at) for one in shown] == [("zhang@example.com", "您有一条隐私通知", at)]


def test_the_inbox_is_read_by_its_owner_only(own, at):
    person, other = uuid.uuid4(), uuid.uuid4()
    with own.transaction() as session:
        put_in_inbox(session, person=person, template="approved", context=NOTICE, dedupe_key="d", at=at)
        notice = notices_for(session, person, reference=NOTICE["reference"])[0]
        assert (notice.title.zh, notice.read_at, count_unread(session, person)) == ("您的申请已通过", None, 1)
        for wrong in ((other, notice.id), (person, uuid.uuid4())):
            with pytest.raises(Refusal) as refused:
                read_notice(session, *wrong, at)
            assert refused.value.status == 404
        assert read_notice(session, person, notice.id, at).read_at == at
        assert read_notice(session, person, notice.id, at + HOUR).read_at == at
        assert count_unread(session, person) == 0
        assert notices_for(session, other) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_message_speaks_both_languages_the_same_and_warns_of_fraud(template):
    chosen = TEMPLATES[template]
    names = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (chosen.body.zh, chosen.body.en)]
    names = [{name.removesuffix("_zh").removesuffix("_en") for name in one} for one in names]
    assert names[0] == names[1]
    context = {
        name: "X" for text in (chosen.body.zh, chosen.body.en) for _, name, _, _ in Formatter().parse(text) if name
    }
    title, body = write_words(template, {**context, "reference": "X"})
    assert title.zh != title.en
    assert body.zh.endswith(ANTI_FRAUD.zh)
    assert body.en.endswith(ANTI_FRAUD.en)


def test_a_code_says_what_it_is_for():
    does = ACTIONS["delete"]
    _, body = write_words("sign_in_code", {"code": "012345", "minutes": 10, "action_zh": does.zh, "action_en": does.en})
    assert "012345" in body.zh
    assert "删除您的信息" in body.zh
    assert "deleting your information" in body.en
