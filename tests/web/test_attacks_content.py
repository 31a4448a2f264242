"""What people type under attack: scripts, templates, formulas and mail headers, wherever it is shown or sent again."""

import html
import io
import json
import re
import uuid
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.config import Mail, load_settings
from privacy_center.datamap.generate import __file__ as generator
from privacy_center.errors import Misconfigured, Refusal
from privacy_center.outbox.models import MessageKind
from privacy_center.outbox.transport import Letter, SmtpTransport
from privacy_center.people.contact import read_contact
from privacy_center.web.house import house_folder
from tests.web.attackers import Attack
from tests.web.staff_room import BY_KEY, REVIEWER, SENIOR, check_page

MARK = "mark7x"
TYPED = (
    f"<script>{MARK}</script>", f"\"'><img src=x onerror={MARK}>", "{{7*7}}{% print 7*7 %}${7*7}#{7*7}", f"</textarea><b>{MARK}",
    f"javascript:{MARK}", "%(password)s{0.__class__}", f"<svg/onload={MARK}>", "=HYPERLINK(\"http://evil.example\")",
)  # fmt: skip
ALL = " ".join(TYPED)
HERE = Path(__file__).resolve().parents[2]


def must_be_harmless(text: str) -> None:
    """No tag, no attribute and no result of an evaluation came out of what was typed."""
    assert not re.search(rf"<(script|img|b|svg)[^>]*>?\s*{MARK}|on\w+={MARK}>(?!&)", re.sub(r"&lt;.*?&gt;", "", text))
    assert "<script>" + MARK not in text and "<svg/onload" not in text and f"<b>{MARK}" not in text
    assert not re.search(r"(?<!\d)49(?!\d)\s*(49|\$|#)", text)
    assert not re.search(r'(href|src|action)="\s*javascript:', text)


def test_a_message_of_a_customer_is_text_wherever_it_is_shown(attack: Attack):
    browser, reference = attack.customer("open-case"), attack.room.references["open-case"]
    data = {"csrf_token": attack.token(browser), "text": ALL}
    assert browser.post(f"/me/requests/{reference}/messages", data=data).status_code == 303
    pages = [browser.get(f"/me/requests/{reference}"), attack.staff(REVIEWER).get(f"/staff/requests/{reference}")]
    for page in pages:
        assert html.escape(TYPED[0], quote=False) in page.text and html.escape(TYPED[6], quote=False) in page.text
        must_be_harmless(page.text)
        check_page(page)


def test_a_note_of_staff_is_text_wherever_it_is_shown(attack: Attack):
    reviewer, reference = attack.staff(REVIEWER), attack.room.references["open-case"]
    data = {"csrf_token": attack.token(reviewer, "/staff/account"), "note": ALL}
    assert reviewer.post(f"/staff/requests/{reference}/notes", data=data).status_code == 303
    page = attack.staff(SENIOR).get(f"/staff/requests/{reference}")
    assert html.escape(TYPED[0], quote=False) in page.text
    must_be_harmless(page.text)
    check_page(page)


def test_a_name_from_a_database_of_the_company_is_text(attack: Attack):
    """What the company's own systems hold was typed by customers, too."""
    story = BY_KEY["invoices"]
    for key in sorted({one.dataset for one in attack.room.center.data_map.collections.values()}):
        engine = attack.room.center.sources.engine(key)
        with engine.begin() as connection:
            for table in sa.inspect(engine).get_table_names():
                columns = {one["name"] for one in sa.inspect(engine).get_columns(table)}
                if {"email", "name"} <= columns:
                    change = sa.text(f'UPDATE "{table}" SET name = :name WHERE email = :email')
                    connection.execute(change, {"name": TYPED[1], "email": story.email})
    browser = attack.customer("invoices")
    for path in ("/me/", "/me/data/", "/me/deletion/"):
        page = browser.get(path)
        must_be_harmless(page.text)
        check_page(page)


FORMS = (
    ("stranger", "/sign-in", ("contact",)),
    ("stranger", "/sign-in/password", ("contact", "password")),
    ("stranger", "/sign-in/order", ("order", "contact", "number")),
    ("stranger", "/not-me", ("number",)),
    ("stranger", "/staff/sign-in", ("number", "password", "next")),
    ("stranger", "/help/lost-number", ("contact",)),
    ("customer", "/help/lost-number/form", ("contact", "number", "name", "statement", "wants")),
    ("customer", "/me/deletion/", ("scope", "categories", "words")),
    ("customer", "/me/contact/add", ("contact", "do")),
    ("staff", "/staff/search", ("email", "phone_number", "case", "name", "first", "second")),
    ("staff", "/staff/people/S0101/trainings", ("title", "done_on", "due_on")),
)


@pytest.mark.parametrize(("who", "path", "names"), FORMS, ids=[path for _, path, _ in FORMS])
def test_what_was_typed_comes_back_as_text_beside_its_error(
    attack: Attack, who: str, path: str, names: tuple[str, ...]
):
    browser = {"stranger": attack.room.app.test_client, "staff": lambda: attack.staff("S0103")}.get(
        who, lambda: attack.customer("invoices")
    )()
    token = attack.token(browser, "/staff/sign-in" if who == "staff" else "/sign-in")
    answer = browser.post(path, data={"csrf_token": token, **dict.fromkeys(names, ALL)})
    assert answer.status_code < 500
    must_be_harmless(answer.text)
    check_page(answer)


@pytest.mark.parametrize(
    "path", ["/verify/{}", "/not-me/{}", "/me/requests/{}", "/staff/requests/{}", "/help/{}", "/{}"]
)
def test_what_stands_in_an_address_comes_back_as_text(attack: Attack, path: str):
    for typed in TYPED[:4]:
        for browser in (attack.room.app.test_client(), attack.customer("invoices"), attack.staff("S0103")):
            answer = browser.get(
                path.format(typed.replace("/", "%2f")), query_string={"lang": typed, "q": typed, "tab": typed}
            )
            assert answer.status_code < 500
            must_be_harmless(answer.text)


DRAWN = {"components.py", "filters.py", "papers.py", "letter.py", "sign_in.py", "translations.py"}
"""Where markup is made in code: dates, a QR code, and sentences with links; values are filled in escaped."""


def test_no_template_switches_escaping_off_or_is_made_from_what_was_typed():
    for path in house_folder("templates").rglob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(", path.read_text("utf-8")), path.name
    for path in (HERE / "privacy_center").rglob("*.py"):
        code = path.read_text("utf-8")
        assert not re.search(
            r"render_template_string|from_string\(|\beval\(|\bexec\(|pickle|yaml\.load\((?!.*Loader)", code
        ), path
        assert not re.search(r"shell=True|os\.system|os\.popen|follow_redirects=True|verify=False", code), path
        assert "Markup(" not in code or path.name in DRAWN, path


def test_no_page_is_a_spreadsheet_and_no_form_of_ours_exports_one(attack: Attack):
    """CSV injection needs a CSV: what is exported is printed HTML, so a formula stays text."""
    for path in (HERE / "privacy_center").rglob("*.py"):
        assert not re.search(r"import csv|text/csv|openpyxl|xlsx", path.read_text("utf-8")), path
    for rule, path in attack.routes("GET"):
        answer = attack.staff("S0103").get(path)
        assert answer.mimetype in {"text/html", "text/plain", "application/json"}, rule.endpoint


def test_a_line_end_in_a_title_or_an_address_makes_no_mail_header():
    letter = dict(id=uuid.uuid4(), kind=next(iter(MessageKind)), language="en", body="\r\n.\r\nQUIT\r\n")
    transport = SmtpTransport(Mail(host="localhost", sender="privacy@example.com"))
    for title in ("a\r\nBcc: evil@example.com", "a\nX: y"):
        with pytest.raises(ValueError):
            transport._compose(Letter(address="a@example.com", title=title, **letter))
    for address in ("a@example.com\r\nBcc: evil@example.com", "a@example.com,b@example.com", "a b@example.com"):
        with pytest.raises(Exception):  # noqa: B017 - whichever way the library refuses it
            transport._compose(Letter(address=address, title="a", **letter))
    whole = transport._compose(Letter(address="a@example.com", title="主题", **letter))
    assert message_from_bytes(whole.as_bytes(), policy=default)["To"] == "a@example.com"


@pytest.mark.parametrize(
    "typed",
    [
        "a@b.cc\r\nBcc: x@y.zz",
        "a@b.cc%0aBcc:x@y.zz",
        "a@b.cc,x@y.zz",
        "<a@b.cc>",
        '"a b"@b.cc',
        "a@b.cc\x00",
        "a@@b.cc",
    ],
)
def test_a_contact_is_one_address_and_nothing_else(typed: str):
    try:
        found = read_contact(typed)
    except Refusal:
        return
    assert not re.search(r"[\s,<>\"\x00]", found.value) and found.value.count("@") == 1


def test_no_request_can_choose_where_the_center_connects_to():
    """Addresses of databases, providers and the mail server come from the home folder: no page reads one from a form."""
    network = r"create_engine|httpx2|urlopen|http\.client|smtplib|socket\.create|subprocess"
    for path in (HERE / "privacy_center/web").rglob("*.py"):
        code = path.read_text("utf-8")
        assert not re.search(network, code), path
    assert "flask" not in Path(generator).read_text("utf-8")


def test_settings_that_point_elsewhere_are_refused_when_the_center_opens(tmp_path: Path):
    for line in (
        '[oidc]\nissuer = "http://evil.example"', '[oidc]\nissuer = "file:///etc/passwd"',
        '[sms]\nendpoint = "http://169.254.169.254"', '[sms]\nendpoint = "https://a.example/path?x=1"',
        '[sms]\nendpoint = "gopher://a.example"', '[sms]\nendpoint = "https://user:pass@a.example"',
    ):  # fmt: skip
        (tmp_path / "settings.toml").write_text(line, "utf-8")
        with pytest.raises(Misconfigured):
            load_settings(tmp_path)


def test_a_picture_with_a_wicked_name_is_stored_under_none_of_its_words(attack: Attack):
    browser = attack.customer("invoices")
    names = ["../../etc/passwd", "<script>.png", "x.png\r\nSet-Cookie: a=b", "a" * 5000 + ".png", "..\\..\\x.exe"]
    for name in names:
        data = {"csrf_token": attack.token(browser), "evidence": (io.BytesIO(b"MZ not a picture"), name), "wants": "x"}
        answer = browser.post("/help/lost-number/form", data=data, content_type="multipart/form-data")
        assert answer.status_code in (413, 422), answer.status_code
        must_be_harmless(answer.text)
        assert "etc/passwd" not in answer.text and "Set-Cookie" not in answer.headers.get("Location", "")
    with attack.room.center.database.reading() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM evidence")) == 0


@pytest.fixture
def token(attack: Attack) -> str:
    from privacy_center.audit.append import Actor
    from privacy_center.looks.systems import add_system

    with attack.room.center.database.transaction() as session:
        return add_system(session, f"sys-{uuid.uuid4().hex[:6]}", actor=Actor("system", "test"), at=clock.now())


def test_the_json_api_takes_no_cookie_and_no_form(attack: Attack, token: str):
    browser = attack.customer("open-case")
    assert browser.post("/api/access-log", json={"entries": []}).status_code == 401
    bearer = {"Authorization": f"Bearer {token}"}
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "application/jsonp", ""):
        assert browser.post("/api/access-log", data="{}", content_type=kind, headers=bearer).status_code == 415, kind
    answer = browser.post("/api/access-log?callback=x", json={}, headers=bearer)
    assert answer.mimetype == "application/json" and answer.json["error"] and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"entries":' * 50_000, b"9" * 100_000, b'"\\ud800"', b"NaN", b"{}", b'{"entries":[NaN]}', b"\xff\xfe",
     b'{"entries":[{"id":"a","id":"b"}]}', b'{"entries":[' + b"1," * 600 + b"1]}", b"null", b"", b'{"__proto__":{}}'],
)  # fmt: skip
def test_the_json_api_refuses_deep_odd_and_endless_bodies(attack: Attack, token: str, body: bytes):
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = attack.room.app.test_client().post("/api/access-log", data=body, headers=bearer)
    assert answer.status_code == 422 and answer.json["error"]["message"]["en"]


def test_half_a_sign_in_an_entry_is_refused_with_its_field(attack: Attack, token: str):
    entry = {"id": "e1", "at": clock.now().isoformat(), "operator": {"number": "A-1"}, "data": ["user.contact"]}
    entry |= {"purpose": "after_sales", "subject": {"kind": "email", "value": "a\ud800@example.com"}}
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for more in ({}, {"subject": {"kind": "email", "value": "a@b.cc"}, "content": {"name": "\ud800"}}):
        body = json.dumps({"entries": [entry | more]})
        answer = attack.room.app.test_client().post("/api/access-log", data=body, headers=bearer)
        assert answer.status_code == 422 and answer.json["error"]["entries"][0]["field"] in ("subject.value", "content")
