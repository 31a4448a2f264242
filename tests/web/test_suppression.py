"""A refused marketing choice outlives an erasure: the web journey, the terminal, and the company's systems that ask."""

import json
import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.audit.models import AuditEntry
from privacy_center.cli import main
from privacy_center.execution.forget_ended import forget_ended
from privacy_center.looks.systems import SystemRight, add_system
from privacy_center.suppressions.models import Suppression
from privacy_center.web.api.suppression import BATCHES
from tests.web.customer_room import CustomerRoom
from tests.web.staff_fixtures import room  # noqa: F401
from tests.web.staff_room import BY_KEY, OFFICER, OPERATOR, REVIEWER, StaffRoom

DENG = BY_KEY["no-marketing"]
SENTENCE = "您不接收营销信息的选择会以加密摘要保留，以免再次打扰。"


def run(counter: CustomerRoom, capsys, *arguments: str) -> tuple[int, object]:
    """A terminal command in the home of the center: exit code, and its JSON or what it refused."""
    code = main(["--home", str(counter.center.settings.home), "--json", *arguments])
    said = capsys.readouterr()
    return code, json.loads(said.out) if code == 0 else said.err


def is_suppressed(counter: CustomerRoom, capsys, contact: str, *more: str) -> bool:
    code, answers = run(counter, capsys, "suppression", "check", "--identity", contact, *more)
    assert code == 0
    return answers[0]["suppressed"]


def erased(counter: CustomerRoom, key: str = "no-marketing") -> str:
    reference = counter.sign_in(key).submit()
    counter.approve(reference)
    return reference


def bytes_of(home: Path) -> bytes:
    """Every table of the center's own database, and every file beside it."""
    return b"".join(one.read_bytes() for one in home.glob("*.db*"))


def test_a_refused_channel_is_remembered_by_hash_and_said_on_every_paper(counter: CustomerRoom, capsys):
    deng = counter.sign_in("no-marketing")
    deng.choose()
    deng.get("/me/deletion/preview")
    assert SENTENCE in deng.words()
    assert not is_suppressed(counter, capsys, f"email={DENG.email}")
    reference = deng.submit()
    counter.approve(reference)
    for paper in ("letter", "certificate"):
        deng.get(f"/me/requests/{reference}/{paper}")
        assert SENTENCE in deng.words(), paper
    code, answers = run(counter, capsys, "suppression", "check", "--identity", f"email= {DENG.email.upper()} ")
    assert code == 0 and answers[0]["suppressed"] and answers[0]["channels"] == ["email"]
    assert is_suppressed(counter, capsys, f"email={DENG.email}", "--channel", "EMAIL")
    assert not is_suppressed(counter, capsys, f"email={DENG.email}", "--channel", "wechat")
    assert not is_suppressed(counter, capsys, f"phone_number={DENG.phone}"), "the phone refused nothing"
    assert not is_suppressed(counter, capsys, "email=somebody.else@example.com")
    code, shown = run(counter, capsys, "request", "show", reference)
    assert shown["suppressed_contacts"] == 1 and shown["certificates"][0]["suppressed_contacts"] == 1
    with counter.center.database.reading() as session:
        assert [one.request_id is not None for one in session.scalars(sa.select(Suppression))] == [True]


def test_staff_read_the_number_and_the_letter_says_it_in_the_language_of_the_customer(room: StaffRoom):  # noqa: F811
    reference, other = room.ask("no-marketing", language="en"), room.ask("nothing")
    reviewer = room.sit_down(REVIEWER)
    assert "涉及 1 个联系方式" in reviewer.get(f"/staff/requests/{reference}").text
    version = re.search(r'name="version" value="(\d+)"', reviewer.get(f"/staff/requests/{reference}").text)[1]
    decided = reviewer.post(
        f"/staff/requests/{reference}/decision", {"version": version, "choice": "approve"}, status=200
    )
    assert "Your choice to receive no marketing is kept as a keyed hash" in decided.text
    assert "不接收营销信息" not in reviewer.get(f"/staff/requests/{other}").text


def test_nothing_is_said_or_kept_of_whoever_refused_nothing(counter: CustomerRoom, capsys):
    nobody = counter.sign_in("nothing")
    nobody.choose()
    nobody.get("/me/deletion/preview")
    assert SENTENCE not in nobody.words()
    reference = nobody.submit()
    counter.approve(reference)
    nobody.get(f"/me/requests/{reference}/certificate")
    assert SENTENCE not in nobody.words()
    with counter.center.database.reading() as session:
        assert session.scalars(sa.select(Suppression)).all() == []


def test_once_the_key_of_the_person_is_destroyed_the_refusal_still_stands_and_the_contact_nowhere(
    counter: CustomerRoom, capsys
):
    reference = erased(counter)
    assert run(counter, capsys, "keys", "destroy", "--request", reference)[0] == 0
    assert is_suppressed(counter, capsys, f"email={DENG.email}")
    home = counter.center.settings.home
    with sqlite3.connect(next(home.glob("privacy*.db"))) as own:
        own.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = bytes_of(home).lower()
    assert DENG.email.encode() not in kept and DENG.phone.encode() not in kept


def test_a_person_may_add_and_remove_one_with_a_reason_and_a_post(counter: CustomerRoom, capsys):
    contact = ["--identity", "phone_number=+86 138-0001-0099"]
    by, why = ["--by", OFFICER], ["--reason", "热线来电拒绝"]
    assert run(counter, capsys, "suppression", "add", *contact, *by, *why) == (0, {"added": 1})
    assert run(counter, capsys, "suppression", "add", *contact, *by, *why) == (0, {"added": 0})
    assert is_suppressed(counter, capsys, "phone_number=13800010099", "--channel", "sms")
    for refused in (["--by", OPERATOR, *why], ["--by", "S9999", *why], [*by, "--reason", " "]):
        assert run(counter, capsys, "suppression", "remove", *contact, *refused)[0] == 1
    assert run(counter, capsys, "suppression", "remove", *contact, "--channel", "sms", *by, *why)[0] == 1
    assert is_suppressed(counter, capsys, "phone_number=13800010099")
    assert run(counter, capsys, "suppression", "remove", *contact, *by, *why) == (0, {"removed": 1})
    assert not is_suppressed(counter, capsys, "phone_number=13800010099")
    with counter.center.database.reading() as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.act.like("suppression.%"))).all()
        said = " ".join(one.details for one in entries)
    assert {one.act for one in entries} == {f"suppression.{act}" for act in ("added", "checked", "removed")}
    assert "0099" not in said and "热线" not in said


def test_what_is_no_contact_is_refused_and_not_repeated(counter: CustomerRoom, capsys):
    for typed in ("email=nobody", "phone_number=12", "Email!=a@example.com", "email=a@b.c,d@e.fr"):
        code, said = run(counter, capsys, "suppression", "check", "--identity", typed)
        assert code == 1 and typed.partition("=")[2] not in said, typed


def token(counter: CustomerRoom, name: str, *may: SystemRight) -> str:
    with counter.center.database.transaction() as session:
        return add_system(session, name, actor=Actor("system", "terminal"), at=clock.now(), may=may)


def call(client: FlaskClient, token: str, act: str, body: object):
    return client.post(f"/api/suppression/{act}", json=body, headers={"Authorization": f"Bearer {token}"})


def contacts(*emails: str, **more: object) -> dict[str, object]:
    return {"contacts": [{"kind": "email", "value": one} for one in emails], **more}


def test_a_mail_tool_asks_before_it_sends_and_tells_of_consent_anew(counter: CustomerRoom, capsys):
    erased(counter)
    mail_tool = token(counter, "mail-tool", SystemRight.CHECK_SUPPRESSION)
    client, asked = counter.app.test_client(), contacts("a@example.com", DENG.email, channel="email")
    answer = call(client, mail_tool, "check", asked)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    no, yes = answer.json["answers"]
    assert no == {"suppressed": False} and yes["suppressed"] and yes["channels"] == ["email"]
    assert DENG.email not in answer.text
    assert call(client, mail_tool, "remove", asked | {"reason": "x"}).status_code == 403
    shop = token(counter, "shop", SystemRight.CHANGE_SUPPRESSION)
    assert call(client, shop, "check", asked).status_code == 403
    assert call(client, shop, "remove", asked).status_code == 422, "without a reason"
    assert call(client, shop, "remove", asked | {"reason": "注册时重新勾选"}).json == {"removed": 1}
    assert not is_suppressed(counter, capsys, f"email={DENG.email}")
    assert call(client, shop, "add", asked | {"reason": "退订链接"}).json == {"added": 2}
    assert is_suppressed(counter, capsys, "email=a@example.com", "--channel", "email")
    with counter.center.database.reading() as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "suppression.checked")).all()
    assert [json.loads(one.details)["contacts"] for one in entries if one.actor_id == "mail-tool"] == [2]


def test_a_batch_of_another_shape_is_refused_whole(counter: CustomerRoom):
    mail_tool = token(counter, "mail-tool", SystemRight.CHECK_SUPPRESSION)
    client = counter.app.test_client()
    bodies = [
        [],
        {},
        {"contacts": []},
        {"contacts": "a@example.com"},
        {"contacts": [{"kind": "email"}]},
        {"contacts": [{"kind": "email", "value": 1}]},
        contacts("nobody"),
        contacts("a@example.com", reason="x"),
        contacts("a@example.com", channel=1),
        contacts("a@example.com", channel="x" * 41),
        contacts(*["a@example.com"] * 501),
    ]
    for body in bodies:
        answer = call(client, mail_tool, "check", body)
        assert answer.status_code == 422 and answer.json["error"]["message"]["zh-CN"], body
        assert "nobody" not in answer.text


def test_a_token_for_the_log_opens_no_suppression_and_too_many_batches_wait(counter: CustomerRoom, monkeypatch):
    client = counter.app.test_client()
    assert (
        call(client, token(counter, "desk", SystemRight.WRITE_LOOKS), "check", contacts("a@example.com")).status_code
        == 403
    )
    assert call(client, "wrong", "check", contacts("a@example.com")).status_code == 401
    mail_tool = token(counter, "mail-tool", SystemRight.CHECK_SUPPRESSION)
    monkeypatch.setattr("privacy_center.web.api.suppression.BATCHES", type(BATCHES)(BATCHES.what, 1, BATCHES.window))
    sent = [call(client, mail_tool, "check", contacts("a@example.com")).status_code for _ in range(2)]
    assert sent == [200, 429]


def test_after_five_years_a_refusal_is_forgotten(counter: CustomerRoom, capsys):
    erased(counter)
    later = clock.now() + timedelta(days=5 * 366 + 1)
    assert forget_ended(counter.center.database, clock.now(), "Asia/Shanghai")["suppressions"] == 0
    assert forget_ended(counter.center.database, later, "Asia/Shanghai")["suppressions"] == 1
    assert not is_suppressed(counter, capsys, f"email={DENG.email}")
