"""The signature of Alibaba Cloud's API, version 3 (ACS3-HMAC-SHA256), for calls of the RPC kind.

https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


def canonical_query(values: Mapping[str, str]) -> str:
    """Names and values encoded as RFC 3986 says, sorted by name."""
    return "&".join(f"{quote(name, safe='~')}={quote(values[name], safe='~')}" for name in sorted(values))


def signed_headers(
    *,
    host: str,
    action: str,
    version: str,
    query: str,
    key_id: str,
    key_secret: str,
    at: datetime,
    nonce: str | None = None,
) -> dict[str, str]:
    """The headers of a POST without a body: `query` is already canonical, `nonce` random unless given.

    The provider takes a signature for 15 minutes and each nonce once.
    """
    hashed_body = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashed_body,
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce or secrets.token_hex(16),
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join(("POST", "/", query, lines, names, hashed_body))
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return headers | {"Authorization": f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"}
