"""One HTTP request to a provider: no redirects, no proxies of the environment, an end to waiting, a small answer."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from privacy_center.outbox.sms.trouble import ProviderTrouble

LARGEST_ANSWER = 64 * 1024  # bytes; answers of both providers are under 1 kB


def post(endpoint: str, target: str, headers: Mapping[str, str], body: bytes, timeout: float) -> dict[str, Any]:
    """The JSON object that a POST is answered with, whatever its status; the whole exchange ends after `timeout` seconds.

    Raises `ProviderTrouble` for an answer that is a redirect, longer than 64 KiB or no JSON object, and `OSError` or
    `http.client.HTTPException` when there is none.
    """
    connection = _connect(endpoint, timeout)
    connection.connect()
    end = threading.Timer(timeout, _hang_up, [connection.sock])
    end.start()
    try:
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        said = answer.read(LARGEST_ANSWER + 1)
    finally:
        end.cancel()
        connection.close()
    return _read(answer.status, said)


def host_of(endpoint: str) -> str:
    """The Host header for an endpoint: what is signed is what is sent."""
    return urlsplit(endpoint).netloc


def _connect(endpoint: str, timeout: float) -> http.client.HTTPConnection:
    parts = urlsplit(endpoint)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=timeout, context=context)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)


def _hang_up(connected: socket.socket) -> None:
    """End a conversation that the other side draws out byte by byte."""
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _read(status: int, said: bytes) -> dict[str, Any]:
    if 300 <= status < 400:
        raise ProviderTrouble("redirect")
    if len(said) > LARGEST_ANSWER:
        raise ProviderTrouble("answer-too-long")
    try:
        answer = json.loads(said)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ProviderTrouble(f"http-{status}")
    return answer
