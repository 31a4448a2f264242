"""The signature of Tencent Cloud's API, version 3 (TC3-HMAC-SHA256), for a POST of JSON.

https://cloud.tencent.com/document/api/382/52072
"""

import hashlib
import hmac
from datetime import UTC, datetime

ALGORITHM = "TC3-HMAC-SHA256"
CONTENT = "application/json; charset=utf-8"
NAMES = "content-type;host;x-tc-action"


def signing_key(key_secret: str, day: str, service: str) -> bytes:
    """The key of one day (UTC, YYYY-MM-DD) and one service."""
    key = f"TC3{key_secret}".encode()
    for part in (day, service, "tc3_request"):
        key = _keyed(key, part)
    return key


def signed_headers(
    *,
    host: str,
    service: str,
    action: str,
    version: str,
    region: str,
    body: bytes,
    key_id: str,
    key_secret: str,
    at: datetime,
) -> dict[str, str]:
    """The headers of a POST of this body. The provider takes a signature for five minutes."""
    day, seconds = at.astimezone(UTC).strftime("%Y-%m-%d"), str(int(at.timestamp()))
    scope = f"{day}/{service}/tc3_request"
    to_sign = f"{ALGORITHM}\n{seconds}\n{scope}\n{_hashed(canonical_request(host, action, body).encode())}"
    signature = _keyed(signing_key(key_secret, day, service), to_sign).hex()
    return {
        "Host": host,
        "Content-Type": CONTENT,
        "X-TC-Action": action,
        "X-TC-Version": version,
        "X-TC-Timestamp": seconds,
        "X-TC-Region": region,
        "Authorization": f"{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={NAMES}, Signature={signature}",
    }


def canonical_request(host: str, action: str, body: bytes) -> str:
    """What is hashed and signed: method, path, no query, three headers in small letters, the hash of the body."""
    lines = f"content-type:{CONTENT}\nhost:{host}\nx-tc-action:{action.lower()}\n"
    return "\n".join(("POST", "/", "", lines, NAMES, _hashed(body)))


def _hashed(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()


def _keyed(key: bytes, said: str) -> bytes:
    return hmac.new(key, said.encode(), hashlib.sha256).digest()
