"""axe on the pages about ways in, contacts, looks, stops and identity cases, and on what staff have for them."""

import pytest
from playwright.sync_api import Page

from privacy_center import clock
from privacy_center.people.identity import add_identity, find_or_create_person
from tests.browser.conftest import Site
from tests.browser.test_staff_pages import room, sit_down
from tests.web.staff_room import BY_KEY, OFFICER, REVIEWER, StaffRoom

__all__ = ["room"]

DRESSES = [("zh-CN", "light"), ("en", "dark")]
MANAGER, SECURITY, AGENT, UNTRAINED = "S0108", "S0107", "S0105", "S0111"
PUBLIC = (
    "/sign-in/password", "/sign-in/passkey", "/sign-in/order", "/help/lost-number", "/help/for-a-child",
    "/help/as-agent", "/help/after-a-death", "/not-me",
)  # fmt: skip
OWN = (
    "/me/security/", "/me/contact/", "/me/who-looked/", "/me/for-others/", "/me/stop", "/me/confirm?next=/me/contact/add",
    "/me/data/shop.customer",
)  # fmt: skip
STAFF = {
    REVIEWER: ("search", "identity-cases", "permits", "account", "pledge"),
    OFFICER: ("anomalies", "questions", "hidden-looks", "totals", "people", "access-review", "levels"),
    MANAGER: ("permits/people", "people/S0101"),
    SECURITY: ("audit", "anomalies"),
    AGENT: ("identity-cases",),
    UNTRAINED: ("account",),
}


def visit(page: Page, axe, address: str, dress: tuple[str, str], width: int) -> None:
    language, scheme = dress
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    answer = page.goto(address + ("&" if "?" in address else "?") + f"lang={language}")
    assert answer.status == 200, (address, answer.status)
    axe()


@pytest.mark.parametrize("dress", DRESSES, ids=lambda dress: "-".join(dress))
def test_axe_finds_nothing_on_ways_in_and_paths(site: Site, page: Page, axe, dress: tuple[str, str]):
    for path in PUBLIC:
        visit(page, axe, site.address + path, dress, 375)
    site.sign_in(page, "open-case")
    for path in OWN:
        visit(page, axe, site.address + path, dress, 375)


@pytest.mark.parametrize("dress", DRESSES, ids=lambda dress: "-".join(dress))
def test_axe_finds_nothing_on_the_pages_of_every_post(site: Site, room: StaffRoom, page: Page, axe, dress):
    for number, paths in STAFF.items():
        sit_down(page, site, room, number)
        for path in paths:
            visit(page, axe, f"{site.address}/staff/{path}", dress, 768)


def test_every_page_of_the_longest_rail_is_in_view_at_eight_hundred_pixels(site: Site, room: StaffRoom, page: Page):
    sit_down(page, site, room, OFFICER)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site.address}/staff/permits?lang=en")
    links = page.locator(".rail a")
    assert links.count() >= 14
    assert all(one.bounding_box()["y"] + one.bounding_box()["height"] <= 800 for one in links.all())
    page.set_viewport_size({"width": 1280, "height": 400})
    links.last.focus()
    box = links.last.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 400


def test_in_large_type_on_a_phone_the_menu_takes_two_lines_in_both_languages(site: Site, page: Page):
    page.set_viewport_size({"width": 375, "height": 800})
    site.sign_in(page, "seventy", "?mode=care")
    for language in ("zh-CN", "en"):
        page.goto(f"{site.address}/me/?lang={language}&mode=care")
        tops = {round(one.bounding_box()["y"] / 20) for one in page.locator(".menu a, .menu button").all()}
        assert len(tops) == 2, language


def test_a_person_of_seventy_at_the_counter_sees_every_step_in_large_type_on_the_agents_screen(
    site: Site, room: StaffRoom, page: Page, axe
):
    """From the search to the receipt, in care mode, by what stands on the pages alone."""
    person = BY_KEY["open-case"]
    with room.center.database.transaction() as session:
        asker = find_or_create_person(session, "email", person.email, clock.now())
        add_identity(session, asker, "phone_number", person.phone, method="code", at=clock.now())
    sit_down(page, site, room, AGENT)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site.address}/staff/search?mode=care&lang=zh-CN")
    for number, kind, value in ((1, "email", person.email), (2, "phone_number", person.phone)):
        page.locator(f"#kind_{number}").select_option(kind)
        page.locator(f"#value_{number}").fill(value)
    page.locator("#case").fill("T-2026-0070")
    page.locator("#purpose").select_option("request.assist")
    page.locator("main form button[type=submit]").click()
    page.get_by_role("link", name="替这位客户提交删除申请").click()
    axe()
    page.locator("#document").select_option("id_card")
    page.locator("#seen").check()
    page.get_by_role("button", name="已看原件，继续").click()
    page.locator("input[name=scope][value=everything]").check()
    page.get_by_role("button", name="看看会删什么").click()
    axe()
    page.get_by_role("link", name="念完了，继续").click()
    for box in ("#read", "#yes"):
        page.locator(box).check()
    axe()
    page.get_by_role("button", name="提交删除申请").click()
    page.get_by_role("link", name="给客户的回执").click()
    axe()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".sheet .ref").inner_text().startswith("PC-")
