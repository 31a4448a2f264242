"""The real server under attack, on a socket: who is asking behind a proxy, odd request lines, sizes, and what it says of itself."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from privacy_center.center import Center
from privacy_center.terminal.running import LARGEST_HEADER, open_server
from privacy_center.web.uploads import largest_upload
from tests.servers import free_port
from tests.web.attackers import Attack


@contextmanager
def served(center: Center) -> Iterator[int]:
    port = free_port()
    server = open_server(center, "127.0.0.1", port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield port
    finally:
        server.close()
        thread.join(5)


@pytest.fixture
def center(attack: Attack) -> Iterator[Center]:
    settings = attack.room.center.settings
    was = settings.model_dump()
    settings.demo, settings.base_url = False, "http://privacy.example.com"
    yield attack.room.center
    for name in ("demo", "base_url", "trusted_proxies"):
        setattr(settings, name, was[name])


def ask(port: int, *lines: str, body: bytes = b"") -> str:
    """What comes back for exactly these lines; the connection is closed by the server."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body)
        told = b""
        with suppress(ConnectionResetError):
            while part := connection.recv(65536):
                told += part
    return told.decode("utf-8", "replace")


HOST = "Host: privacy.example.com"


def test_behind_a_trusted_proxy_each_visitor_is_counted_under_their_own_address(center: Center):
    """Else all visitors share one limit, and the numbers for monitoring are open to everybody."""
    center.settings.trusted_proxies = 1
    with served(center) as port:
        assert " 404 " in ask(port, "GET /metrics HTTP/1.1", HOST, "X-Forwarded-For: 198.51.100.7").split("\n")[0]
        assert " 200 " in ask(port, "GET /metrics HTTP/1.1", HOST).split("\n")[0]
        assert " 404 " in ask(port, "GET / HTTP/1.1", HOST, "X-Forwarded-Host: evil.example").split("\n")[0]


def test_without_a_trusted_proxy_a_forwarded_request_is_nobody_on_this_machine(center: Center):
    with served(center) as port:
        assert " 404 " in ask(port, "GET /metrics HTTP/1.1", HOST, "X-Forwarded-For: 127.0.0.1").split("\n")[0]
        assert " 200 " in ask(port, "GET / HTTP/1.1", HOST, "X-Forwarded-Host: evil.example").split("\n")[0]


def test_a_whole_address_in_the_request_line_does_not_change_the_host(center: Center):
    with served(center) as port:
        assert " 404 " in ask(port, "GET http://evil.example/ HTTP/1.1", "Host: evil.example").split("\n")[0]
        answer = ask(port, "GET http://evil.example/sign-in HTTP/1.1", HOST)
        assert "evil.example" not in answer
        assert " 404 " in ask(port, "GET / HTTP/1.0").split("\n")[0]


def test_the_server_says_nothing_of_itself(center: Center):
    with served(center) as port:
        answer = ask(port, "GET / HTTP/1.1", HOST)
    head = answer.partition("\r\n\r\n")[0].lower()
    assert "server:" not in head and "waitress" not in answer.lower() and "python" not in head


def test_headers_that_are_too_large_and_bodies_of_two_lengths_are_refused(center: Center):
    with served(center) as port:
        assert "<html" not in ask(port, "GET / HTTP/1.1", HOST, "X: " + "y" * LARGEST_HEADER)
        smuggled = ("POST /sign-in HTTP/1.1", HOST, "Content-Length: 5", "Content-Length: 6")
        assert " 400 " in ask(port, *smuggled, body=b"a=b&c").split("\n")[0]
        odd = ("POST /sign-in HTTP/1.1", HOST, "Transfer-Encoding: chunked, identity")
        assert ask(port, *odd, body=b"0\r\n\r\n").split("\n")[0].split()[1] in ("400", "501")
        assert " 400 " in ask(port, "GET / HTTP/1.1", HOST, "X : y", "Bad Header").split("\n")[0]
        too_large = largest_upload(center.settings.evidence_largest_mb) + 1
        form = ("POST /help/as-agent/form HTTP/1.1", HOST, "Content-Type: multipart/form-data; boundary=b")
        answer = ask(port, *form, f"Content-Length: {too_large}", body=b"--b" + b"x" * (too_large - 3))
        assert " 413 " in answer.split("\n")[0] and "<html" in answer
        huge = ("POST /sign-in HTTP/1.1", HOST, "Content-Length: 99999999999")
        assert " 413 " in ask(port, *huge, body=b"a=b").split("\n")[0]
