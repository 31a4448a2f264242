"""The main job through the browser, on the demo as `make demo` starts it: web and worker in one process."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from privacy_center.demo.build import prepare_demo
from privacy_center.demo.staff import PASSWORD, STAFF
from tests.browser.conftest import open_changes, write_reasons

PATIENCE = 60_000
"""Milliseconds for the worker to finish."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Address and home of a demo in a process of its own, without a time to change one's mind."""
    home = tmp_path / "home"
    prepare_demo(home, datetime.now(UTC))
    settings = home / "settings.toml"
    without = re.sub(r"(?m)^cooling_off_days.*\n", "", settings.read_text())
    settings.write_text("cooling_off_days = 0\n" + without)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).parent / "privacy-center", "demo", "--home", home, "--listen", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    yield f"http://127.0.0.1:{port}", home
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0


def new_page(browser: Browser) -> Page:
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(20_000)
    return page


def customer_signs_in(browser: Browser, address: str, contact: str) -> Page:
    page = new_page(browser)
    page.goto(f"{address}/sign-in")
    page.locator("#contact").fill(contact)
    page.locator("main form .btn").first.click()
    page.locator("#code").fill(code_in_mailbox(browser, address, "登录"))
    page.locator("main form .btn").first.click()
    page.wait_for_url("**/me/")
    return page


def prove(browser: Browser, address: str, page: Page, what_for: str) -> None:
    """On a page that has sent a code for something."""
    page.locator("#code").fill(code_in_mailbox(browser, address, what_for))
    page.locator("form:has(#code) button").click()
    expect(page.locator("#code")).to_have_count(0, timeout=20_000)  # who leaves before the answer leaves unproven


def code_in_mailbox(browser: Browser, address: str, what_for: str) -> str:
    """The newest code that was asked for this purpose, by the words of the message."""
    page = new_page(browser)
    page.goto(f"{address}/demo/mailbox")
    for _ in range(60):
        if found := re.search(rf"验证码 (\d{{6}})，用于{what_for}", page.inner_text("main")):
            page.context.close()
            return found[1]
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError("no code in the demo mailbox")


def staff_signs_in(browser: Browser, address: str, number: str) -> Page:
    member = next(one for one in STAFF if one.number == number)
    page = new_page(browser)
    page.goto(f"{address}/staff/sign-in")
    page.locator("[name=number]").fill(number)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form .btn").first.click()
    page.locator("[name=code]").fill(member.code(datetime.now(UTC)))
    page.locator("main form .btn").first.click()
    page.wait_for_url("**/staff/")
    return page


def in_shop(home: Path, statement: str) -> int | None:
    """What the shop's own database answers."""
    engine = sa.create_engine(f"sqlite:///{next(home.rglob('shop.db'))}")
    with engine.begin() as connection:
        done = connection.exec_driver_sql(statement)
        answer = done.scalar() if done.returns_rows else None
    engine.dispose()
    return answer


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(PATIENCE // 500):
        if holds():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError("the worker did not finish in time")


def test_a_customer_asks_two_people_decide_the_databases_change_and_what_stayed_goes_when_its_case_closes(
    browser: Browser, demo: tuple[str, Path]
) -> None:
    address, home = demo
    contact = "lin.xiaoxia@example.com"
    hers = in_shop(home, f"SELECT id FROM customer WHERE email = '{contact}'")
    others = in_shop(home, f"SELECT count(*) FROM browsing_history WHERE customer_id <> {hers}")

    customer = customer_signs_in(browser, address, contact)
    customer.locator("main a[href*='/me/also/']").first.click()
    customer.locator("form:has([name=do][value=send]) button").first.click()
    prove(browser, address, customer, "确认这也是您的联系方式")
    customer.goto(f"{address}/me/deletion/")
    customer.locator("input[type=radio]").first.check()
    customer.locator("main form .btn").first.click()
    expect(customer.locator("h1")).to_have_text("删除前，看清每一项")
    customer.locator("main .btn:not(.quiet)").first.click()
    prove(browser, address, customer, "删除您的信息")
    expect(customer.locator("h1")).to_have_text("核对后提交", timeout=20_000)
    customer.wait_for_load_state()
    for box in customer.locator("main input[type=checkbox]").all():
        box.check()
    customer.locator("main form .btn").first.click()
    customer.wait_for_url("**/done/**")
    reference = re.search(r"PC-[\w-]+", customer.url)[0]

    reviewer = staff_signs_in(browser, address, "S0101")
    reviewer.goto(f"{address}/staff/requests/{reference}")
    reviewer.locator("[name=choice][value=approve_part]").check()
    write_reasons(reviewer)
    reviewer.get_by_role("button", name="核对决定").click()
    reviewer.locator("button[name=step][value=submit]").click()
    expect(reviewer.locator("main")).to_contain_text("复核")

    second = staff_signs_in(browser, address, "S0102")
    second.goto(f"{address}/staff/requests/{reference}")
    open_changes(second)
    second.locator("[name=answer][value=confirm]").check()
    second.locator("form:has([name=answer]) button").last.click()

    customer.goto(f"{address}/me/requests/{reference}")
    wait_until(customer, lambda: customer.get_by_role("link", name="看删除证明").count() > 0)
    customer.get_by_role("link", name="看删除证明").click()
    customer.wait_for_load_state()
    number = re.search(r"XH\d{4}-[\w-]+", customer.inner_text("main"))[0]
    assert in_shop(home, f"SELECT count(*) FROM browsing_history WHERE customer_id = {hers}") == 0
    assert in_shop(home, f"SELECT count(*) FROM browsing_history WHERE customer_id <> {hers}") == others
    assert in_shop(home, f"SELECT email FROM customer WHERE id = {hers}") == contact, "an open case needs it"

    anybody = new_page(browser)
    anybody.goto(f"{address}/verify/{number}")
    expect(anybody.locator("main")).to_contain_text(number)
    assert "林" not in anybody.inner_text("main")
    customer.goto(f"{address}/me/inbox")
    expect(customer.locator("main")).to_contain_text(reference)

    in_shop(
        home, f"UPDATE after_sales_case SET closed_at = '{datetime.now(UTC):%Y-%m-%d %H:%M:%S}' WHERE closed_at IS NULL"
    )
    officer = staff_signs_in(browser, address, "S0103")
    officer.goto(f"{address}/staff/holds")
    officer.get_by_role("button", name="检查并删除到期项").click()
    wait_until(customer, lambda: in_shop(home, f"SELECT email FROM customer WHERE id = {hers}") != contact)
    customer.goto(f"{address}/me/inbox")
    wait_until(customer, lambda: "保留的信息已删除" in customer.inner_text("main"))
