"""A running site for a real browser: the sample company behind a real server, on a free port."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page
from waitress.server import create_server

from privacy_center.center import Center
from privacy_center.web.app import build_app
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import BY_KEY, prepare_home

AXE = Path(__file__).with_name("axe.min.js")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Site:
    """The address of the running site, and the room behind it."""

    address: str
    room: CustomerRoom

    def sign_in(self, page: Page, key: str, query: str = "") -> None:
        """Through the pages, as the person of a story would."""
        self.room.forget_limits()
        page.goto(f"{self.address}/sign-in{query}")
        page.locator("#contact").fill(BY_KEY[key].contact)
        page.locator("main form .btn").first.click()
        page.locator("#code").fill(self.room.code())
        page.locator("main form .btn").first.click()
        page.wait_for_url("**/me/")

    def prove(self, page: Page) -> None:
        """On the page that asks for a proof: a code to the contact it offers first, unless one was sent on the way to it."""
        page.wait_for_load_state()
        if not page.locator("#code").count():
            self.room.forget_limits()
            page.locator("form:has([name=do][value=send]) button").first.click()
        page.locator("#code").fill(self.room.code())
        page.locator("form:has(#code) button").click()


def write_reasons(page: Page) -> None:
    """On the page of a request: a written reason for every rule that asks for one."""
    for field in page.locator("[name^=hold-reason-]").all():
        field.fill("对账还没有完成")


def open_changes(page: Page) -> None:
    """As the second person: open everything that must be opened before an answer, and come back."""
    request = page.url
    links = page.locator("#opened a, #unopened a").evaluate_all("links => links.map(one => one.href)")
    for address in links:
        page.goto(address)
    if links:
        page.goto(request)


@pytest.fixture(scope="session")
def browser_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_home(tmp_path_factory.mktemp("browser"))


@pytest.fixture
def site(browser_home: Path, tmp_path: Path) -> Iterator[Site]:
    """The sample company's site with nothing asked yet."""
    with open_site(shutil.copytree(browser_home, tmp_path / "home")) as opened:
        yield opened


@contextmanager
def open_site(home: Path) -> Iterator[Site]:
    """This home behind a real server."""
    center = Center.open(home)
    center.settings.secure_cookies = False
    app = build_app(center)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.effective_port}", CustomerRoom(center, app))
    server.close()
    thread.join(5)
    center.close()


@pytest.fixture
def axe(page: Page) -> Callable[..., None]:
    """Asks axe about the open page, and the browser whether it stayed within its width and the policy was kept."""
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)

    def ask(*, enhanced: bool = False) -> None:
        page.wait_for_load_state()  # a press only waits until the answer begins: half a page has no main and no styles
        # Added through the debugger, so that the page's own policy stays as strict as it is.
        page.evaluate(AXE.read_text("utf-8") + ";0")
        rules = {"color-contrast-enhanced": {"enabled": enhanced}, "target-size": {"enabled": True}}
        run = {"runOnly": {"type": "tag", "values": STANDARDS}, "rules": rules}
        found = page.evaluate("options => axe.run(document, options)", run)["violations"]
        told = [(one["id"], one["nodes"][0]["html"][:200], one["nodes"][0]["failureSummary"][:300]) for one in found]
        assert not told, (page.url, told)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (page.url, wide)
        assert not broken, broken

    return ask
