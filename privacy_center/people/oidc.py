"""Signing in with the company's own accounts: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), state and nonce."""

import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from privacy_center.errors import Refusal
from privacy_center.people.contact import Contact, normal_value, read_contact
from privacy_center.when_needed import when_needed

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client
    from joserfc.jwk import KeySet

httpx2 = when_needed("httpx2")
oauth = when_needed("authlib.integrations.base_client.errors")
oauth_client = when_needed("authlib.integrations.httpx_client")
jwt = when_needed("joserfc.jwt")
jwk = when_needed("joserfc.jwk")
jose = when_needed("joserfc.errors")

TIMEOUT, LEEWAY = 10.0, 60  # seconds
LARGEST = 1_000_000  # bytes of one answer of the provider
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
"""Signatures with a public key only: neither `none` nor HMAC, which a public key could be mistaken for the secret of."""
PROVEN_BY = {"email": "email_verified", "phone_number": "phone_number_verified"}


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to the provider, and where it sends people back to."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what to keep in it until it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str


def begin_oidc(client: Client) -> Begun:
    """Ask the provider who it is, and make the address of its sign-in page. Refuses (409) one that does not answer."""
    begun = Begun("", secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    with _open(client) as asking:
        said = _discover(asking, client.issuer)
        url, _state = asking.create_authorization_url(
            said["authorization_endpoint"], state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
        )
    return Begun(url, begun.state, begun.nonce, begun.verifier)


def finish_oidc(client: Client, begun: Begun, code: str, at: datetime) -> Mapping[str, Any]:
    """What the provider says of who signed in, from a checked ID token (and userinfo of the same subject).

    Refuses (409) a code, a token or a provider that does not hold, always in the same words.
    """
    try:
        with _open(client) as asking:
            said = _discover(asking, client.issuer)
            got = asking.fetch_token(said["token_endpoint"], code=code, code_verifier=begun.verifier)
            keys = _get(asking, said["jwks_uri"])
            claims = check_id_token(str(got["id_token"]), keys, client, begun.nonce, at)
            return joined(_userinfo(asking, said, got, claims), claims)
    except (httpx2.HTTPError, jose.JoseError, ValueError, KeyError, TypeError, oauth.OAuthError) as error:
        raise oidc_refusal() from error


def joined(told: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
    """Userinfo and the claims of the ID token, which goes first. That a contact is verified counts from the one of the two
    that tells the contact itself: what it says of another contact proves nothing of this one.
    """
    both = {**told, **claims}
    for contact, flag in PROVEN_BY.items():
        said = claims if flag in claims else told
        both[flag] = said.get(flag) is True and contact in said and said[contact] == both[contact]
    return both


def check_id_token(token: str, keys: Mapping[str, Any], client: Client, nonce: str, at: datetime) -> Mapping[str, Any]:
    """The claims of an ID token (OpenID Connect Core 3.1.3.7); refuses (ValueError or JoseError) a wrong signature, a
    signature by anything but a public key, another issuer or audience, a past `exp`, a coming `iat`, another nonce.
    """
    read = jwt.decode(token, _known_keys(keys), algorithms=ALGORITHMS)
    must = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": client.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": client.client_id},
        exp={"essential": True},
        iat={"essential": True},
    )
    must.validate(read.claims)
    audience = read.claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if (several or "azp" in read.claims) and read.claims.get("azp") != client.client_id:
        raise ValueError("made for another client")
    if not secrets.compare_digest(str(read.claims.get("nonce", "")).encode(), nonce.encode()):
        raise ValueError("another nonce")
    return read.claims


def identities_in(claims: Mapping[str, Any], mapping: Mapping[str, str]) -> list[tuple[str, str]]:
    """The proven identities (kind, value) in the claims, contacts first; `mapping`: claim → kind.

    An e-mail address or phone number counts only where the provider says that it has verified it, and as it is written: one
    with full-width or look-alike signs is another mailbox than the one it folds into. Any other claim is a number that
    the company itself gave to its account.
    """
    found = [
        (kind, normal_value(kind, str(claims[claim])))
        for claim, kind in mapping.items()
        if claims.get(claim) and (kind not in PROVEN_BY or _is_verified(claims, claim))
    ]
    usable = [(kind, value) for kind, value in found if kind not in PROVEN_BY or _contact(kind, value)]
    return sorted(usable, key=lambda one: one[0] not in PROVEN_BY)


def contacts_among(identities: Iterable[tuple[str, str]]) -> list[Contact]:
    """Those of the identities that a message can reach."""
    return [Contact(kind, value) for kind, value in identities if kind in PROVEN_BY]


def oidc_refusal() -> Refusal:
    """The one answer to a sign-in with a company account that did not work."""
    return Refusal(
        "公司账号登录没有成功。再试一次，或者改用验证码登录。",
        "Signing in with the company account did not work. Try again, or sign in with a code.",
    )


def _open(client: Client) -> "OAuth2Client":
    return oauth_client.OAuth2Client(
        client.client_id,
        client.client_secret or None,
        scope=" ".join(client.scopes),
        redirect_uri=client.redirect_uri,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if client.client_secret else "none",
        timeout=TIMEOUT,
        follow_redirects=False,
        trust_env=False,
    )


def _discover(asking: "OAuth2Client", issuer: str) -> Mapping[str, str]:
    """The provider's own description (OpenID Connect Discovery 1.0); it must name the very issuer that was asked."""
    try:
        said = _get(asking, issuer.rstrip("/") + "/.well-known/openid-configuration")
        places = [said[one] for one in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        places += [said["userinfo_endpoint"]] if "userinfo_endpoint" in said else []
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        raise oidc_refusal() from error
    scheme = urlsplit(issuer).scheme
    if said.get("issuer") != issuer or any(urlsplit(place).scheme not in (scheme, "https") for place in places):
        raise oidc_refusal()
    return said


def _get(asking: "OAuth2Client", url: str, token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = asking.request("GET", url, headers=headers, withhold_token=True).raise_for_status()
    if len(answer.content) > LARGEST:
        raise ValueError("too large")
    read = answer.json()
    if not isinstance(read, dict):
        raise TypeError("no object")
    return read


def _userinfo(
    asking: "OAuth2Client", said: Mapping[str, str], got: Mapping[str, Any], claims: Mapping[str, Any]
) -> Mapping[str, Any]:
    if "userinfo_endpoint" not in said or "access_token" not in got:
        return {}
    told = _get(asking, said["userinfo_endpoint"], str(got["access_token"]))
    if told.get("sub") != claims["sub"]:
        raise ValueError("another subject")
    return told


def _known_keys(keys: Mapping[str, Any]) -> "KeySet":
    """The keys that the provider publishes, without those of kinds that we do not know (RFC 7517, section 5)."""
    found = []
    for one in keys["keys"]:
        with suppress(jose.JoseError, ValueError, KeyError, TypeError):
            found.append(jwk.import_key(one))
    return jwk.KeySet(found)


def _is_verified(claims: Mapping[str, Any], claim: str) -> bool:
    """What the provider says of `email` it does not say of an address under another name, which its user may have typed."""
    return claims.get(f"{claim}_verified") is True and unicodedata.is_normalized("NFKC", str(claims[claim]))


def _contact(kind: str, value: str) -> bool:
    try:
        return read_contact(value).kind == kind
    except Refusal:
        return False
