"""Masked by default; one value whole with a reason; search by two exact identifiers and a case."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.audit.models import AuditEntry
from privacy_center.audit.queries import entries_of_request
from privacy_center.demo.stories import STORIES
from privacy_center.people.staff.models import Role
from privacy_center.sources.rows import Ownership
from tests.web.staff_room import OFFICER, REVIEWER, SENIOR, StaffClient, StaffRoom, copy_home, open_room
from tests.web.test_staff_registers import approve, carry_on

pytest_plugins = ["tests.web.staff_fixtures"]

PERSON = next(one for one in STORIES if one.key == "open-case")
WHY = {"reason": "decide", "text": ""}


def looks(room: StaffRoom, act: str) -> list[dict]:
    with room.center.database.reading() as session:
        found = session.scalars(sa.select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.seq))
        return [
            {
                "seq": one.seq,
                "by": one.actor_id,
                "case": one.request_reference,
                "subject": one.subject_id,
                **json.loads(one.details),
            }
            for one in found
        ]


def position_of(room: StaffRoom, reference: str, collection: str) -> int:
    from privacy_center.plans.freeze import current_plan, items_of

    with room.center.database.reading() as session:
        plan = current_plan(session, room.request(reference).id)
        return next(one.position for one in items_of(session, plan.id) if one.collection == collection)


@pytest.fixture
def asked(room: StaffRoom) -> str:
    return room.ask("open-case")


def sample_of(staff: StaffClient, reference: str, position: int) -> str:
    return staff.get(f"/staff/requests/{reference}/items/{position}").text


def test_a_value_is_masked_until_a_reason_is_given_and_hidden_again_on_the_next_page(room: StaffRoom, asked: str):
    staff, position = room.sit_down(REVIEWER), position_of(room, asked, "shop.customer")
    path = f"/staff/requests/{asked}/items/{position}/reveal/phone"
    assert PERSON.phone not in sample_of(staff, asked, position)
    assert PERSON.phone not in staff.get(path).text
    refused = staff.post(path, {"reason": "", "text": "abc"}, status=422).text
    assert "选择理由" in refused and "abc" in refused and PERSON.phone not in refused
    staff.post(path, {"reason": "other", "text": ""}, status=422)
    assert looks(room, "data.reveal") == []
    shown = staff.post(path, WHY, status=200)
    assert PERSON.phone in shown.text and shown.headers["Cache-Control"] == "no-store"
    (look,) = looks(room, "data.reveal")
    assert (look["by"], look["case"], look["reason"]) == (REVIEWER, asked, "decide")
    assert look["data"] == ["user.contact.phone_number"]
    for again in (sample_of(staff, asked, position), staff.get(path).text, staff.get(f"/staff/requests/{asked}").text):
        assert PERSON.phone not in again


def test_sensitive_values_are_revealed_only_to_whom_the_case_is_given(room: StaffRoom, asked: str):
    staff, position = room.sit_down(REVIEWER), position_of(room, asked, "shop.customer")
    path = f"/staff/requests/{asked}/items/{position}/reveal/id_number"
    staff.get(path, status=403)
    staff.post(path, WHY, status=403)
    staff.post(f"/staff/requests/{asked}/take", {})
    shown = staff.post(path, WHY, status=200).text
    assert re.search(r"\d{17}[\dX]|没有能显示的内容", shown)
    room.sit_down(SENIOR).post(path, WHY, status=200)


def test_card_numbers_are_never_shown_whole_to_anybody(room: StaffRoom):
    reference = room.ask("bound-card")
    position = position_of(room, reference, "shop.bank_card")
    staff = room.sit_down(OFFICER)
    assert "/reveal/card_number" not in sample_of(staff, reference, position)
    staff.post(f"/staff/requests/{reference}/items/{position}/reveal/card_number", WHY, status=403)


def test_what_the_plan_does_not_hold_cannot_be_revealed(room: StaffRoom, asked: str):
    staff = room.sit_down(OFFICER)
    position = position_of(room, asked, "shop.customer")
    for path in ("items/9999/reveal/phone", f"items/{position}/reveal/no_such"):
        staff.post(f"/staff/requests/{asked}/{path}", WHY, status=404)


def test_a_record_that_is_somebody_elses_is_not_revealed_and_nothing_is_on_record(room: StaffRoom, asked: str):
    from privacy_center.plans.freeze import current_plan, items_of

    staff, position = room.sit_down(REVIEWER), position_of(room, asked, "shop.customer")
    path = f"/staff/requests/{asked}/items/{position}/reveal/phone"
    with room.center.database.transaction() as session:
        plan = current_plan(session, room.request(asked).id)
        item = next(one for one in items_of(session, plan.id) if one.position == position)
        item.ownership = Ownership.THIRD_PARTY
    staff.get(path, status=404)
    assert PERSON.phone not in staff.post(path, WHY, status=404).text
    assert looks(room, "data.reveal") == []


def test_contacts_are_shown_whole_with_a_reason(room: StaffRoom, asked: str):
    staff = room.sit_down(REVIEWER)
    assert PERSON.email not in staff.get(f"/staff/requests/{asked}").text
    path = f"/staff/requests/{asked}/contacts/reveal"
    assert PERSON.email in staff.post(path, WHY, status=200).text
    (look,) = looks(room, "data.reveal")
    assert look["data"] == ["user.contact"] and PERSON.email not in json.dumps(look, default=str)


def test_nobody_without_the_right_reveals_anything(room: StaffRoom, asked: str):
    room.hire("S0188", Role.MANAGER)
    room.hire("S0189", Role.OPERATOR)
    room.hire("S0190", Role.STEWARD)
    for number in ("S0188", "S0189", "S0190"):
        room.sit_down(number).browser.post(f"/staff/requests/{asked}/contacts/reveal")
        assert room.sit_down(number).browser.get(f"/staff/requests/{asked}/contacts/reveal").status_code == 403
        assert room.sit_down(number).browser.get("/staff/search").status_code == 403


def searched(first: tuple[str, str], second: tuple[str, str], **more: str) -> dict[str, str]:
    asked = {"kind_1": first[0], "value_1": first[1], "kind_2": second[0], "value_2": second[1]}
    return asked | {"case": "T-20261", "purpose": "complaint"} | more


def test_a_customer_is_found_by_two_exact_identifiers_and_a_case_only(room: StaffRoom, asked: str):
    staff = room.sit_down(REVIEWER)
    email, reference = ("email", PERSON.email), ("reference", asked)
    found = staff.post("/staff/search", searched(email, reference), status=200).text
    assert "找到一位客户" in found and asked in found and PERSON.email not in found
    for wrong in (
        searched(("email", PERSON.email[:-1]), reference),
        searched(("email", "lin%"), reference),
        searched(email, ("phone_number", "13800010002")),
    ):
        assert "没有找到" in staff.post("/staff/search", wrong, status=200).text
    looked = looks(room, "data.search")
    assert [one["found"] for one in looked] == [True, False, False, False]
    assert looked[0]["ticket"] == "T-20261" and looked[0]["subject"] is not None
    assert PERSON.email not in json.dumps(looked, default=str)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"case": ""}, "case"),
        ({"case": "a b"}, "case"),
        ({"purpose": ""}, "purpose"),
        ({"value_2": ""}, "value_2"),
        ({"kind_2": "email"}, "kind_2"),
        ({"kind_1": "name", "value_1": "林"}, "kind_1"),
    ],
)
def test_a_search_that_lacks_something_says_what_and_keeps_what_was_typed(room, asked, changed, field):
    typed = searched(("email", PERSON.email), ("reference", asked)) | changed
    page = room.sit_down(REVIEWER).post("/staff/search", typed, status=422).text
    assert f'id="{field}-error"' in page and (asked in page or field == "value_2")
    assert looks(room, "data.search") == []


def test_an_empty_search_says_everything_at_once_from_the_top(room: StaffRoom):
    page = room.sit_down(REVIEWER).post("/staff/search", {}, status=422).text
    fields = ["kind_1", "value_1", "kind_2", "value_2", "case", "purpose"]
    assert re.findall(r'<li><a href="#([a-z_0-9]+)">', page) == fields
    assert all(f'id="{one}-error"' in page for one in fields)


def test_the_thirty_first_search_within_an_hour_waits(room: StaffRoom, asked: str):
    staff = room.sit_down(REVIEWER)
    typed = searched(("email", "nobody@example.com"), ("reference", asked))
    for _ in range(30):
        staff.post("/staff/search", typed, status=200)
    staff.post("/staff/search", typed, status=429)
    room.sit_down(SENIOR).post("/staff/search", typed, status=200)


def test_reveal_and_search_speak_english(room: StaffRoom, asked: str):
    staff = room.sit_down(REVIEWER)
    position = position_of(room, asked, "shop.customer")
    for path in ("/staff/search", f"/staff/requests/{asked}/items/{position}/reveal/phone"):
        page = staff.get(f"{path}?lang=en").text
        main = re.sub(r"<[^>]+>", " ", page[page.index("<main") :])
        assert not re.findall(r"[\u4e00-\u9fff]+", main), path


@pytest.fixture
def sealing(company_home: Path, tmp_path: Path) -> Iterator[StaffRoom]:
    """The sample company, sealing what its rules keep."""
    home = copy_home(company_home, tmp_path)
    seal_what_is_kept(home)
    with open_room(home) as opened:
        yield opened


def seal_what_is_kept(home: Path) -> None:
    """The parts of an open case are sealed instead of restricted."""
    rules = home / "policy" / "qinghe.yml"
    before, case = rules.read_text("utf-8").split("  - key: qinghe-case-parts", 1)
    rules.write_text(before + "  - key: qinghe-case-parts" + case.replace("restrict", "seal", 1), "utf-8")


def carried_out(room: StaffRoom) -> str:
    reference = approve(room, "open-case")
    carry_on(room)
    return reference


def test_the_vault_opens_once_for_two_people_with_a_reason(sealing: StaffRoom):
    room, reference = sealing, carried_out(sealing)
    senior, officer, path = room.sit_down(SENIOR), room.sit_down(OFFICER), f"/staff/requests/{reference}/vault"
    assert "写明打开的事由" in senior.post(path, {"reason": " "}, status=422).text
    senior.post(path, {"reason": "税务检查 2026-77"})
    assert "税务检查 2026-77" in officer.get(path).text
    wish = re.search(r"/vault/([0-9a-f-]{36})/answer", officer.get(path).text)[1]
    senior.post(f"{path}/{wish}/answer", {"do": "agree"}, status=403)
    senior.post(f"{path}/{wish}/read", {}, status=409)
    officer.post(f"{path}/{wish}/answer", {"do": "agree"})
    officer.post(f"{path}/{wish}/read", {}, status=409)
    opened = senior.post(f"{path}/{wish}/read", {}, status=200).text
    assert "封存的内容" in opened and "<dt>body" not in opened and re.search(r"<dt>[^<]+ <small[^>]*>body<", opened)
    senior.post(f"{path}/{wish}/read", {}, status=409)
    room.sit_down(REVIEWER).get(path, status=403)
    with room.center.database.reading() as session:
        acts = [one.act for one in reversed(entries_of_request(session, reference))]
    assert [one for one in acts if one.startswith("vault")] == ["vault.asked", "vault.agreed", "vault.opened"]


def test_a_wish_to_open_the_vault_that_is_declined_or_a_day_old_opens_nothing(sealing: StaffRoom):
    room, reference = sealing, carried_out(sealing)
    senior, officer, path = room.sit_down(SENIOR), room.sit_down(OFFICER), f"/staff/requests/{reference}/vault"
    senior.post(path, {"reason": "tax audit"})
    wish = re.search(r"/vault/([0-9a-f-]{36})/answer", officer.get(path).text)[1]
    officer.post(f"{path}/{wish}/answer", {"do": "decline"})
    senior.post(f"{path}/{wish}/read", {}, status=409)
    senior.post(path, {"reason": "tax audit"})
    wish = re.search(r"/vault/([0-9a-f-]{36})/answer", officer.get(path).text)[1]
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        room.sit_down(OFFICER).post(f"{path}/{wish}/answer", {"do": "agree"}, status=409)
