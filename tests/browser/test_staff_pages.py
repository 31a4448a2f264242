"""The staff pages in a real browser: axe on every one of them, and a decision made without any script."""

import re

import pytest
from playwright.sync_api import Browser, Page

from privacy_center import clock
from privacy_center.execution.models import RunState
from tests.browser.conftest import AXE, Site, write_reasons
from tests.web.staff_room import AUDITOR, OFFICER, OPERATOR, PEOPLE, REVIEWER, SENIOR, StaffRoom
from tests.web.test_staff_registers import approve, carry_on

DRESSES = [("zh-CN", "light"), ("en", "dark")]
WIDTHS = (375, 768, 1440)


@pytest.fixture
def room(site: Site) -> StaffRoom:
    """The staff room of the running site."""
    return staff_room_of(site)


def staff_room_of(site: Site) -> StaffRoom:
    """The staff room of this site, with a desk to hand work in at."""
    from privacy_center.workflows import Desk

    center, app = site.room.center, site.room.app
    app.extensions.setdefault("desk", Desk(center))
    return StaffRoom(center, app)


def sit_down(page: Page, site: Site, room: StaffRoom, number: str) -> None:
    token = room.token(number)
    page.context.add_cookies([{"name": "pc_staff", "value": token, "url": f"{site.address}/staff"}])


@pytest.mark.parametrize(("language", "dress"), DRESSES)
def test_axe_finds_nothing_on_any_staff_page(site: Site, room: StaffRoom, page: Page, axe, language: str, dress: str):
    page.emulate_media(color_scheme=dress)
    done = approve(room, "open-case")
    assert carry_on(room) is RunState.DONE
    fresh = room.ask("unused-points")
    query = f"lang={language}"
    own = {
        REVIEWER: (f"/staff/?tab=all&{query}", f"/staff/?channel=counter&density=compact&{query}"),
        SENIOR: (f"/staff/requests/{fresh}?{query}", f"/staff/requests/{done}?{query}", f"/staff/account?{query}"),
        OFFICER: (f"/staff/holds?{query}", f"/staff/rules?{query}", f"/staff/map?{query}", f"/staff/messages?{query}"),
    }
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.context.clear_cookies()
        page.goto(f"{site.address}/staff/sign-in?{query}")
        axe()
        for number, paths in own.items():
            sit_down(page, site, room, number)
            for path in paths:
                page.goto(site.address + path)
                axe()
        page.goto(f"{site.address}/staff/audit?{query}")
        axe()


def test_axe_finds_nothing_while_deciding(site: Site, room: StaffRoom, page: Page, axe):
    reference = room.ask("open-case")
    sit_down(page, site, room, REVIEWER)
    page.goto(f"{site.address}/staff/requests/{reference}?lang=zh-CN")
    page.locator("input[value=approve_part]").check()
    write_reasons(page)
    page.get_by_role("button", name="核对决定").click()
    page.wait_for_selector(".letter")
    axe()
    page.get_by_role("button", name="返回修改").click()
    page.locator("input[value=refuse]").check()
    page.get_by_role("button", name="核对决定").click()
    page.wait_for_selector(".error-summary")
    page.wait_for_load_state()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.evaluate(AXE.read_text("utf-8") + ";0")
    assert not page.evaluate("axe.run(document)")["violations"]


def test_a_reviewer_decides_without_any_script(site: Site, room: StaffRoom, browser: Browser):
    """From the password to the decision, with nothing but forms and links."""
    reference, person = room.ask("unused-points"), PEOPLE[REVIEWER]
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site.address}/staff/")
    page.get_by_label("工号或邮箱").fill(person.number)
    page.get_by_label("密码").fill(person.password)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("动态码").fill(person.code(clock.now()))
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="分派给我").click()
    page.get_by_role("link", name=reference).click()
    page.get_by_role("link", name=re.compile("打开记录")).first.click()
    page.get_by_text("这次查看已记入审计").wait_for()
    page.go_back()
    page.locator("input[value=approve_part]").check()
    write_reasons(page)
    page.get_by_role("button", name="核对决定").click()
    page.get_by_role("heading", name="给客户的决定书").wait_for()
    page.get_by_role("button", name="提交决定").click()
    page.get_by_text("客户会收到通知").or_(page.get_by_text("等第二人复核。")).first.wait_for()
    context.close()


def test_the_records_of_an_item_open_masked_on_a_page_of_their_own(site: Site, room: StaffRoom, page: Page):
    reference = room.ask("open-case")
    sit_down(page, site, room, REVIEWER)
    page.goto(f"{site.address}/staff/requests/{reference}?lang=zh-CN")
    link = page.get_by_role("link", name=re.compile("打开记录.*会员档案"), include_hidden=True)
    page.goto(site.address + link.first.get_attribute("href"))
    page.get_by_text("这次查看已记入审计").wait_for()
    assert reference in page.url and page.get_by_text("林**").count() > 0


def test_everything_is_reached_by_the_keyboard(site: Site, room: StaffRoom, page: Page):
    room.ask("open-case")
    sit_down(page, site, room, REVIEWER)
    page.goto(f"{site.address}/staff/?tab=all")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('th[scope=row]') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/requests/**")


def test_those_who_only_look_see_no_buttons(site: Site, room: StaffRoom, page: Page):
    from privacy_center.people.staff.models import Role

    room.hire(AUDITOR, Role.AUDITOR)
    reference = room.ask("open-case")
    for number in (AUDITOR, OPERATOR):
        sit_down(page, site, room, number)
        page.goto(f"{site.address}/staff/requests/{reference}?lang=zh-CN")
        assert page.locator("main button").count() == 0


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_on_a_phone_the_open_page_is_in_view_in_the_rail_and_no_button_or_mark_is_cut(
    site: Site, room: StaffRoom, page: Page, language: str
):
    reference = room.ask("open-case")
    sit_down(page, site, room, OFFICER)
    page.set_viewport_size({"width": 375, "height": 800})
    for path in ("audit", "permits", "account", f"requests/{reference}"):
        page.goto(f"{site.address}/staff/{path}?lang={language}")
        here = page.locator(".rail [aria-current]").bounding_box()
        assert here["x"] >= -1 and here["x"] + here["width"] <= 376, path
    assert page.locator(".actionbar .btn").bounding_box()["height"] < 60
    for tag in page.locator("#identity .tag").all():
        box = tag.bounding_box()
        assert box["x"] + box["width"] <= 375


def test_what_staff_print_fills_the_sheet(site: Site, room: StaffRoom, page: Page):
    done = approve(room, "open-case")
    assert carry_on(room) is RunState.DONE
    sit_down(page, site, room, REVIEWER)
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dpi
    page.emulate_media(media="print")
    page.goto(f"{site.address}/staff/requests/{done}/certificate")
    assert page.locator("main").bounding_box()["width"] > 600
    assert page.locator(".rail").is_hidden()
