"""A small load client: a bounded number of requests from a few threads over kept connections, on loopback.

Cookies are kept as a browser keeps them.
"""

import http.client
import threading
import time
from http.cookies import SimpleCookie

THREADS = 4
HOST = {"Host": "127.0.0.1:8765"}
"""The address that the settings name by default: the web answers to no other name."""


def requests_a_second(port: int, path: str, count: int, cookie: str = "") -> float:
    """Send `count` GET requests, the connections kept open, and return how many were answered with 200 in a second.

    Refuses any other answer.
    """
    wrong: list[int] = []
    threads = [
        threading.Thread(target=_ask, args=(port, path, count // THREADS, cookie, wrong)) for _ in range(THREADS)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{path} was answered with {wrong[0]}")
    return count // THREADS * THREADS / (time.perf_counter() - begun)


def _ask(port: int, path: str, count: int, cookie: str, wrong: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    kept = SimpleCookie(cookie)
    for _ in range(count):
        sent = "; ".join(f"{name}={one.coded_value}" for name, one in kept.items())
        connection.request("GET", path, headers=HOST | ({"Cookie": sent} if sent else {}))
        answer = connection.getresponse()
        answer.read()
        for line in answer.headers.get_all("Set-Cookie", ()):
            kept.load(line)
        if answer.status != 200:
            wrong.append(answer.status)
            return
    connection.close()


def wait_for(port: int, path: str, seconds: float = 60) -> None:
    """Wait until something answers."""
    until = time.monotonic() + seconds
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            connection.getresponse().read()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
