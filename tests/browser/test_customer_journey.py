"""A customer's way through the pages in a real browser, with a script engine and without one."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from privacy_center.privacy_requests.models import State
from privacy_center.privacy_requests.queries import request_by_reference
from tests.browser.conftest import Site


def ask_for_deletion(site: Site, page: Page) -> str:
    page.goto(site.address + "/")
    page.get_by_role("link", name="删除我的信息").click()
    page.get_by_label("全部信息").check()
    page.get_by_role("button", name="看看会删什么").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("删除前，看清每一项")
    page.get_by_role("button", name="继续，核验身份").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("确认是您本人")
    site.prove(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("核对后提交")
    page.get_by_label("我看过每一项，知道删了就无法恢复").check()
    page.get_by_role("button", name="提交删除申请").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已收到您的删除申请")
    return page.locator(".ref").first.inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_entry_to_the_certificate(site: Site, browser: Browser, scripts: bool):
    context = browser.new_context(java_script_enabled=scripts, locale="zh-CN")
    page = context.new_page()
    site.sign_in(page, "open-case")
    reference = ask_for_deletion(site, page)
    page.get_by_role("link", name="看办理进度").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("确认")
    page.get_by_label("写给我们").fill("请尽快，谢谢")
    page.get_by_role("button", name="发送消息").click()
    expect(page.locator(".messages .mine")).to_contain_text("请尽快，谢谢")
    site.room.approve(reference)
    page.reload()
    expect(page.locator(".title .tag")).to_contain_text("已完成，部分暂时保留")
    page.get_by_role("link", name="看删除证明").click()
    expect(page.locator("svg.qr")).to_be_visible()
    number = re.search(r"XH\d{4}(-\w{4}){3}", page.locator(".certificate").inner_text())[0]
    page.goto(f"{site.address}/verify/{number}")
    expect(page.get_by_role("heading", level=1)).to_have_text("这份证明是真的")
    context.close()


def test_changing_ones_mind(site: Site, page: Page):
    site.sign_in(page, "unused-points")
    page.goto(site.address + "/?lang=zh-CN")
    reference = ask_for_deletion(site, page)
    page.get_by_role("link", name="撤回申请").click()
    page.get_by_role("button", name="撤回申请").click()
    expect(page.locator(".title .tag")).to_contain_text("已撤回")
    with site.room.center.database.reading() as session:
        assert request_by_reference(session, reference).state is State.CANCELLED


def test_an_error_takes_the_focus_and_leads_to_its_field(site: Site, page: Page):
    page.goto(site.address + "/sign-in?lang=en")
    page.locator("#contact").fill("not a number")
    page.get_by_role("button", name="Send a code").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").click()
    expect(page.locator("#contact")).to_be_focused()
    expect(page.locator("#contact")).to_have_value("not a number")


def test_the_first_press_of_tab_offers_to_skip_to_the_content(site: Site, page: Page):
    page.goto(site.address + "/?lang=en")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_visible()


def test_a_letter_that_arrives_shows_in_the_demo_mailbox_without_reloading(site: Site, page: Page):
    page.goto(site.address + "/demo/mailbox")
    other = page.context.new_page()
    site.room.forget_limits()
    other.goto(site.address + "/sign-in")
    other.locator("#contact").fill("lin.xiaoxia@example.com")
    other.locator("main form .btn").click()
    other.wait_for_url("**/sign-in/code**")
    site.room.code()
    expect(page.locator("#letters .card")).to_have_count(1, timeout=15_000)
