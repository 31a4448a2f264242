"""What is tried at the doors: common passwords, a login left open before a sign-in, and guessing that nobody notices."""

import json
import logging

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.models import AuditEntry
from privacy_center.errors import Refusal
from privacy_center.outbox.words import ACTIONS
from privacy_center.people.common_passwords import is_common, refuse_common
from privacy_center.people.login import find_login
from privacy_center.people.models import LoginKind
from privacy_center.people.staff.passwords import hash_password
from privacy_center.web.cookies import cookie_name
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import BY_KEY
from tests.web.test_customer_ways_in import prove_by_code
from tests.web.test_identity_cases import begin

COMMON = (
    "password1234", "P@ssw0rd2026!!", "passwordpassword", "qwertyuiop12", "1q2w3e4r5t6y", "1qaz2wsx3edc", "123456789012",
    "abcdefghijkl", "woaini5201314", "Admin@123456", "000000000000", "QWERTY-123456", "zxcvbnm,12345",
)  # fmt: skip
OWN = ("qinghe-demo-2026", "a long password", "purple tractor 9 moons", "今天下雨我们去钓鱼吧真好啊", "tR7#kpL0vBnE")


@pytest.mark.parametrize("password", COMMON)
def test_a_password_from_every_guessing_list_is_refused_however_disguised(password):
    with pytest.raises(Refusal):
        refuse_common(password)
    with pytest.raises(Refusal):
        hash_password(password)


@pytest.mark.parametrize("password", OWN)
def test_a_password_with_something_of_ones_own_in_it_is_not_called_common(password):
    assert not is_common(password)


def test_a_row_of_the_same_letter_is_looked_at_as_quickly_as_any_other():
    """It holds up nobody: with all ways to cut it into common words tried, this would not end."""
    assert not is_common("a" * 190 + "zxqv-kürbis")
    assert is_common("a" * 190 + "password")


def test_a_customer_is_told_beside_the_field_that_a_password_is_too_common(counter: CustomerRoom):
    browser = counter.sign_in("open-case")
    prove_by_code(browser, "/me/security/password")
    browser.get("/me/security/password")
    page = browser.post("/me/security/password", 422, password="password12345", password_again="password12345").text
    assert "一猜就中" in page and 'id="password-error"' in page


def test_signing_in_ends_the_login_that_the_browser_came_with(counter: CustomerRoom):
    browser = counter.sign_in("open-case")
    before = browser.client.get_cookie(cookie_name("pc_customer", secure=counter.center.settings.secure_cookies)).value
    assert alive(counter, before)
    browser.sign_in("chen.jianguo@example.com")
    assert not alive(counter, before)
    browser.get("/me/")


def alive(room: CustomerRoom, token: str) -> bool:
    with room.center.database.reading() as session:
        return find_login(session, token, LoginKind.CUSTOMER, clock.now()) is not None


def test_wrong_proofs_and_refused_pages_are_lines_in_the_security_log_without_contacts(counter, caplog):
    caplog.set_level(logging.WARNING, "privacy_center.security")
    browser = counter.browser()
    browser.get("/sign-in")
    browser.post("/sign-in", contact="lin.xiaoxia@example.com")
    browser.get("/sign-in/code")
    browser.post("/sign-in/code", 422, code="000000")
    browser.sign_in("lin.xiaoxia@example.com")
    browser.get("/me/requests/PC-0000-0000-0000", 404)
    lines = [json.loads(one.message) for one in caplog.records if one.name == "privacy_center.security"]
    assert [(one["event"], one["page"], one["status"]) for one in lines] == [
        ("proof.wrong", "sign_in.code", 422),
        ("access.refused", "requests.show", 404),
    ]
    assert lines[1]["who"] == str(counter.person("open-case")) and lines[0]["from"] == lines[1]["from"] != "127.0.0.1"
    assert "example.com" not in caplog.text
    with counter.center.database.reading() as session:
        opened = session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "login.open")).one()
        assert opened.actor_id == str(counter.person("open-case")) and json.loads(opened.details) == {"by": "code"}


def test_a_code_that_lets_somebody_in_says_so_whatever_else_it_is_for(counter):
    for action in ("sign_in", "ask_for_help"):
        assert "登录" in ACTIONS[action].zh and "signing in" in ACTIONS[action].en
    asker = begin(counter, "lost-number", BY_KEY["open-case"].email)
    asker.get("/me/data/")
    assert "我们有您的这些信息" in asker.words()
