"""What members of staff read when something is not there, not theirs, or has failed: staff words, and a way back to work."""

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
