"""A member of staff adds a passkey in a real browser, proves themself with it, signs in with it, and takes it away."""

from datetime import timedelta

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from privacy_center import clock
from privacy_center.people.models import LoginSession
from tests.browser.conftest import Site
from tests.browser.test_passkeys import authenticator, here  # noqa: F401
from tests.web.staff_room import PEOPLE, REVIEWER


def sign_in(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/staff/sign-in?lang=zh-CN")
    page.locator("#number").fill(REVIEWER)
    page.locator("#password").fill(PEOPLE[REVIEWER].password)
    page.locator("main form .btn").click()
    page.locator("#code").fill(PEOPLE[REVIEWER].code(clock.now()))
    page.locator("main form .btn").click()
    page.wait_for_url("**/staff/")


def test_a_passkey_stands_for_password_and_code(here: Site, page: Page, authenticator):  # noqa: F811
    sign_in(here, page)
    page.goto(f"{here.address}/staff/account/passkeys")
    page.locator("#name").fill("工位的钥匙")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("通行密钥已登记")).to_be_visible()
    expect(page.get_by_text("工位的钥匙")).to_be_visible()

    with here.room.center.database.transaction() as session:
        session.execute(sa.update(LoginSession).values(fresh_until=clock.now() - timedelta(seconds=1)))
    page.get_by_role("button", name="生成恢复码").click()
    page.get_by_role("button", name="用通行密钥核对").click()
    page.get_by_role("button", name="接着提交").click()
    expect(page.get_by_text("只显示这一次")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{here.address}/staff/sign-in/passkey?lang=zh-CN")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/staff/")
    page.goto(f"{here.address}/staff/account")
    page.get_by_role("button", name="删除通行密钥").click()
    expect(page.get_by_text("通行密钥已删除")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{here.address}/staff/sign-in/passkey?lang=zh-CN")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
