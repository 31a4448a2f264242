"""A customer keeps what is theirs in their own hands, without any script; two people open what is sealed."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, open_site
from tests.browser.test_staff_pages import room, sit_down, staff_room_of
from tests.web.staff_room import BY_KEY, OFFICER, REVIEWER, SENIOR, StaffRoom
from tests.web.test_contact import codes, prove_strongly
from tests.web.test_identity_cases import picture
from tests.web.test_not_me import number_in_notice
from tests.web.test_staff_reveal import carried_out, seal_what_is_kept

__all__ = ["room"]

NEW = "new.lin@example.com"


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone on which no script runs."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def press(page: Page, words: str) -> None:
    """Press, and wait until the page that answers stands whole."""
    page.locator("main").get_by_role("button", name=re.compile(words)).first.click()
    page.wait_for_load_state()


def within(page: Page) -> None:
    """The page stays within its width, and what a thumb presses is 44 px high."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
    low = "[...document.querySelectorAll('button, .btn, .action')].filter(one => one.offsetHeight && one.offsetHeight < 44)"
    assert page.evaluate(f"{low}.map(one => one.textContent)") == [], page.url


def test_a_contact_is_changed_deletion_waits_and_the_old_contact_undoes_it(site: Site, plain: Page):
    site.sign_in(plain, "open-case", "?lang=zh-CN")
    prove_strongly(site.room)
    plain.goto(f"{site.address}/me/contact/")
    plain.get_by_role("link", name="换一个").click()
    within(plain)
    plain.locator("#contact").fill(NEW)
    site.room.forget_limits()
    press(plain, "发送验证码")
    sent = codes(site.room)
    plain.locator("#code").fill(sent[NEW])
    plain.locator("#old_code").fill(sent[BY_KEY["open-case"].email])
    within(plain)
    press(plain, "更换")
    expect(plain.get_by_text("现在不能申请删除")).to_be_visible()
    plain.goto(f"{site.address}/me/deletion/")
    expect(plain.get_by_text("现在还不能提交")).to_be_visible()
    plain.goto(f"{site.address}/not-me/{number_in_notice(site.room)}")
    within(plain)
    press(plain, "全部叫停")
    expect(plain.locator("h1")).to_have_text("已经停下来了")
    site.sign_in(plain, "open-case")
    expect(plain.get_by_text("已全部叫停")).to_be_visible()
    within(plain)


def test_a_parent_sends_a_picture_that_is_seen_once_and_gone_after_the_decision(
    site: Site, room: StaffRoom, plain: Page, tmp_path: Path
):
    (tmp_path / "page.jpg").write_bytes(picture())
    plain.goto(f"{site.address}/help/for-a-child")
    plain.locator("#contact").fill("parent@example.net")
    press(plain, "发送验证码")
    plain.locator("#code").fill(site.room.code())
    press(plain, "下一步")
    child = BY_KEY["child"]
    for name, value in {"name": child.name, "contact": child.email, "born": "2014-06-01", "relation": "父亲"}.items():
        plain.locator(f"#{name}").fill(value)
    plain.locator("#evidence").set_input_files(tmp_path / "page.jpg")
    within(plain)
    press(plain, "提交")
    reference = plain.locator("main .ref").inner_text()
    case = f"{site.address}/staff/identity-cases/{reference}"
    sit_down(plain, site, room, SENIOR)
    plain.goto(case)
    press(plain, "看一次")
    expect(plain.locator("img.evidence")).to_be_visible()
    assert plain.locator("img.evidence").evaluate("picture => picture.naturalWidth") > 0
    plain.reload()
    expect(plain.get_by_text("每人只能看一次")).to_be_visible()
    plain.goto(case)
    plain.get_by_label("看过上传的证明图片").check()
    press(plain, "记下核验")
    sit_down(plain, site, room, REVIEWER)
    plain.goto(case)
    plain.locator("[name=answer][value=approve]").check()
    plain.locator("#reason").fill("户口簿写明父子关系")
    within(plain)
    press(plain, "提交决定")
    expect(plain.get_by_text("已通过，图片已销毁")).to_be_visible()
    expect(plain.get_by_text("已销毁", exact=True)).to_be_visible()
    expect(plain.get_by_role("button", name="看一次")).to_have_count(0)


def test_two_people_open_the_vault_and_the_customer_asks_why_and_is_answered(
    browser_home: Path, tmp_path: Path, plain: Page
):
    home = shutil.copytree(browser_home, tmp_path / "home")
    seal_what_is_kept(home)
    with open_site(home) as site:
        room = staff_room_of(site)
        vault = f"{site.address}/staff/requests/{carried_out(room)}/vault"
        open_the_vault(site, room, plain, vault)
        site.sign_in(plain, "open-case", "?lang=zh-CN")
        plain.goto(f"{site.address}/me/who-looked/")
        plain.get_by_role("link", name="我对这次查看有疑问").first.click()
        plain.locator("#text").fill("为什么打开封存的内容？")
        press(plain, "提交疑问")
        number = re.search(r"编号 (PC-[\w-]+)", plain.inner_text("main"))[1]
        sit_down(plain, site, room, OFFICER)
        plain.goto(f"{site.address}/staff/questions/{number}")
        plain.locator("main textarea").fill("税务检查 2026-77 要求核对发票。")
        within(plain)
        press(plain, "发出答复")
        plain.goto(f"{site.address}/me/who-looked/")
        plain.get_by_role("link", name="看答复").first.click()
        expect(plain.get_by_text("税务检查 2026-77 要求核对发票。")).to_be_visible()
        assert OFFICER not in plain.inner_text("main")


def open_the_vault(site: Site, room: StaffRoom, page: Page, vault: str) -> None:
    """One asks with a reason, another agrees, the first looks once."""
    for number, words in ((SENIOR, "请第二个人同意"), (OFFICER, "同意打开"), (SENIOR, "打开，只看这一次")):
        sit_down(page, site, room, number)
        page.goto(vault)
        if number == SENIOR and words.startswith("请"):
            page.locator("#reason").fill("税务检查 2026-77")
        within(page)
        press(page, words)
    expect(page.locator("h1")).to_have_text("封存的内容")
    page.goto(vault)
    expect(page.get_by_role("button", name="打开，只看这一次")).to_have_count(0)
