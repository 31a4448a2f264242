"""Signing in with the company's own account, at a real provider; and every check of an ID token, failed once."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from privacy_center import clock
from privacy_center.people.identity import find_person, identities_of
from privacy_center.people.models import Level, LoginSession
from privacy_center.people.oidc import Client, check_id_token, identities_in
from tests.web.customer_room import CustomerRoom
from tests.web.oidc_provider import CLIENT, Provider, come_back, provider, use_provider
from tests.web.staff_room import BY_KEY
from tests.web.test_customer_ways_in import login_of, prove_by_code

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
ISSUER = "https://accounts.example.com"
IN_FULL = "/me/data/shop.customer"
US = Client(ISSUER, CLIENT, "", "https://privacy.example.com/sign-in/company/back", ("openid",))
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
KEYS = KeySet([KEY]).as_dict(private=False)
RIGHT = {"iss": ISSUER, "aud": CLIENT, "sub": "7", "exp": NOW + 300, "iat": NOW, "nonce": "n"}


@pytest.fixture
def accounts() -> Iterator[Provider]:
    with provider() as running:
        yield running


def test_a_verified_address_of_the_company_account_signs_in(counter: CustomerRoom, accounts: Provider):
    use_provider(counter, accounts.issuer)
    story = BY_KEY["open-case"]
    accounts.knows("lin", email=story.email, email_verified=True, phone_number=story.phone, phone_number_verified=True)
    browser = counter.browser()
    browser.get("/sign-in")
    assert "/sign-in/company" in browser.page.text
    assert browser.get(come_back(browser, accounts, "lin"), 303).headers["Location"] == "/me/"
    browser.get("/me/")
    with counter.center.database.reading() as session:
        login = session.scalars(sa.select(LoginSession).where(LoginSession.kind == "customer")).one()
        assert (login.level.value, login.method) == ("V1", "oidc")
        found = identities_of(session, login.owner_id)
    assert found == {"email": [story.email], "phone_number": [story.phone]}


def test_a_contact_that_the_account_itself_told_is_no_second_proof_beside_it_for_three_days(
    counter: CustomerRoom, accounts: Provider
):
    use_provider(counter, accounts.issuer)
    story = BY_KEY["open-case"]
    accounts.knows("lin", email=story.email, email_verified=True, phone_number=story.phone, phone_number_verified=True)
    browser = counter.browser()
    before = counter.letters()
    browser.get("/sign-in")
    browser.get(come_back(browser, accounts, "lin"), 303)
    assert counter.letters() == before + 2  # both contacts are told that the account brought one
    for place in ("0", "1"):
        prove_by_code(browser, IN_FULL, place)
    login = login_of(counter)
    assert (login.level, login.method) == (Level.V1, "oidc+code:email:new+code:phone_number:other:new")
    browser.get(f"/me/confirm?next={IN_FULL}")
    assert "拿不出第二种证明" in browser.words()
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=False):
        browser.get("/sign-in")
        browser.get(come_back(browser, accounts, "lin"), 303)
        prove_by_code(browser, IN_FULL, "1")
        assert login_of(counter).level is Level.V2


def test_the_company_account_counts_beside_a_contact_that_was_proven_by_itself(
    counter: CustomerRoom, accounts: Provider
):
    counter.sign_in("open-case")
    use_provider(counter, accounts.issuer)
    accounts.knows("lin", email=BY_KEY["open-case"].email, email_verified=True)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        browser = counter.browser()
        browser.get("/sign-in")
        browser.get(come_back(browser, accounts, "lin"), 303)
        assert "/me/confirm" in browser.get("/me/data/", 303).location  # a new device; they have another proof
        prove_by_code(browser, "/me/data/")
        assert login_of(counter).level is Level.V2
        browser.get("/me/data/")


def test_what_the_provider_has_not_verified_becomes_no_identity(counter: CustomerRoom, accounts: Provider):
    use_provider(counter, accounts.issuer)
    accounts.knows("eve", email=BY_KEY["open-case"].email, email_verified=False)
    browser = counter.browser()
    browser.get(come_back(browser, accounts, "eve"), 409)
    assert "没有验证过的邮箱或手机号" in browser.words()
    browser.get("/me/", 303)
    with counter.center.database.reading() as session:
        assert find_person(session, "email", BY_KEY["open-case"].email) is None


def test_the_way_back_works_once_and_in_one_browser_only(counter: CustomerRoom, accounts: Provider):
    use_provider(counter, accounts.issuer)
    accounts.knows("lin", email=BY_KEY["open-case"].email, email_verified=True)
    asking, other = counter.browser(), counter.browser()
    back = come_back(asking, accounts, "lin")
    other.get("/sign-in/company", 303)
    other.get(back, 409)
    asking.get(back, 303)
    asking.client.delete_cookie("pc_customer")
    asking.get(back, 409)


def test_a_provider_that_does_not_answer_or_says_to_be_another_is_told(counter: CustomerRoom, accounts: Provider):
    for issuer in ("http://127.0.0.1:9", accounts.issuer.replace("localhost", "127.0.0.1") + "/"):
        use_provider(counter, issuer)
        browser = counter.browser()
        browser.get("/sign-in/company", 409)
        assert "没有成功" in browser.words()


def token(claims: dict[str, object], key: object = KEY, **header: object) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one", **header}, claims, key, algorithms=["RS256", "HS256"])


def test_a_sound_token_is_taken():
    assert check_id_token(token(RIGHT), KEYS, US, "n", AT)["sub"] == "7"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example.com"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"azp": "another-client"},
        {"exp": NOW - 61},
        {"iat": NOW + 600},
        {"nonce": "another"},
        {"nonce": ""},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_is_refused(wrong: dict[str, object]):
    with pytest.raises((JoseError, ValueError)):
        check_id_token(token(RIGHT | wrong), KEYS, US, "n", AT)


@pytest.mark.parametrize("missing", ["iss", "aud", "exp", "iat", "sub", "nonce"])
def test_a_token_without_a_claim_it_must_have_is_refused(missing: str):
    with pytest.raises((JoseError, ValueError)):
        check_id_token(token({name: RIGHT[name] for name in RIGHT if name != missing}), KEYS, US, "n", AT)


def test_a_token_signed_by_another_key_is_refused():
    other = RSAKey.generate_key(2048, {"kid": "one"})
    with pytest.raises((JoseError, ValueError)):
        check_id_token(token(RIGHT, other), KEYS, US, "n", AT)


def test_a_token_that_was_changed_is_refused():
    head, _body, sign = token(RIGHT).split(".")
    body = token(RIGHT | {"sub": "8"}).split(".")[1]
    with pytest.raises((JoseError, ValueError)):
        check_id_token(f"{head}.{body}.{sign}", KEYS, US, "n", AT)


def test_a_public_key_is_never_taken_for_a_shared_secret_and_none_is_no_signature():
    def part(said: object) -> str:
        return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")

    signed_as_secret = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(RIGHT)}"
    mac = hmac.digest(KEY.as_pem(private=False), signed_as_secret.encode(), "sha256")
    forged_mac = urlsafe_b64encode(mac).decode().rstrip("=")
    for forged in (f"{signed_as_secret}.{forged_mac}", f"{part({'alg': 'none'})}.{part(RIGHT)}."):
        with pytest.raises((JoseError, ValueError)):
            check_id_token(forged, KEYS, US, "n", AT)


def test_only_verified_contacts_and_numbers_of_the_company_become_identities():
    claims = {"email": "a@example.com", "email_verified": "true", "member": "M7", "phone_number": "13800138000"}
    assert identities_in(claims, {"email": "email", "phone_number": "phone_number", "member": "member_number"}) == [
        ("member_number", "M7")
    ]
