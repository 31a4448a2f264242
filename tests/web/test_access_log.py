import json
import resource
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from privacy_center import clock
from privacy_center.anomalies.models import Anomaly
from privacy_center.anomalies.watch import watch
from privacy_center.audit.append import Actor
from privacy_center.audit.models import AuditEntry
from privacy_center.audit.queries import entries_of_request
from privacy_center.client.look_log import LookLog
from privacy_center.looks.models import LogSystem
from privacy_center.looks.receive import BATCHES
from privacy_center.looks.systems import add_system, revoke_system
from privacy_center.people.identity_cases.file import _new_reference
from privacy_center.privacy_requests.reference import new_reference
from tests.servers import free_port, serving
from tests.web.customer_room import CustomerRoom

TERMINAL = Actor("system", "terminal")


@pytest.fixture
def token(counter: CustomerRoom) -> str:
    counter.center.settings.base_url = "http://localhost"
    with counter.center.database.transaction() as session:
        return add_system(session, "order-desk", actor=TERMINAL, at=clock.now())


def entry(number: int = 1, **more: object) -> dict[str, object]:
    return {
        "id": f"e-{number}",
        "at": clock.now().isoformat(),
        "operator": {"number": "A-1", "role": "agent", "department": "客服"},
        "subject": {"kind": "email", "value": "lin.xiaoxia@example.com"},
        "data": ["user.contact"],
        "purpose": "after_sales",
        "case": "CASE-1",
        **more,
    }


def send(client: FlaskClient, token: str, *entries: object, **more):
    headers = {"Authorization": f"Bearer {token}"}
    return client.post("/api/access-log", json={"entries": list(entries)}, headers=headers, **more)


def looks(counter: CustomerRoom) -> list[AuditEntry]:
    with counter.center.database.reading() as session:
        return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.act.like("data.%"))))


def test_a_batch_is_written_with_a_token_and_neither_a_cookie_nor_a_form(counter: CustomerRoom, token: str):
    client = counter.app.test_client()
    answer = send(client, token, entry(1), entry(2))
    assert (answer.status_code, answer.json) == (200, {"written": ["e-1", "e-2"], "known": []})
    assert send(client, token, entry(2), entry(3)).json == {"written": ["e-3"], "known": ["e-2"]}
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    assert [json.loads(one.details)["system"] for one in looks(counter)] == ["order-desk"] * 3


def test_a_case_of_ours_that_another_system_names_is_no_case_of_ours(counter: CustomerRoom, token: str):
    """Neither the case's own log nor a rule on looks without a case takes it for one; what was said stays in the entry."""
    references = [new_reference(), _new_reference(), new_reference().lower(), new_reference().replace("-", "")]
    acts = [{"act": "search", "case": one} for one in references] + [{"act": "search", "case": "CASE-1"}]
    answer = send(counter.app.test_client(), token, *(entry(number, **one) for number, one in enumerate(acts)))
    assert answer.status_code == 200
    *ours, other = looks(counter)
    assert [one.request_reference for one in ours] == [None] * 4 and other.request_reference == "CASE-1"
    assert [json.loads(one.details)["case_told"] for one in ours] == references
    assert "case_told" not in other.details
    center = counter.center
    assert watch(center.database, center.anomaly_rules, center.surroundings, clock.now()) >= 1
    with counter.center.database.reading() as session:
        (found,) = session.scalars(sa.select(Anomaly).where(Anomaly.rule == "search-without-case"))
        assert found.group_key == "A-1" and found.counted == 4
        assert all(entries_of_request(session, one) == [] for one in references)


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic abc"])
def test_without_a_token_that_works_nothing_is_read(counter: CustomerRoom, token: str, given: str):
    answer = counter.app.test_client().post("/api/access-log", json={}, headers={"Authorization": given})
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json["error"]["message"]["en"] and answer.mimetype == "application/json"


def test_a_revoked_token_ends_at_once(counter: CustomerRoom, token: str):
    assert send(counter.app.test_client(), token, entry()).status_code == 200
    with counter.center.database.transaction() as session:
        revoke_system(session, "order-desk", actor=TERMINAL, at=clock.now())
    assert send(counter.app.test_client(), token, entry(2)).status_code == 401


def test_wrong_entries_are_named_and_nothing_is_kept(counter: CustomerRoom, token: str):
    answer = send(counter.app.test_client(), token, entry(1), entry(2, data="all"), 5)
    assert answer.status_code == 422
    told = [(one["place"], one["id"], one["field"]) for one in answer.json["error"]["entries"]]
    assert told == [(1, "e-2", "data"), (2, None, "")] and looks(counter) == []


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (413, b"[" + b" " * 1024 * 1024 + b"]", "application/json"),
        (415, b"{}", "text/plain"),
        (422, b"{", "application/json"),
        (422, b"[" * 200_000, "application/json"),
        (422, b'{"entries": []}', "application/json"),
    ],
)
def test_what_cannot_be_read_is_refused_in_json(counter: CustomerRoom, token: str, status, body, kind):
    headers = {"Authorization": f"Bearer {token}"}
    answer = counter.app.test_client().post("/api/access-log", data=body, content_type=kind, headers=headers)
    assert answer.status_code == status and answer.json["error"]["message"]["zh-CN"]


def test_too_many_batches_in_a_minute_are_told_to_wait(counter: CustomerRoom, token: str, monkeypatch):
    few = type(BATCHES)(BATCHES.what, 2, BATCHES.window)
    monkeypatch.setattr("privacy_center.looks.receive.BATCHES", few)
    client = counter.app.test_client()
    assert [send(client, token, entry(number)).status_code for number in (1, 2, 3)] == [200, 200, 429]
    assert int(send(client, token, entry(4)).headers["Retry-After"]) > 0


def test_the_endpoint_answers_to_nothing_but_a_post(counter: CustomerRoom, token: str):
    assert counter.app.test_client().get("/api/access-log").status_code == 405


def note(log: LookLog, number: int, **more: object) -> str:
    subject = ("email", "lin.xiaoxia@example.com")
    return log.look(number=f"A-{number}", role="agent", department="客服", subject=subject, data=["user.contact"],
                    purpose="after_sales", case="CASE-1", **more)  # fmt: skip


def test_looks_wait_on_disk_while_the_center_is_down_and_arrive_once(counter: CustomerRoom, token: str, tmp_path: Path):
    port = free_port()
    counter.center.settings.base_url = f"http://127.0.0.1:{port}"
    log = LookLog(counter.center.settings.base_url, token, tmp_path / "spool", start=False)
    ids = [note(log, number) for number in range(450)]
    with pytest.raises(OSError):
        log.flush()
    log.close()
    again = LookLog(counter.center.settings.base_url, token, tmp_path / "spool", start=False)
    assert again.waiting() == 450
    with serving(counter.app, port):
        assert again.flush() == 450 and again.waiting() == 0
    assert sorted(json.loads(one.details)["entry"] for one in looks(counter)) == sorted(ids)


def test_a_batch_whose_answer_was_lost_is_sent_again_and_written_once(
    counter: CustomerRoom, token: str, tmp_path: Path
):
    port = free_port()
    counter.center.settings.base_url = f"http://127.0.0.1:{port}"
    lost = []

    def losing(environ, start_response):
        """The batch is written, and the line is cut before the answer has left."""
        if not lost:
            lost.append(b"".join(counter.app.wsgi_app(environ, lambda *_: None)))
            raise ConnectionResetError
        return counter.app.wsgi_app(environ, start_response)

    log = LookLog(counter.center.settings.base_url, token, tmp_path / "spool", start=False)
    note(log, 1)
    with serving(losing, port):
        with pytest.raises(OSError):
            log.flush()
        assert len(looks(counter)) == 1 and log.waiting() == 1
        killed = LookLog(counter.center.settings.base_url, token, tmp_path / "spool", start=False)
        assert killed.flush() == 1
    assert len(looks(counter)) == 1


def test_an_entry_that_can_never_be_taken_does_not_hold_up_the_others(
    counter: CustomerRoom, token: str, tmp_path: Path
):
    port = free_port()
    counter.center.settings.base_url = f"http://127.0.0.1:{port}"
    log = LookLog(counter.center.settings.base_url, token, tmp_path / "spool", start=False)
    note(log, 1)
    note(log, 2, at=clock.now() + timedelta(days=1))
    (tmp_path / "spool" / "waiting.jsonl").open("a").write('{"id": "torn')
    note(log, 3)
    with serving(counter.app, port):
        assert log.flush() == 2
    (refused,) = [json.loads(line) for line in (tmp_path / "spool" / "refused.jsonl").read_text().splitlines()]
    assert refused["field"] == "at" and refused["entry"]["operator"]["number"] == "A-2"
    assert {one.actor_id for one in looks(counter)} == {"A-1", "A-3"}


def test_a_look_of_which_a_full_disk_takes_only_a_part_is_not_taken_for_noted(token: str, tmp_path: Path):
    log = LookLog("http://127.0.0.1:9", token, tmp_path / "spool", start=False)
    note(log, 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    full = (tmp_path / "spool" / "waiting.jsonl").stat().st_size + 40
    resource.setrlimit(resource.RLIMIT_FSIZE, (full, before[1]))  # as a quota ends a write
    try:
        with pytest.raises(OSError):
            note(log, 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    note(log, 3)
    assert log.waiting() == 2


def test_the_client_sends_by_itself_and_stands_alone(counter: CustomerRoom, token: str, tmp_path: Path):
    port = free_port()
    counter.center.settings.base_url = f"http://127.0.0.1:{port}"
    log = LookLog(counter.center.settings.base_url, token, tmp_path / "spool", every=0.05)
    note(log, 1)
    arrived = threading.Event()
    sa.event.listen(counter.center.database.engine, "commit", lambda _: arrived.set() if log.waiting() == 0 else None)
    with serving(counter.app, port):
        for _ in range(100):
            if looks(counter):
                break
            arrived.wait(0.1)
        log.close()
    assert len(looks(counter)) == 1
    source = Path("privacy_center/client/look_log.py").read_text("utf-8")
    assert "privacy_center." not in "".join(line for line in source.splitlines() if line.startswith(("import", "from")))
    with counter.center.database.reading() as session:
        assert session.scalar(sa.select(LogSystem.last_seen_at)) is not None
