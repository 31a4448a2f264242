"""A person's key was destroyed: every page and command that lists their requests says so, and none breaks."""

import json

import pytest

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.keys import subjects
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.thread import reply
from tests.journeys.terminal import Terminal
from tests.web.staff_fixtures import company_home, room  # noqa: F401
from tests.web.staff_room import AUDITOR, BY_KEY, OFFICER, REVIEWER, StaffRoom

WHO = BY_KEY["open-case"]


@pytest.fixture
def terminal(room: StaffRoom) -> Terminal:  # noqa: F811
    return Terminal(room.center.settings.home)


def submit(terminal: Terminal, *more: str) -> str:
    """A deletion entered at the counter for the person of a story; answers the reference."""
    words = ["request", "submit", "--kind", "deletion", "--identity", f"email={WHO.email}"]
    words += [
        "--identity",
        f"phone_number={WHO.phone}",
        "--verified-by",
        "counter",
        "--by",
        "S0100",
        "--words",
        "全部删除",
    ]
    return terminal.json(*words, *more)["reference"]


def finish(room: StaffRoom, terminal: Terminal) -> str:  # noqa: F811
    """A deletion of what no rule holds, from the form to the certificate."""
    reference = submit(terminal, "--category", "user.behavior.browsing_history")
    with room.center.database.transaction() as session:
        request = request_by_reference(session, reference)
        reply(session, request, text="我们已经收到", actor=Actor("staff", REVIEWER, "reviewer"), at=clock.now())
    terminal.json("request", "decide", reference, "approve", "--by", REVIEWER, "--text", "同意")
    shown = terminal.json("request", "show", reference)
    if shown["state"] not in ("approved", "executing"):
        terminal.json("request", "decide", reference, "confirm", "--by", "S0102")
    done = terminal.json("request", "execute", reference)
    assert done["state"] == "completed", done["state"]
    return reference


def test_every_page_and_command_says_that_the_content_is_destroyed(room, terminal, monkeypatch):  # noqa: F811
    monkeypatch.setattr(subjects, "SECONDS", -1.0)  # the web has looked a minute later
    reference = finish(room, terminal)
    assert terminal("keys", "check") == 0, terminal.out
    before = terminal.json("keys", "check")
    assert terminal.json("keys", "destroy", "--request", reference, "--by", OFFICER)["destroyed"]
    number = terminal.json("request", "show", reference)["certificates"][0]["number"]
    assert terminal("request", "list") == 0
    after = terminal.json("keys", "check")
    assert after["closed"] == before["closed"] == 0
    assert sum(one["destroyed"] for one in after["columns"]) > 5
    assert terminal("audit", "verify") == 0
    officer, auditor = room.sit_down(OFFICER), room.sit_down(AUDITOR)
    page = room.sit_down(REVIEWER).get(f"/staff/requests/{reference}").text
    officer.get(f"/staff/requests/{reference}")
    assert "已销毁" in page and "我们已经收到" not in page and WHO.email not in page
    for path in ("/staff/", "/staff/holds", f"/staff/requests/{reference}/certificate"):
        officer.get(path)
    auditor.get("/staff/audit")
    assert number in officer.get(f"/staff/requests/{reference}/certificate").text


def test_nobody_destroys_a_key_that_an_open_request_or_a_held_row_needs(room, terminal):  # noqa: F811
    reference = submit(terminal)
    assert terminal("keys", "destroy", "--request", reference) == 1
    assert reference in terminal.err


def test_who_comes_back_is_a_new_person_with_a_key_of_their_own(room, terminal):  # noqa: F811
    first = finish(room, terminal)
    terminal.json("keys", "destroy", "--request", first)
    again = submit(terminal)
    assert room.request(first).person_id != room.request(again).person_id
    assert terminal("keys", "check") == 0, terminal.out


@pytest.mark.parametrize(
    ("what", "shape"),
    [
        ("打 13812345678 找他", "phone_number"),
        ("li.lei@example.com", "email"),
        ("卡 6222 0200 0000 0000 9", None),
        ("11010519491231002X", "resident_id"),
        ("2026-11-22 02:10:18 · 123456789012 · 4f9a138123456789", None),
        ("请打13812345678联系", "phone_number"),
        ("１３８１２３４５６７８", "phone_number"),
        (json.dumps({"note": "请打13812345678联系"}), "phone_number"),
        (json.dumps({"note": "打电话\n13812345678"}), "phone_number"),
        (json.dumps([{"tel": 13812345678}]), "phone_number"),
        (json.dumps({"13812345678": 1}), "phone_number"),
        ("证件11010519491231002X号", "resident_id"),
        ("客户C10023456来电", "known identity"),
        (json.dumps({"who": "客户C10023456来电"}), "known identity"),
        (json.dumps({"seq": 2026112213, "hash": "4f9a13812345678bc"}), None),
        ("{no json 13812345678", "phone_number"),
    ],
)
def test_the_shapes_of_personal_data_are_told_from_other_numbers(what, shape):
    from privacy_center.terminal.plain_text import shape_in

    assert shape_in(what, frozenset({"c10023456"})) == shape


def test_plain_text_in_our_own_database_is_named_by_table_column_and_row(room, terminal):  # noqa: F811
    reference = submit(terminal)
    with room.center.database.transaction() as session:
        request = request_by_reference(session, reference)
        request.risk_flags = [f"same as {WHO.email}"]
        key = request.id
    assert terminal("keys", "check") == 1
    assert (
        "privacy_request.risk_flags" in terminal.out and str(key) in terminal.out.replace("-", "")
    ) or key.hex in terminal.out
    assert WHO.email not in terminal.out


def test_a_value_that_does_not_open_is_named(room, terminal):  # noqa: F811
    reference = submit(terminal)
    with room.center.database.transaction() as session:
        request = request_by_reference(session, reference)
        request.words_sealed = request.identities_sealed
    assert terminal("keys", "check") == 1
    assert "privacy_request.words_sealed: row" in terminal.out
