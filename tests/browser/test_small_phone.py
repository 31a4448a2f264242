"""The smallest phone and the largest print: nothing is wider than the screen (WCAG 2.2, 1.4.10 reflow at 320 CSS px)."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_scrolls_sideways_in_large_print(site: Site, page: Page, language: str):
    asked = site.room.sign_in("unused-points").submit()
    page.set_viewport_size({"width": 320, "height": 700})
    query = f"?lang={language}&mode=care"
    site.sign_in(page, "unused-points", query)
    for path in (
        "/",
        "/how-long-we-keep",
        "/me/",
        "/me/data/",
        "/me/requests/",
        f"/me/requests/{asked}",
        f"/me/deletion/done/{asked}",
    ):
        page.goto(site.address + path + query)
        assert page.evaluate(WIDER) <= 0, path
