"""What members of staff read when something is not there, not theirs, or has failed: staff words, and a way back to work."""

import re
from pathlib import Path

import pytest

from tests.web.staff_room import OFFICER, OPERATOR, StaffClient, StaffRoom, check_page

pytest_plugins = ["tests.web.staff_fixtures"]

SECURITY = "S0107"


@pytest.mark.parametrize(
    ("number", "words"), [(OFFICER, "回到申请队列"), (OPERATOR, "回到申请队列"), (SECURITY, "回到您的第一页")]
)
@pytest.mark.parametrize("path", ["/staff/nowhere", "/staff/requests/PC-0000-0000-0000", "/staff/sample"])
def test_an_error_leads_staff_back_to_where_their_post_starts(room: StaffRoom, number: str, words: str, path: str):
    answer = room.sit_down(number).browser.get(path)
    assert answer.status_code in (403, 404)
    check_page(answer)
    page = answer.text
    assert f"{words}</a>" in page and 'class="staff"' in page
    assert 'href="/">' not in page and "需要人帮忙，请拨" not in page


def test_before_sign_in_an_error_leads_staff_to_the_door(room: StaffRoom):
    page = StaffClient(room.app.test_client()).get("/staff/nowhere", 404).text
    assert 'href="/staff/sign-in"' in page and "去登录" in page


def test_a_breakdown_tells_staff_to_look_before_they_do_it_again(room: StaffRoom):
    def fall() -> str:
        raise RuntimeError("fallen")

    room.app.view_functions["staff.messages"] = fall
    operator = room.sit_down(OPERATOR)
    assert "看清有没有办成" in operator.get("/staff/messages", 500).text
    english = operator.get("/staff/messages?lang=en", 500).text
    assert "Load the page before this one again" in english and "your data" not in english


def wrong_fields(page: str) -> list[str]:
    """The fields that the summary above the form leads to, in its order."""
    return re.findall(r'<li><a href="#([a-z_0-9]+)">', page.split('class="error-summary"')[1].split("</div>")[0])


def test_a_training_is_told_everything_that_is_wrong_at_once_and_keeps_what_was_typed(room: StaffRoom):
    steward, path = room.sit_down("S0110"), f"/staff/people/{OPERATOR}"
    nothing = {"title": "", "done_on": "", "due_on": ""}
    assert wrong_fields(steward.post(f"{path}/trainings", nothing, 422).text) == ["title", "done_on", "due_on"]
    typed = {"title": "", "done_on": "2026-01-02", "due_on": "2026-01-01"}
    page = steward.post(f"{path}/trainings", typed, 422).text
    assert wrong_fields(page) == ["title", "due_on"]
    assert 'value="2026-01-02"' in page and 'value="2026-01-01"' in page
    days = {"starts_on": "soon", "ends_on": "later"}
    assert wrong_fields(steward.post(f"{path}/dates", days, 422).text) == ["starts_on", "ends_on"]


def test_a_role_is_told_everything_that_is_wrong_at_once(room: StaffRoom):
    typed = {"role": "king", "role_starts_on": "", "role_ends_on": "never"}
    page = room.sit_down("S0108").post(f"/staff/people/{OPERATOR}/roles", typed, 422).text
    assert wrong_fields(page) == ["role", "role_starts_on", "role_ends_on"]


def test_hiding_is_told_everything_that_is_wrong_at_once_and_keeps_what_was_typed(room: StaffRoom):
    officer = room.sit_down(OFFICER)
    nothing = {"what": "", "until": "", "ground": "", "reason": ""}
    page = officer.post("/staff/hidden-looks", nothing, 422).text
    assert wrong_fields(page) == ["what", "until", "ground", "reason"]
    typed = {"what": "INV-7", "until": "2020-01-01", "ground": "", "reason": "公安机关来函"}
    page = officer.post("/staff/hidden-looks", typed, 422).text
    assert wrong_fields(page) == ["until", "ground"] and "INV-7" in page and "公安机关来函" in page


def test_a_case_at_the_counter_is_told_everything_that_is_wrong_at_once(room: StaffRoom):
    page = room.sit_down("S0105").post("/staff/identity-cases/at-counter", {"number": "", "why": ""}, 422).text
    assert wrong_fields(page) == ["number", "why"]


def test_the_map_says_of_a_file_that_is_no_database_that_it_does_not_answer(room: StaffRoom):
    sources = room.center.sources
    file = Path(sources.engine("crm").url.database)
    sources.engine("crm").dispose()
    file.write_bytes(b"this is no database at all" * 200)
    page = room.sit_down(OPERATOR).get("/staff/map").text
    crm = page[page.index(">crm<") : page.index(">shop<")]
    assert "连不上数据库" in crm
