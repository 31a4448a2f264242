"""A provider of company accounts that says odd things, over real HTTP: nobody comes in as somebody else by them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.wrappers import Request, Response

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.oidc import Begun, Client, finish_oidc, identities_in
from tests.servers import serving

MAPPING = {"email": "email", "phone_number": "phone_number"}
VICTIM = "lin.xiaoxia@example.com"


@dataclass
class Stand:
    """A provider: what it puts into the ID token, what it says of the user besides, and the keys that it publishes."""

    issuer: str = ""
    token: dict[str, object] = field(default_factory=dict)
    told: dict[str, object] = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=lambda: [RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})])
    odd_keys: list[dict[str, object]] = field(default_factory=list)

    @Request.application
    def answer(self, asked: Request) -> Response:
        return Response(json.dumps(self._pages()[asked.path]()), mimetype="application/json")

    def _pages(self) -> dict[str, object]:
        places = {"authorization_endpoint": "in", "token_endpoint": "token", "jwks_uri": "keys"}
        places |= {"userinfo_endpoint": "user"}
        described = {"issuer": self.issuer} | {name: f"{self.issuer}/{path}" for name, path in places.items()}
        return {
            "/.well-known/openid-configuration": lambda: described,
            "/keys": lambda: {"keys": [*self.odd_keys, *KeySet(self.keys).as_dict(private=False)["keys"]]},
            "/token": lambda: {"access_token": "a", "token_type": "Bearer", "id_token": self._signed()},
            "/user": lambda: {"sub": "7", **self.told},
        }

    def _signed(self) -> str:
        now = int(clock.now().timestamp())
        claims = {"iss": self.issuer, "aud": "us", "sub": "7", "exp": now + 60, "iat": now, "nonce": "n"}
        return jwt.encode({"alg": "RS256", "kid": self.keys[-1].kid}, claims | self.token, self.keys[-1])

    def comes_back(self) -> list[tuple[str, str]]:
        """Somebody signs in there; whom we take them for."""
        us = Client(self.issuer, "us", "", "http://localhost/back", ("openid",))
        return identities_in(finish_oidc(us, Begun("", "s", "n", "v" * 64), "code", clock.now()), MAPPING)


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    with serving(made.answer) as port:
        made.issuer = f"http://127.0.0.1:{port}"
        yield made


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ({"email": VICTIM}, {"email": "eve@example.com", "email_verified": True}),
        ({"email": VICTIM, "email_verified": False}, {"email": VICTIM, "email_verified": True}),
        ({"email_verified": True}, {"email": VICTIM}),
        ({"phone_number": "13800138000"}, {"phone_number_verified": True}),
    ],
)
def test_a_contact_and_the_word_that_it_is_verified_come_from_one_mouth(stand: Stand, token, told):
    stand.token, stand.told = token, told
    assert stand.comes_back() == []


@pytest.mark.parametrize("where", ["token", "told"])
def test_a_contact_that_either_of_them_tells_whole_counts(stand: Stand, where: str):
    setattr(stand, where, {"email": VICTIM, "email_verified": True})
    assert stand.comes_back() == [("email", VICTIM)]
    stand.token["email"] = VICTIM  # as providers do that keep the token small
    assert stand.comes_back() == [("email", VICTIM)]


@pytest.mark.parametrize("alike", ["ｌin.xiaoxia@example.com", "lin.xiaoxia@ｅxample.com", "ℓin.xiaoxia@example.com"])
def test_an_address_that_only_looks_like_anothers_is_not_folded_into_it(stand: Stand, alike: str):
    stand.token = {"email": alike, "email_verified": True}
    assert stand.comes_back() == []


def test_a_claim_under_another_name_needs_a_word_of_its_own_that_it_is_verified():
    claims = {"mail": VICTIM, "email": "eve@example.com", "email_verified": True}
    assert identities_in(claims, {"mail": "email"}) == []
    assert identities_in(claims | {"mail_verified": True}, {"mail": "email"}) == [("email", VICTIM)]


def test_the_provider_changes_its_key_and_publishes_kinds_of_keys_that_we_do_not_know(stand: Stand):
    stand.token = {"email": VICTIM, "email_verified": True}
    assert stand.comes_back()
    stand.keys.append(RSAKey.generate_key(2048, {"kid": "two", "use": "sig"}))
    stand.odd_keys = [{"kty": "EC", "crv": "P-999", "kid": "x", "x": "AA", "y": "AA"}, {"kty": "RSA"}, {"kty": "new"}]
    assert stand.comes_back() == [("email", VICTIM)]
    stand.keys = [RSAKey.generate_key(2048, {"kid": "two", "use": "sig"}), *stand.keys[1:]][:1]
    stand.odd_keys = []
    assert stand.comes_back() == [("email", VICTIM)], "no key of before is remembered"


def test_a_token_by_a_key_that_was_withdrawn_is_refused(stand: Stand):
    signed = stand._signed()
    stand.keys = [RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})]
    stand._signed = lambda: signed  # type: ignore[method-assign]
    with pytest.raises(Refusal):
        stand.comes_back()
