"""The privacy center's own data: in its own map, under its own rules, forgotten when its time is over."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from privacy_center import clock
from privacy_center.anomalies.models import Anomaly
from privacy_center.audit.append import Actor, record
from privacy_center.audit.look import seen_in
from privacy_center.audit.models import AuditEntry
from privacy_center.config import Settings
from privacy_center.datamap.catalogue import load_catalogue
from privacy_center.datamap.load import load_map
from privacy_center.datamap.own_map import OWN_MAP, own_dataset
from privacy_center.execution.forget_ended import forget_ended, own_periods
from privacy_center.keys.columns import sealed_columns
from privacy_center.keys.sealing import DESTROYED_TEXT
from privacy_center.looks.hidden import hide
from privacy_center.looks.models import HiddenLook, ReceivedLook
from privacy_center.looks.receive import read_batch, take_batch
from privacy_center.outbox.deliver import deliver_due
from privacy_center.outbox.inbox import notices_for
from privacy_center.outbox.models import MessageKind, MessageState, OutboxMessage
from privacy_center.outbox.queue import put_message
from privacy_center.people import forget
from privacy_center.people.identity import find_or_create_person, find_person
from privacy_center.people.models import Level, LoginKind, LoginSession, Person
from privacy_center.privacy_requests.queries import request_by_reference, words_in
from privacy_center.privacy_requests.timeline import timeline_of
from privacy_center.retention.pack import load_packs
from privacy_center.retention.reading import OWN_PACK
from privacy_center.terminal.own_tables import every_table
from tests import corner
from tests.journeys.terminal import Terminal

LI = {"email": ["li@example.com"]}
ZONE = "Asia/Shanghai"


@pytest.fixture
def shop(tmp_path):
    opened = corner.open_corner(tmp_path / "home")
    yield opened
    opened.center.close()


def test_the_map_says_what_the_models_say():
    assert OWN_MAP.read_text("utf-8").strip() == own_dataset(every_table()).strip(), "privacy-center datamap own"
    told = {
        f"{table['name']}.{field['name']}": field["data_categories"]
        for table in yaml.safe_load(OWN_MAP.read_text("utf-8"))["dataset"][0]["collections"]
        for field in table["fields"]
    }
    for one in sealed_columns(every_table()):
        assert told[one.name] == [one.column.info["category"]]


def test_map_and_rules_are_sound_for_the_product_itself(tmp_path):
    data_map, findings = load_map(OWN_MAP.parent)
    assert [one for one in findings if one.level == "error"] == []
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / OWN_PACK.name).write_text(OWN_PACK.read_text("utf-8"))
    catalogue = load_catalogue(tmp_path / "none.yml")
    _, findings = load_packs(
        tmp_path / "policy", catalogue=catalogue, data_map=data_map, settings=Settings(home=tmp_path)
    )
    assert [one.spoken("en") for one in findings if one.level == "error" and OWN_PACK.name in one.place] == []


def test_the_periods_that_are_carried_out_are_those_of_the_pack():
    periods = own_periods()
    assert timedelta(days=periods["own-codes"].days) == forget.CODES
    assert timedelta(days=periods["own-logins"].days) == forget.LOGINS


def test_everything_of_a_person_is_unreadable_three_years_after_the_last_request_was_closed(shop):
    reference = corner.sign_and_run(shop, LI, categories=["user.behavior.browsing_history"])
    database, at = shop.center.database, clock.now()
    with database.reading() as session:
        request = request_by_reference(session, reference)
        assert request.closed_at and timeline_of(session, request.id)
        assert notices_for(session, request.person_id)
    assert forget_ended(database, at + timedelta(days=3 * 365 - 2), ZONE)["people"] == 0
    done = forget_ended(database, at + timedelta(days=3 * 366), ZONE)
    assert done["people"] == 1
    with database.reading() as session:
        request = request_by_reference(session, reference)
        assert words_in(session, request) in ("", DESTROYED_TEXT)
        assert notices_for(session, request.person_id) == []
        assert find_person(session, "email", "li@example.com") is None
        assert all(not one.details for one in timeline_of(session, request.id))
    assert forget_ended(database, at + timedelta(days=3 * 366), ZONE)["people"] == 0
    assert Terminal(shop.home)("keys", "check") == 0
    assert Terminal(shop.home)("audit", "verify") == 0


def test_messages_that_were_given_up_keep_neither_address_nor_row_beyond_their_time(shop):
    database, at = shop.center.database, clock.now()
    letter = {"kind": MessageKind.EMAIL, "language": "en", "at": at, "template": "notice"}
    letter["context"] = {"reference": "PC-1", "site": "x", "stop": "y"}
    with database.transaction() as session:
        ends = at + timedelta(minutes=10)
        put_message(session, address="a@example.com", dedupe_key="code", expires_at=ends, **letter)
        put_message(session, address="b@example.com", dedupe_key="notice", **letter)
    assert deliver_due(database, {}, at).parked == 2

    def kept():
        with database.reading() as session:
            rows = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.dedupe_key)).all()
            return [(one.state, bool(one.address_sealed), bool(one.context_sealed)) for one in rows]

    forget_ended(database, at + timedelta(minutes=9), ZONE)
    assert kept() == [(MessageState.PARKED, True, True)] * 2
    forget_ended(database, at + timedelta(days=1), ZONE)
    assert kept() == [(MessageState.DROPPED, False, False), (MessageState.PARKED, True, True)]
    forget_ended(database, at + timedelta(days=190), ZONE)
    assert kept() == []


def test_what_was_told_of_somebody_who_never_came_and_why_looks_were_hidden_goes_after_three_years(shop):
    database, at = shop.center.database, clock.now()
    sent = {"id": "1", "at": at.isoformat(), "operator": {"number": "A1"}, "data": ["user.name"], "purpose": "billing"}
    never, came = (
        sent | {"id": one, "subject": {"kind": "email", "value": f"{one}@x.cn"}} for one in ("never", "came")
    )
    staff, officer = Actor("staff", "S1", "agent"), Actor("staff", "S2", "privacy_officer")
    with database.transaction() as session:
        looks = read_batch({"entries": [one | {"content": {"name": "某**"}} for one in (never, came)]}, 36, at)
        take_batch(session, "crm", looks, at)
        find_or_create_person(session, "email", "came@x.cn", at)
        today = shop.center.today(at)
        why = {"ground": "secrecy", "reason": "某人涉案", "until": today + timedelta(days=9), "today": today}
        hide(session, case="PC-1", actor=officer, at=at, **why)
        record(session, actor=staff, act="request.view", at=at)
        item = {"title": {}, "severity": "low", "threshold": 1, "counted": 1, "first_at": at, "last_at": at}
        item |= {"opened_at": at, "due_at": at, "settled_at": at, "reason_sealed": b"-"}
        session.add(Anomaly(rule="r", group_key="g", **item))

    def left():
        with database.reading() as session:
            seen = [seen_in(session, one) for one in session.scalars(sa.select(AuditEntry)) if one.content_sealed]
            named = session.scalars(sa.select(ReceivedLook.value_index).where(ReceivedLook.value_index.is_not(None)))
            hidden = session.scalars(sa.select(HiddenLook)).all()
            reasons = session.scalars(sa.select(Anomaly.reason_sealed)).all()
            return [one for one in seen if one], len(list(named)), len(hidden), reasons

    for days in (3, 3 * 365 - 3):
        forget_ended(database, at + timedelta(days=days), ZONE)
        assert left() == ([{"name": "某**"}] * 2, 2, 1, [b"-"])
    with database.transaction() as session:
        session.add(LoginSession(**login_of(session, at + timedelta(days=3 * 365))))
    forget_ended(database, at + timedelta(days=3 * 366), ZONE)
    assert left() == ([{"name": "某**"}], 1, 0, [None])
    forget_ended(database, at + timedelta(days=7 * 366), ZONE)
    assert left() == ([], 0, 0, [None])
    assert Terminal(shop.home)("audit", "verify") == 0


def login_of(session, at):
    """A sign-in of the one person there is."""
    person = session.scalars(sa.select(Person.id)).one()
    times = {"created_at": at, "last_seen_at": at, "expires_at": at}
    return {"kind": LoginKind.CUSTOMER, "owner_id": person, "token_hash": "t", "level": Level.V1, **times}


def test_nobody_is_forgotten_while_a_row_is_held_for_a_later_release(shop):
    corner.sign_and_run(shop, LI)
    assert forget_ended(shop.center.database, clock.now() + timedelta(days=5 * 366), ZONE)["people"] == 0


def test_an_old_backup_of_the_database_opens_nothing_of_a_person_whose_key_is_destroyed(shop):
    reference = corner.sign_and_run(shop, LI, categories=["user.behavior.browsing_history"])
    database, backup = shop.home / "privacy-center.db", shop.home / "backup.db"
    with closing(sqlite3.connect(database)) as ours, closing(sqlite3.connect(backup)) as copy:
        ours.backup(copy)
    assert Terminal(shop.home).json("keys", "destroy", "--request", reference)["destroyed"]
    shop.center.close()
    for left in ("-wal", "-shm"):
        Path(f"{database}{left}").unlink(missing_ok=True)
    backup.replace(database)
    found = Terminal(shop.home).json("keys", "check")["columns"]
    people = {one["column"]: one for one in found if one["column"].startswith(("person", "privacy_request", "inbox"))}
    assert people["person_identity.value_sealed"]["destroyed"] == 1
    assert sum(one["opened"] for one in people.values()) == 0
