"""A real OpenID provider for tests: its own HTTP server, its own signatures."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx2
from oidc_provider_mock import run_server_in_thread
from pydantic import SecretStr

from tests.web.customer_room import Browser, CustomerRoom

CLIENT = "privacy-center"


@dataclass
class Provider:
    """The running provider, with what its users do there."""

    issuer: str

    def knows(self, sub: str, **claims: object) -> None:
        """A user of the provider, with what it says of them."""
        httpx2.put(f"{self.issuer}/users/{sub}", json=claims).raise_for_status()

    def signs_in(self, url: str, sub: str) -> str:
        """The user signs in on the provider's page; answers where the browser is sent back to."""
        answer = httpx2.post(url, data={"sub": sub}, follow_redirects=False)
        assert answer.status_code in (302, 303), answer.text
        return answer.headers["Location"]


@contextmanager
def provider() -> Iterator[Provider]:
    """The provider on a free port of this machine."""
    with run_server_in_thread() as server:
        yield Provider(f"http://localhost:{server.server_port}")


def use_provider(counter: CustomerRoom, issuer: str, **claims: str) -> None:
    """Point the center's `[oidc]` at it."""
    said = counter.center.settings.oidc
    said.issuer, said.client_id, said.client_secret = issuer, CLIENT, SecretStr("a secret of both")
    said.claims = {"email": "email", "phone_number": "phone_number", **claims}


def come_back(browser: Browser, provided: Provider, sub: str) -> str:
    """From our button to the provider and to where it sends the browser back: the path on our side."""
    url = browser.get("/sign-in/company", 303).headers["Location"]
    asked = parse_qs(urlsplit(url).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["state"] and asked["nonce"]
    back = urlsplit(provided.signs_in(url, sub))
    return f"{back.path}?{back.query}"
