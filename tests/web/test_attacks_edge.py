"""The edge under attack: hosts, caches, frames, redirects, cookies, headers, addresses, sizes, error pages."""

import re

import pytest
from flask import Flask

from privacy_center.web.access import ACCESS
from privacy_center.web.app import build_app
from privacy_center.web.headers import CONTENT_SECURITY_POLICY
from privacy_center.web.may import Door
from tests.web.attackers import Attack
from tests.web.customer_room import CustomerRoom

ELSEWHERE = (
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/me/",
    "https:evil.example", "javascript:alert(1)", "data:text/html,x", "/%09/evil.example", "/\t/evil.example",
    "/me/\r\nSet-Cookie: a=b", "/me/\rX: y", "/me/\nX: y", "／／evil.example", "/me/\u2028//evil.example",
    "//evil.example/me/", "/.evil.example", " /me/", "/me\\..\\..\\evil", "me/", "//me/@evil.example", "/staff/../me/",
    "http:///evil.example", "/me/\x00", "\u202e/me/", "////me/",
)  # fmt: skip


def test_another_hosts_name_opens_nothing_whichever_header_brings_it(attack: Attack):
    attack.room.center.settings.demo = False
    browser = attack.room.app.test_client()
    for told in ({"Host": "evil.example"}, {"Host": "localhost.evil.example"}, {"Host": "localhost:81"}):
        answer = browser.get("/", headers=told)
        assert answer.status_code == 404 and "evil" not in answer.text, told
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"):
        answer = browser.get("/me/", headers={name: "evil.example"})
        assert answer.status_code == 303 and answer.location == "/sign-in?next=/me/"
    assert "evil" not in browser.get("/me/requests", headers={"X-Forwarded-Host": "evil.example"}).text


def test_without_a_trusted_proxy_nobody_chooses_the_address_they_are_counted_under(attack: Attack):
    browser = attack.room.app.test_client()
    told = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
    assert browser.get("/metrics", headers=told).status_code == 404
    assert browser.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}, headers=told).status_code == 404
    with attack.room.app.test_request_context(headers=told, environ_base={"REMOTE_ADDR": "192.0.2.7"}) as context:
        assert context.request.remote_addr == "192.0.2.7" and context.request.scheme == "http"


def pages_of(attack: Attack):
    browsers = {Door.ANYONE: attack.room.app.test_client(), Door.STAFF: attack.staff("S0103")}
    browsers[Door.CUSTOMER] = browsers[Door.CUSTOMER_FRESH] = attack.customer("open-case")
    for rule, path in attack.routes("GET"):
        yield rule, browsers[ACCESS[rule.endpoint].door].get(path)


def test_no_page_is_kept_by_any_cache_or_told_apart_by_a_tag(attack: Attack):
    seen = 0
    for rule, answer in pages_of(attack):
        seen += 1
        assert answer.headers["Cache-Control"] == "no-store", rule.endpoint
        assert not {"ETag", "Last-Modified", "Expires", "Age"} & set(answer.headers.keys()), rule.endpoint
    assert seen > 80
    browser = attack.customer("open-case")
    answer = browser.get("/me/", headers={"If-None-Match": "*", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})
    assert answer.status_code == 200 and "HX-Request" in answer.headers["Vary"]


def test_a_page_of_ones_own_is_not_served_under_the_name_of_a_file(attack: Attack):
    """Web cache deception: /me/x.css must not be a page that a cache takes for a style sheet."""
    browser = attack.customer("open-case")
    for path in ("/me/x.css", "/me/requests/x.js", "/me/;x.css", "/me/%2e%2e/static/app.css/me/", "/static/app.css/me"):
        answer = browser.get(path)
        assert answer.status_code in (404, 308) and "no-store" in (answer.headers.get("Cache-Control") or "no-store")


def test_no_answer_can_be_framed_sniffed_or_read_by_another_site(attack: Attack):
    answers = [*pages_of(attack), (None, attack.room.app.test_client().get("/static/app.css"))]
    for rule, answer in answers:
        headers, policy = answer.headers, answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy and headers["X-Frame-Options"] == "DENY", rule
        assert "object-src 'none'" in policy and "base-uri 'none'" in policy and "form-action 'self'" in policy
        assert (
            headers["X-Content-Type-Options"] == "nosniff" and headers["Cross-Origin-Resource-Policy"] == "same-origin"
        )
        assert not any(name.lower().startswith("access-control-") for name, _said in headers), rule
        assert not {"Server", "X-Powered-By"} & set(headers.keys())
        if answer.get_data():
            assert re.match(r"(text/\S+|application/(json|problem\+json)|image/\S+)", headers["Content-Type"]), rule
            assert "text/" not in headers["Content-Type"] or "charset=utf-8" in headers["Content-Type"].lower(), rule


def test_what_went_wrong_is_answered_with_the_same_headers(attack: Attack):
    """Errors are pages too: of forms, of files, of the server, and of the door for other systems."""
    app: Flask = attack.room.app
    fresh, kept = app.test_client, app.view_functions["public.help_page"]

    def fall() -> str:
        raise RuntimeError("x")

    app.view_functions["public.help_page"] = fall
    try:
        answers = [fresh().get("/help")]
    finally:
        app.view_functions["public.help_page"] = kept
    large = {"data": b"x" * (2 * 1024 * 1024), "content_type": "application/x-www-form-urlencoded"}
    answers += [
        fresh().post("/sign-in", data={}),
        fresh().open("/", method="DELETE"),
        fresh().post("/sign-in", **large),
    ]
    answers += [fresh().get("/static/nothing.css"), fresh().get("/nowhere"), fresh().post("/api/access-log", json={})]
    answers += [fresh().get("/a\x00b"), fresh().get("/", headers={"HX-Request": "true"})]
    assert {500, 400, 405, 413, 404, 401} <= {one.status_code for one in answers}
    for answer in answers:
        headers = answer.headers
        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, answer.status
        assert headers["X-Frame-Options"] == "DENY" and headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin" and headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Permissions-Policy"] and headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers.get("Cache-Control") == "no-store", f"{answer.status} {answer.request.path}"


@pytest.mark.parametrize(
    "bad", ("//evil.example", "/\\evil.example", "https://evil.example", "/me/", "/staff/\r\nX: y")
)
def test_the_way_back_from_a_case_leads_to_staff_pages_only(attack: Attack, bad: str):
    reviewer, reference = attack.staff("S0101"), attack.room.references["open-case"]
    data = {"csrf_token": attack.token(reviewer, "/staff/account"), "back": bad}
    answer = reviewer.post(f"/staff/requests/{reference}/take", data=data)
    assert answer.status_code == 303 and answer.location.startswith("/staff/")


@pytest.mark.parametrize("bad", ELSEWHERE)
def test_no_way_back_leads_elsewhere(attack: Attack, bad: str):
    own = re.compile(r"/(me|staff|sign-in|help)(/|$|\?)[^\\\s]*")
    stranger, customer, staff = attack.room.app.test_client(), attack.customer("open-case"), attack.staff("S0103")
    pages = ["/sign-in", "/sign-in/code", "/sign-in/password", "/sign-in/passkey", "/sign-in/order", "/sign-in/company"]
    pages += ["/staff/sign-in", "/staff/sign-in/second-step", "/staff/sign-in/passkey"]
    walked = [(stranger, page) for page in pages] + [(customer, "/me/confirm"), (staff, "/staff/confirm")]
    for browser, page in walked:
        for answer in (browser.get(page, query_string={"next": bad}), browser.get(page, data={"next": bad})):
            told = re.findall(r'name="next" value="([^"]*)"', answer.text) + (
                [answer.location] if answer.location else []
            )
            assert all(own.fullmatch(one) for one in told), (page, told)
            assert answer.status_code < 500 and "Set-Cookie: a=b" not in str(answer.headers)


def test_every_cookie_is_secure_out_of_reach_of_scripts_and_of_other_hosts(counter: CustomerRoom):
    counter.center.settings.secure_cookies = True
    app = build_app(counter.center)
    browser = app.test_client()
    address = counter.center.settings.base_url.replace("http:", "https:")
    secure = {"base_url": address, "headers": {"Referer": f"{address}/sign-in"}}
    page = browser.get("/sign-in?lang=en&theme=dark", **secure)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    counter.forget_limits()
    sent = browser.post("/sign-in", data={"csrf_token": token, "contact": "lin.xiaoxia@example.com"}, **secure)
    signed = browser.post("/sign-in/code", data={"csrf_token": token, "code": counter.code()}, **secure)
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/me/", **secure).text)[1]
    left = browser.post("/sign-out", data={"csrf_token": token}, **secure)
    cookies = [one for answer in (page, sent, signed, left) for one in answer.headers.getlist("Set-Cookie")]
    assert {one.split("=")[0] for one in cookies} == {
        "__Host-lang", "__Host-theme", "__Host-pc_form", "__Host-pc_customer", "__Host-pc_device",
    }  # fmt: skip
    for one in cookies:
        assert "Secure" in one and "HttpOnly" in one and "SameSite=Lax" in one and "Path=/" in one, one
        assert "Domain" not in one and len(one) < 4096


def test_the_cookie_of_staff_goes_to_staff_pages_only(attack: Attack):
    with attack.room.app.test_request_context("/staff/"):
        from privacy_center.web.cookies import STAFF_COOKIE
        from privacy_center.web.visitor import let_in

        attack.room.center.settings.secure_cookies = True
        told = let_in(attack.room.app.make_response(""), STAFF_COOKIE, "x").headers["Set-Cookie"]
        attack.room.center.settings.secure_cookies = False
    assert told.startswith("__Secure-pc_staff=x;") and "Path=/staff" in told and "Secure" in told


def test_a_login_that_an_attacker_planted_is_not_the_one_that_a_sign_in_opens(counter: CustomerRoom):
    """Session fixation: a cookie that was there before gets nothing; the new login has a token of its own."""
    browser = counter.browser()
    browser.client.set_cookie("pc_customer", "planted-by-somebody-else-0000000000000000000")
    browser.sign_in("lin.xiaoxia@example.com")
    assert browser.client.get_cookie("pc_customer").value != "planted-by-somebody-else-0000000000000000000"
    other = counter.browser()
    other.client.set_cookie("pc_customer", "planted-by-somebody-else-0000000000000000000")
    assert other.client.get("/me/").status_code == 303


def test_after_signing_out_neither_cookie_nor_the_page_before_opens_anything(counter: CustomerRoom):
    browser = counter.sign_in("open-case")
    browser.get("/me/")
    token, form = browser.client.get_cookie("pc_customer").value, browser.client.get_cookie("pc_form").value
    browser.post("/sign-out")
    again = counter.browser()
    again.client.set_cookie("pc_customer", token)
    again.client.set_cookie("pc_form", form)
    for path in ("/me/", "/me/data/", "/me/requests/"):
        assert again.client.get(path).location.startswith("/sign-in")


def test_error_pages_tell_nothing_of_how_the_house_is_built(attack: Attack):
    def fall() -> str:
        raise RuntimeError("secret-of-the-house /srv/home keys/kek.key SELECT * FROM person")

    app: Flask = attack.room.app
    kept = app.view_functions["public.help_page"]
    app.view_functions["public.help_page"] = fall
    try:
        answers = [app.test_client().get("/help"), app.test_client().get("/help", headers={"HX-Request": "true"})]
    finally:
        app.view_functions["public.help_page"] = kept
    answers += [app.test_client().get("/nowhere"), app.test_client().open("/", method="DELETE")]
    answers += [app.test_client().post("/sign-in", data={}), app.test_client().get("/static/nothing.css")]
    for answer in answers:
        assert not re.search(r"secret-of|Traceback|RuntimeError|werkzeug|Flask|SELECT|\.py|/srv", answer.text)
    assert [one.status_code for one in answers[:2]] == [500, 500] and not app.debug and not app.testing


@pytest.mark.parametrize(
    "path",
    (
        "/static/../settings.toml", "/static/..%2f..%2fpyproject.toml", "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static//etc/passwd", "/static/....//....//etc/passwd", "/static/..%5c..%5cpyproject.toml", "/static/",
        "/static/app.css%00.txt", "/static/licences", "/.git/config", "/settings.toml", "/keys/kek.key",
        "/%2e%2e/etc/passwd",
    ),
)  # fmt: skip
def test_no_path_leads_out_of_the_folder_of_static_files(attack: Attack, path: str):
    answer = attack.room.app.test_client().get(path)
    assert answer.status_code in (404, 308) and "[project]" not in answer.text and "root:" not in answer.text


def test_forged_htmx_headers_open_nothing_and_lead_nowhere(attack: Attack):
    stranger, mine = attack.room.app.test_client(), attack.customer("invoices")
    forged = {
        "HX-Request": "true",
        "HX-Current-URL": "https://evil.example",
        "HX-Target": "<script>",
        "HX-Boosted": "x",
    }
    for headers in (forged, {"HX-Request": "true"}):
        answer = stranger.get("/me/", headers=headers)
        assert answer.status_code == 204 and answer.headers["HX-Redirect"].startswith("/sign-in?next=")
        answer = mine.get("/staff/", headers=headers)
        assert answer.status_code == 204 and answer.headers["HX-Redirect"].startswith("/staff/sign-in")
        answer = mine.post("/me/inbox/", headers=headers)
        assert answer.status_code == 400 and "evil" not in answer.text


def test_what_is_too_large_is_refused_before_it_is_read(attack: Attack):
    browser = attack.room.app.test_client()
    assert browser.post("/sign-in", data={"contact": "x" * 1_100_000}).status_code == 413
    many = "&".join(f"f{n}=1" for n in range(60_000))
    kind = "application/x-www-form-urlencoded"
    assert browser.post("/sign-in", data=many, content_type=kind).status_code in (400, 413)
    parts = {f"f{n}": "1" for n in range(1_500)}
    assert browser.post("/sign-in", data=parts, content_type="multipart/form-data").status_code == 413


def test_control_signs_and_halves_of_signs_reach_no_database(attack: Attack):
    browser = attack.room.app.test_client()
    token = attack.token(browser)
    for path in ("/verify/a%00b", "/?q=%00", "/me/requests/%1b", "/not-me/%7f", "/verify?number=%0d%0aSet-Cookie:x"):
        assert browser.get(path).status_code == 404, path
    data = {"csrf_token": token, "contact": "no\x00bo\x1bdy\ufffe"}
    assert 'value="nobody"' in browser.post("/sign-in", data=data).text
    raw = f"csrf_token={token}&contact=%ED%A0%80x".encode()
    answer = browser.post("/sign-in", data=raw, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422 and "\ud800" not in answer.text


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 2**70, "٣", "1_000", "+1", "-1", "1e3"])
def test_numbers_beyond_any_column_are_not_found(attack: Attack, number: int | str):
    """A number in an address, and where pages read one from a question: whatever its size, the answer is in words."""
    customer, staff = attack.customer("open-case"), attack.staff("S0103")
    reference = attack.room.references["open-case"]
    for rule in attack.room.app.url_map.iter_rules():
        if any(type(one).__name__ == "IntegerConverter" for one in rule._converters.values()):
            told = {"reference": reference, "field": "x"}
            path = "".join(str(told.get(part, number)) if is_one else part for is_one, part in rule._trace).lstrip("|")
            browser = staff if path.startswith("/staff") else customer
            for method in sorted(rule.methods & {"GET", "POST"}):
                data = {"csrf_token": attack.token(browser, "/sign-in")} if method == "POST" else None
                assert browser.open(path, method=method, data=data).status_code in (200, 303, 404, 400, 403), (
                    path,
                    method,
                )
    names = ("page", "before", "seq", "from", "to", "n", "item", "version", "days", "year", "group", "tab")
    for page in (
        "/me/who-looked/",
        "/me/requests/",
        "/me/inbox/",
        "/staff/",
        "/staff/audit",
        "/staff/holds",
        "/staff/messages",
        "/staff/totals",
    ):
        browser = staff if page.startswith("/staff") else customer
        answer = browser.get(page, query_string=dict.fromkeys(names, str(number)))
        assert answer.status_code in (200, 303, 403, 404, 422), page
