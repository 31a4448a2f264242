"""Local stand-ins for the two providers of text messages. They check a request as the published rules say, from the bytes
that came, and know nothing of the code that signed it.

Aliyun: https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature (ACS3-HMAC-SHA256)
Tencent Cloud: https://cloud.tencent.com/document/api/382/52072 (TC3-HMAC-SHA256)
"""

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

KEY_ID, KEY_SECRET = "LTAI-trial-key", "a secret that never leaves"
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")


class Wrong(Exception):
    """The request is not what the rules ask for; the word is the provider's own."""


@dataclass
class Received:
    """A request as it came over the wire."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class StandIn:
    """One provider on a port of this machine. `next`: what it does instead of looking at the next requests."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    next: list[str] = field(default_factory=list)
    ahead: timedelta = timedelta()
    nonces: set[str] = field(default_factory=set)
    enough: threading.Event = field(default_factory=threading.Event)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def escaped(text: str) -> str:
    """Percent-encoding of RFC 3986, byte by byte."""
    return "".join(chr(one) if one in UNRESERVED else f"%{one:02X}" for one in text.encode())


def sha256(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()


def check_acs3(came: Received, secret: str, now: datetime, nonces: set[str]) -> dict[str, str]:
    """The values of a request that is signed with this secret; raises `Wrong` for every other."""
    authorization = came.headers.get("authorization", "")
    found = re.fullmatch(
        r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})", authorization
    )
    if not found:
        raise Wrong("MissingAuthorization")
    if found[1] != KEY_ID:
        raise Wrong("InvalidAccessKeyId.NotFound")
    names = found[2].split(";")
    present = {name for name in came.headers if name == "host" or name.startswith("x-acs-") or name == "content-type"}
    if names != sorted(names) or not present <= set(names):
        raise Wrong("IncompleteSignature")
    if came.headers["x-acs-content-sha256"] != sha256(came.body):
        raise Wrong("InvalidContentSha256")
    values = {
        unquote(name): unquote(value) for name, _, value in (p.partition("=") for p in came.query.split("&") if p)
    }
    rebuilt = [
        came.method,
        came.path,
        "&".join(f"{escaped(name)}={escaped(values[name])}" for name in sorted(values)),
        *(f"{name}:{came.headers[name].strip()}" for name in names),
        "",
        ";".join(names),
        sha256(came.body),
    ]
    said = "ACS3-HMAC-SHA256\n" + sha256("\n".join(rebuilt).encode())
    if not hmac.compare_digest(hmac.digest(secret.encode(), said.encode(), "sha256").hex(), found[3]):
        raise Wrong("SignatureDoesNotMatch")
    signed_at = datetime.strptime(came.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if abs(now - signed_at) > timedelta(minutes=15):
        raise Wrong("InvalidTimeStamp.Expired")
    if came.headers["x-acs-signature-nonce"] in nonces:
        raise Wrong("SignatureNonceUsed")
    nonces.add(came.headers["x-acs-signature-nonce"])
    return values


def check_tc3(came: Received, secret: str, now: datetime) -> dict[str, Any]:
    """The document of a request that is signed with this secret; raises `Wrong` for every other."""
    found = re.fullmatch(
        r"TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/(\w+)/tc3_request, "
        r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})",
        came.headers.get("authorization", ""),
    )
    if not found:
        raise Wrong("AuthFailure.InvalidAuthorization")
    key_id, day, service, names, signature = found.groups()
    if key_id != KEY_ID:
        raise Wrong("AuthFailure.SecretIdNotFound")
    if not {"content-type", "host"} <= set(names.split(";")):
        raise Wrong("AuthFailure.SignatureFailure")
    stamp = came.headers["x-tc-timestamp"]
    head = "".join(f"{name}:{came.headers[name].strip().lower()}\n" for name in names.split(";"))
    rebuilt = f"{came.method}\n{came.path}\n{came.query}\n{head}\n{names}\n{sha256(came.body)}"
    said = f"TC3-HMAC-SHA256\n{stamp}\n{day}/{service}/tc3_request\n{sha256(rebuilt.encode())}"
    of_day = hmac.digest(b"TC3" + secret.encode(), day.encode(), "sha256")
    of_request = hmac.digest(hmac.digest(of_day, service.encode(), "sha256"), b"tc3_request", "sha256")
    if not hmac.compare_digest(hmac.digest(of_request, said.encode(), "sha256").hex(), signature):
        raise Wrong("AuthFailure.SignatureFailure")
    signed_at = datetime.fromtimestamp(int(stamp), UTC)
    if abs(now - signed_at) > timedelta(minutes=5) or signed_at.strftime("%Y-%m-%d") != day:
        raise Wrong("AuthFailure.SignatureExpire")
    return json.loads(came.body)


def _aliyun(stand_in: StandIn, came: Received, planned: str) -> tuple[int, dict[str, Any]]:
    try:
        values = check_acs3(came, KEY_SECRET, stand_in.now(), stand_in.nonces)
    except Wrong as wrong:
        return 400, {"Code": str(wrong), "Message": "no", "RequestId": "R1"}
    if planned:
        return 200, {"Code": planned, "Message": f"about {values}", "RequestId": "R1"}
    stand_in.taken.append({"action": came.headers["x-acs-action"], "version": came.headers["x-acs-version"], **values})
    return 200, {"Code": "OK", "Message": "OK", "RequestId": "R1", "BizId": "9"}


def _tencent(stand_in: StandIn, came: Received, planned: str) -> tuple[int, dict[str, Any]]:
    try:
        asked = check_tc3(came, KEY_SECRET, stand_in.now())
    except Wrong as wrong:
        return 200, {"Response": {"Error": {"Code": str(wrong), "Message": "no"}, "RequestId": "R1"}}
    if planned.startswith("RequestLimit"):
        return 200, {"Response": {"Error": {"Code": planned, "Message": f"about {asked}"}, "RequestId": "R1"}}
    action = came.headers["x-tc-action"]
    if not planned:
        stand_in.taken.append({"action": action, "version": came.headers["x-tc-version"], **asked})
    if action == "SendTtsVoice":
        return 200, {"Response": {"SendStatus": {"CallId": "1", "SessionContext": ""}, "RequestId": "R1"}}
    state = {"SerialNo": "1", "Code": planned or "Ok", "Message": f"about {asked['PhoneNumberSet']}"}
    return 200, {"Response": {"SendStatusSet": [state], "RequestId": "R1"}}


Answer = Callable[[StandIn, Received, str], tuple[int, dict[str, Any]]]


class Handler(BaseHTTPRequestHandler):
    """Answers for one stand-in; what is planned with a ! is done without looking at the request."""

    stand_in: StandIn
    answer: Answer

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        path, _, query = self.path.partition("?")
        came = Received("POST", path, query, headers, body)
        self.stand_in.received.append(came)
        planned = self.stand_in.next.pop(0) if self.stand_in.next else ""
        if planned.startswith("!"):
            getattr(self, f"_{planned[1:]}")()
            return
        status, said = type(self).answer(self.stand_in, came, planned)
        self._say(status, json.dumps(said, ensure_ascii=False).encode())

    def _say(self, status: int, said: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(said)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def _broken(self) -> None:
        self._say(503, b"<html>upstream</html>")

    def _redirect(self) -> None:
        self._say(307, b"{}", Location=self.stand_in.url + "/elsewhere")

    def _huge(self) -> None:
        self._say(200, json.dumps({"Code": "OK", "Message": "x" * 100_000}).encode())

    def _silence(self) -> None:
        self.stand_in.enough.wait(20)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.stand_in.enough.wait(0.05):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def log_message(self, *_told: object) -> None:
        return


@contextmanager
def provider(answer: Answer) -> Iterator[StandIn]:
    """A stand-in that is served until the end."""
    stand_in = StandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Served", (Handler,), {"stand_in": stand_in, "answer": answer}))
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.enough.set()
        server.shutdown()
        server.server_close()
        thread.join()


def aliyun():
    """Alibaba Cloud, for texts and calls."""
    return provider(_aliyun)


def tencent():
    """Tencent Cloud, for texts and calls."""
    return provider(_tencent)
