"""What is true of every page: who may open it, what headers it has, how it refuses."""

import re

import pytest

from privacy_center.web.access import ACCESS
from privacy_center.web.headers import CONTENT_SECURITY_POLICY
from privacy_center.web.house import house_folder
from privacy_center.web.may import Door
from privacy_center.web.translations import load_english
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.messages import used_messages

PUBLIC = ("/", "/privacy-notice", "/how-long-we-keep", "/accessibility", "/help", "/verify", "/sign-in", "/not-me")
OWN = ("/me/", "/me/data/", "/me/requests/", "/me/inbox/", "/me/deletion/", "/me/stop", "/me/confirm")


def test_every_endpoint_stands_in_the_access_table(counter: CustomerRoom):
    endpoints = {rule.endpoint for rule in counter.app.url_map.iter_rules()}
    assert endpoints == set(ACCESS)


def test_an_endpoint_that_the_table_does_not_know_is_refused(counter: CustomerRoom):
    counter.app.add_url_rule("/hidden", "hidden", lambda: "secret")
    answer = counter.browser().get("/hidden", 404)
    assert "secret" not in answer.text


def test_nobody_comes_to_a_customers_page_without_signing_in(counter: CustomerRoom):
    browser = counter.browser()
    for rule in counter.app.url_map.iter_rules():
        if ACCESS[rule.endpoint].door in (Door.CUSTOMER, Door.CUSTOMER_FRESH) and "GET" in rule.methods:
            path = re.sub(r"<uuid:[^>]+>", "00000000-0000-0000-0000-000000000000", rule.rule)
            path = re.sub(r"<int:[^>]+>", "1", path)
            path = re.sub(r"<[^>]+>", "PC-0000-0000-0000", path)
            answer = browser.get(path, 303)
            assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("query", ["", "?lang=en", "?mode=care", "?theme=dark"])
def test_public_pages_are_sound_in_every_dress(counter: CustomerRoom, query: str):
    browser = counter.browser()
    for path in PUBLIC:
        browser.get(path + query)


@pytest.mark.parametrize("query", ["", "?lang=en", "?mode=care"])
def test_customer_pages_are_sound_in_every_dress(lin: Browser, query: str):
    for path in OWN:
        lin.get(path + query)


def test_english_pages_hold_no_chinese_but_names_and_the_way_back(lin: Browser):
    for path in (*PUBLIC, "/me/", "/me/requests/", "/me/inbox/", "/me/deletion/"):
        text = lin.get(path + "?lang=en").text.replace("陈禾", "").replace("中文", "")
        assert not re.findall(r"[\u4e00-\u9fff]+", text), path


def test_every_answer_carries_the_strict_policy_and_is_kept_nowhere(lin: Browser):
    for path, status in (("/", 200), ("/me/", 200), ("/nowhere", 404)):
        headers = lin.get(path, status).headers
        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY and "unsafe" not in CONTENT_SECURITY_POLICY
        assert headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin" and headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "HX-Request" in headers["Vary"]


def test_secure_cookies_bring_strict_transport(counter: CustomerRoom):
    counter.center.settings.secure_cookies = True
    assert "max-age" in counter.browser().get("/").headers["Strict-Transport-Security"]


def test_a_form_without_its_token_does_nothing_and_says_send_it_again(lin: Browser):
    answer = lin.client.post("/me/deletion/", data={"scope": "everything"})
    assert answer.status_code == 400 and "再提交一次" in answer.text
    assert lin.get("/me/deletion/preview", 303).headers["Location"] == "/me/deletion/"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_sent_by_another_site_is_refused(counter: CustomerRoom, site: str):
    """`same-site` is another host under the same domain: a forum of the company's, say, on which customers write."""
    browser = counter.browser()
    browser.get("/sign-in")
    browser.post("/sign-in", 403, contact="a@example.com", headers={"Sec-Fetch-Site": site})


def test_another_hosts_name_is_refused_outside_the_demo(counter: CustomerRoom):
    counter.center.settings.demo = False
    counter.center.settings.base_url = "https://privacy.example.com"
    browser = counter.browser()
    browser.get("/", 404, headers={"Host": "evil.example"})
    browser.get("/", headers={"Host": "privacy.example.com"})
    assert browser.client.get("/healthz", headers={"Host": "10.0.0.7"}).text == "ok\n"


def test_errors_come_as_a_page_and_for_htmx_as_a_notice_that_leaves_the_page_alone(counter: CustomerRoom):
    browser = counter.browser()
    assert "没有找到这一页" in browser.get("/nowhere", 404).text
    answer = browser.client.get("/nowhere", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#notice" and "<html" not in answer.text and "notice" in answer.text
    assert browser.client.delete("/").status_code == 405
    assert browser.client.post("/sign-in", data={"contact": "x" * 2_000_000}).status_code == 413


def test_what_nobody_foresaw_says_sorry_in_words_even_when_the_page_itself_cannot_be_drawn(counter: CustomerRoom):
    def fall() -> str:
        raise RuntimeError("fallen")

    counter.app.view_functions["public.help_page"] = fall
    assert "我们这边出了问题" in counter.browser().get("/help", 500).text
    counter.app.jinja_env.globals["ui"] = None
    answer = counter.app.test_client().get("/help")
    assert answer.status_code == 500 and "Try again in a few minutes" in answer.text


def test_readiness_follows_the_database(counter: CustomerRoom):
    client = counter.app.test_client()
    assert client.get("/readyz").status_code == 200
    counter.center.database.engine.dispose()
    counter.center.database.__init__("sqlite:////nowhere/at/all.db", keyring=counter.center.keyring)
    assert client.get("/readyz").status_code == 503


def test_language_is_what_was_chosen_else_what_the_browser_asks_for_else_chinese(counter: CustomerRoom):
    browser = counter.browser()
    assert 'lang="zh-CN"' in browser.get("/").text
    assert '<html lang="en"' in browser.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert '<html lang="zh-CN"' in browser.get("/", headers={"Accept-Language": "fr,zh-TW;q=0.8,en;q=0.5"}).text
    assert '<html lang="en"' in browser.get("/?lang=en").text
    assert '<html lang="en"' in browser.get("/help").text
    assert 'data-mode="care"' in browser.get("/?mode=care").text and 'data-mode="care"' in browser.get("/help").text
    assert "data-theme" not in browser.get("/?theme=purple").text


def test_nobody_is_sent_to_another_site_after_signing_in(counter: CustomerRoom):
    browser = counter.browser()
    for bad in ("https://evil.example/", "//evil.example", "/\\evil.example", "/staff/"):
        browser.get("/sign-in?next=" + bad)
        assert 'name="next" value="/me/"' in browser.page.text
    browser.get("/sign-in?next=/me/inbox/")
    assert 'name="next" value="/me/inbox/"' in browser.page.text


def test_every_sentence_of_templates_and_views_has_english():
    english = load_english()
    missing = {message: files for message, files in used_messages().items() if english.gettext(message) == message}
    same_in_both = {one for one in missing if not re.search(r"[\u4e00-\u9fff]", one)}
    assert not {one: files for one, files in missing.items() if one not in same_in_both}


def test_templates_use_only_the_portable_part_of_htmx_and_no_inline_code():
    allowed = {
        "get",
        "post",
        "target",
        "swap",
        "trigger",
        "push-url",
        "sync",
        "indicator",
        "confirm",
        "swap-oob",
        "preserve",
    }
    for path in sorted(house_folder("templates").rglob("*.html")):
        text = path.read_text("utf-8")
        used = set(re.findall(r"\shx-([\w:-]+)=", text))
        assert used <= allowed, (path.name, used - allowed)
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)", text), path.name
        for tag in re.findall(r"<[^>]*\shx-(?:get|post)=[^>]*>", text):
            assert "hx-target=" in tag and "hx-swap=" in tag, (path.name, tag)
