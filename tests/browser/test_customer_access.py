"""axe on every public and customer page, in both languages, every dress, on a phone and at a desk."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site

PUBLIC = ("/", "/sign-in", "/help", "/accessibility", "/privacy-notice", "/how-long-we-keep", "/verify", "/not-me")
OWN = (
    "/me/",
    "/me/data/",
    "/me/inbox/",
    "/me/requests/",
    "/me/deletion/",
    "/me/deletion/preview",
    "/me/deletion/check",
)
DRESSES = [(language, dress) for language in ("zh-CN", "en") for dress in ("light", "dark", "care")]
WIDTHS = (375, 1280)


def dress_up(page: Page, language: str, dress: str) -> str:
    page.emulate_media(color_scheme="dark" if dress == "dark" else "light")
    return f"?lang={language}&mode={'care' if dress == 'care' else 'standard'}"


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "reduced_motion": "reduce"}


def look(site: Site, page: Page, axe, paths, query: str, dress: str) -> None:
    for path in paths:
        page.goto(site.address + path + query)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            axe(enhanced=dress == "care")


@pytest.mark.parametrize(("language", "dress"), DRESSES)
def test_axe_finds_nothing(site: Site, page: Page, axe, language: str, dress: str):
    query = dress_up(page, language, dress)
    look(site, page, axe, (*PUBLIC, "/demo/people", "/demo/mailbox"), query, dress)
    site.sign_in(page, "open-case", query)
    page.goto(site.address + "/me/deletion/" + query)
    page.locator("input[value=everything]").check()
    page.locator("main form .btn").click()
    look(site, page, axe, OWN, query, dress)
    page.goto(site.address + "/me/" + query)
    page.locator("main a[href*='/me/also/']").first.click()
    axe(enhanced=dress == "care")


def test_axe_finds_nothing_on_requests_and_papers(site: Site, page: Page, axe):
    lin = site.room.sign_in("open-case")
    done = lin.submit()
    site.room.approve(done)
    wang = site.room.sign_in("unused-points")
    open_request = wang.submit()
    for key, reference, parts in (
        ("open-case", done, ("", "/letter", "/certificate")),
        ("unused-points", open_request, ("", "/cancel", "/give-up")),
    ):
        page.context.clear_cookies()
        site.sign_in(page, key)
        for language, dress in (("zh-CN", "light"), ("en", "dark"), ("zh-CN", "care")):
            query = dress_up(page, language, dress)
            look(site, page, axe, [f"/me/requests/{reference}{part}" for part in parts], query, dress)
