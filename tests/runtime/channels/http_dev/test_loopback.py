"""The development channel answers its own machine only."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from runtime.channels.http_dev.loopback import is_local


def request(client: str | None, headers: list[tuple[str, str]]) -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    return Request({"type": "http", "client": (client, 1) if client else None, "headers": raw})


@pytest.mark.parametrize(
    ("client", "host"),
    [
        ("127.0.0.1", "localhost:8002"),
        ("127.0.0.1", "127.0.0.1:8002"),
        ("127.1.2.3", "LOCALHOST"),
        ("::1", "[::1]:8002"),
        ("::ffff:127.0.0.1", "luna.localhost:8002"),
    ],
)
def test_this_machine_may(client: str, host: str) -> None:
    assert is_local(request(client, [("Host", host)]))


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        pytest.param("192.168.1.7", [("Host", "localhost")], id="another machine"),
        pytest.param(None, [("Host", "localhost")], id="nobody knows who"),
        pytest.param("127.0.0.1", [("Host", "evil.example:8002")], id="a name that was rebound to this machine"),
        pytest.param("127.0.0.1", [("Host", "localhost.evil.example")], id="a name that begins like ours"),
        pytest.param("127.0.0.1", [("Host", "127.0.0.1.nip.example")], id="a name that begins like our address"),
        pytest.param("127.0.0.1", [("Host", "evil.example"), ("Host", "localhost")], id="two hosts"),
        pytest.param("127.0.0.1", [], id="no host"),
        pytest.param("127.0.0.1", [("Host", "")], id="an empty host"),
        pytest.param("127.0.0.1", [("Host", "localhost"), ("X-Forwarded-For", "10.0.0.1")], id="behind a proxy"),
        pytest.param("127.0.0.1", [("Host", "localhost"), ("Forwarded", "for=10.0.0.1")], id="behind a modern proxy"),
    ],
)
def test_nobody_else_may(client: str | None, headers: list[tuple[str, str]]) -> None:
    assert not is_local(request(client, headers))
