"""Passkeys in a real browser, with an authenticator of its own: made, named, used to sign in and to step up, removed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from privacy_center import clock
from privacy_center.people.models import LoginKind, LoginSession, Passkey
from tests.browser.conftest import Site


@pytest.fixture
def here(site: Site) -> Site:
    """The site under a host name: passkeys are bound to names, never to numbers."""
    site.address = site.address.replace("127.0.0.1", "localhost")
    return site


@pytest.fixture
def authenticator(page: Page) -> dict[str, str]:
    """A phone that knows its user, put into the browser over its debugger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return {"id": made["authenticatorId"], "devtools": devtools}


def add_passkey(site: Site, page: Page, name: str = "我的手机") -> None:
    page.goto(f"{site.address}/me/security/?lang=zh-CN")
    page.get_by_role("link", name="添加通行密钥").click()
    site.prove(page)
    page.locator("#name").fill(name)
    page.get_by_role("button", name="添加通行密钥").click()
    expect(page.get_by_text("通行密钥设好了")).to_be_visible()


def let_it_count(site: Site) -> None:
    """As if three days had passed since it was made."""
    with site.room.center.database.transaction() as session:
        session.execute(sa.update(Passkey).values(counts_from=clock.now() - timedelta(seconds=1)))


def newest_login(site: Site) -> LoginSession:
    with site.room.center.database.reading() as session:
        mine = sa.select(LoginSession).where(LoginSession.kind == LoginKind.CUSTOMER)
        found = session.scalars(mine.order_by(LoginSession.created_at.desc())).first()
        session.expunge_all()
    return found


def sign_in_by_passkey(site: Site, page: Page) -> None:
    page.context.clear_cookies()
    page.goto(f"{site.address}/sign-in?lang=zh-CN")
    page.get_by_role("link", name="通行密钥").click()
    page.get_by_role("button", name="用通行密钥登录").click()


def test_a_passkey_is_made_used_to_sign_in_renamed_and_removed(here: Site, page: Page, authenticator, axe):
    here.sign_in(page, "open-case", "?lang=zh-CN")
    add_passkey(here, page)
    axe()
    sign_in_by_passkey(here, page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("您好")
    assert newest_login(here).method == "passkey:new" and newest_login(here).level == "V1"
    let_it_count(here)
    sign_in_by_passkey(here, page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("您好")
    assert newest_login(here).method == "passkey" and newest_login(here).level == "V2"
    page.goto(f"{here.address}/me/security/?lang=zh-CN")
    page.get_by_role("link", name="改名").click()
    page.locator("#name").fill("旧手机")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("旧手机", exact=True)).to_be_visible()
    page.get_by_role("link", name="移除").click()
    page.get_by_role("button", name="用通行密钥确认").click()
    page.get_by_role("button", name="移除").click()
    expect(page.get_by_text("已移除")).to_be_visible()
    sign_in_by_passkey(here, page)
    expect(page.locator(".error-summary")).to_contain_text("没有通过")


def test_a_passkey_confirms_a_deletion_of_everything(here: Site, page: Page, authenticator):
    here.sign_in(page, "open-case", "?lang=zh-CN")
    add_passkey(here, page)
    let_it_count(here)
    page.goto(f"{here.address}/me/deletion/?lang=zh-CN")
    page.locator("input[value=everything]").check()
    page.locator("main form .btn").click()
    page.goto(f"{here.address}/me/deletion/verify")
    page.get_by_role("button", name="用通行密钥确认").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("核对后提交")
    assert newest_login(here).level == "V2"


def test_a_device_that_does_not_know_its_user_signs_nobody_in(here: Site, page: Page, authenticator):
    here.sign_in(page, "open-case", "?lang=zh-CN")
    add_passkey(here, page)
    stranger = {"authenticatorId": authenticator["id"], "isUserVerified": False}
    authenticator["devtools"].send("WebAuthn.setUserVerified", stranger)
    sign_in_by_passkey(here, page)
    expect(page.locator("[data-said]")).to_contain_text("没有完成")


def test_without_a_script_the_pages_say_how_else(here: Site, browser: Browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{here.address}/sign-in/passkey")
    expect(page.get_by_text("请改用验证码登录")).to_be_visible()
    expect(page.get_by_role("button", name="用通行密钥登录")).to_be_hidden()
    page.goto(f"{here.address.replace('localhost', '127.0.0.1')}/sign-in/passkey")
    expect(page.get_by_text("网址是域名")).to_be_visible()
    context.close()
