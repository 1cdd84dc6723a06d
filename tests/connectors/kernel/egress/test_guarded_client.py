"""The client for addresses that a tenant wrote. A listener stands where nobody may be called, and counts."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpcore2
import httpx2
import pytest

from connectors.errors import ConnectorError, RejectedError
from connectors.kernel.egress.addresses import Address, is_public
from connectors.kernel.egress.client import GuardedBackend, build_guarded_client, checked_url
from connectors.kernel.egress.policy import PUBLIC_ONLY, THIS_MACHINE, EgressPolicy
from connectors.kernel.egress.sockets import ForbiddenAddressError, Resolver, system_resolver
from connectors.kernel.http_errors import transport_errors
from tests.connectors.kernel.egress.digits import read_digits
from tests.connectors.kernel.egress.listener import Listener

_HTTP_TOO = EgressPolicy(plain_http=True)
"""The most a policy without opened networks allows: what stops a call then is the address alone."""

_PORT = re.compile(r"(?<=[^/\[:]):(\d+)(?=[/?#]|$)")


class Names:
    """A resolver with a script: each look-up of a name takes its next answer, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.looked_up: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        self.looked_up.append(host)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return tuple(map(ip_address, answer))


class _ThisMachineOnly(httpcore2.AnyIOBackend):
    """Really connects to this machine; the public internet is silent in a test."""

    async def connect_tcp(self, host: str, *args: Any, **options: Any) -> httpcore2.AsyncNetworkStream:
        if is_public(ip_address(host)):
            raise httpcore2.ConnectError("the internet is silent")
        return await super().connect_tcp(host, *args, **options)


async def _fetch(url: str, *, policy: EgressPolicy = _HTTP_TOO, resolve: Resolver = system_resolver) -> str:
    """How asking ended: ``answered``, the class of the error, or ``unreadable``."""
    async with build_guarded_client(policy, resolve=resolve, connections=_ThisMachineOnly()) as client:
        try:
            with transport_errors("test"):
                await client.get(checked_url(url))
        except ConnectorError as error:
            return type(error).__name__
        except (httpx2.InvalidURL, UnicodeError, ValueError):
            return "unreadable"
    return "answered"


async def _only_digits(host: str, port: int) -> Sequence[Address]:
    """Reads what is an address however it is written; every name leads to this machine."""
    try:
        return await read_digits(host, port)
    except (OSError, UnicodeError):
        return (ip_address("127.0.0.1"), ip_address("::1"))


def _urls_of(shared_data: Path) -> list[str]:
    lines = (shared_data / "security/ssrf/patt_ssrf_urls.txt").read_text("utf-8").splitlines()
    table = json.loads((shared_data / "security/url/whatwg_urltestdata.json").read_text("utf-8"))
    inputs = [row["input"] for row in table if isinstance(row, dict)]
    addresses = json.loads((shared_data / "security/derived/dos_and_poison.json").read_text("utf-8"))["ip_guard"]
    literal = [f"[{row['ip']}]" if ":" in row["ip"] else row["ip"] for row in addresses if not row["allow"]]
    return [*lines, *inputs, *(f"{scheme}://{host}/" for host in literal for scheme in ("http", "https"))]


async def test_no_url_of_the_collections_reaches_this_machine(shared_data: Path) -> None:
    urls = _urls_of(shared_data)
    assert len(urls) > 1_000
    async with Listener() as listener:
        aimed = [_PORT.sub(f":{listener.port}", url) for url in urls]
        bare = [re.sub(r"^(https?://[^/?#:]+)(?=[/?#]|$)", rf"\1:{listener.port}", url) for url in urls]
        endings = [await _fetch(url, resolve=_only_digits) for url in dict.fromkeys((*urls, *aimed, *bare))]
        assert "answered" not in endings
        assert endings.count("ForbiddenAddressError") > 400
        assert listener.hits == 0


async def test_the_listener_would_have_noticed() -> None:
    async with Listener() as listener:
        assert await _fetch(f"http://127.0.0.1:{listener.port}/", policy=THIS_MACHINE) == "answered"
        assert await _fetch(
            f"http://shop.example:{listener.port}/", policy=THIS_MACHINE, resolve=Names(["127.0.0.1"])
        ) == ("answered")
        assert listener.hits == 2


_NAMES: dict[str, Sequence[str]] = {
    "a name of this machine": ["127.0.0.1"],
    "a name with one public and one private address": ["8.8.8.8", "127.0.0.1"],
    "the private one first": ["127.0.0.1", "8.8.8.8"],
    "a public A and a private AAAA": ["8.8.8.8", "::1"],
    "only a private AAAA": ["::1"],
    "a mapped address": ["::ffff:127.0.0.1"],
    "an alias of the metadata service": ["169.254.169.254"],
    "a name without an address": [],
}


@pytest.mark.parametrize("answer", _NAMES.values(), ids=_NAMES.keys())
async def test_a_name_is_refused_for_any_of_its_addresses(answer: Sequence[str]) -> None:
    connected: list[str] = []
    backend = GuardedBackend(_HTTP_TOO, Names(answer), _Recorder(connected))
    with pytest.raises((ForbiddenAddressError, httpcore2.ConnectError)):
        await backend.connect_tcp("shop.example", 443)
    assert connected == []


async def test_a_name_that_changes_between_look_ups_is_looked_up_once_for_a_connection() -> None:
    connected: list[str] = []
    names = Names(["8.8.8.8"], ["127.0.0.1"])
    backend = GuardedBackend(PUBLIC_ONLY, names, _Recorder(connected))
    await backend.connect_tcp("rebind.example", 443)
    assert (names.looked_up, connected) == (["rebind.example"], ["8.8.8.8"])
    with pytest.raises(ForbiddenAddressError):
        await backend.connect_tcp("rebind.example", 443)
    assert connected == ["8.8.8.8"]


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    connected: list[str] = []
    backend = GuardedBackend(PUBLIC_ONLY, Names(["8.8.8.8", "1.1.1.1"]), _Recorder(connected, silent={"8.8.8.8"}))
    await backend.connect_tcp("shop.example", 443)
    assert connected == ["8.8.8.8", "1.1.1.1"]


async def test_a_socket_of_this_machine_is_never_opened() -> None:
    with pytest.raises(ForbiddenAddressError):
        await GuardedBackend(THIS_MACHINE, system_resolver).connect_unix_socket("/run/docker.sock")


_SHAPES = {
    "plain http": "http://8.8.8.8/",
    "a user in the address": "https://user:password@8.8.8.8/",
    "a port that is no web server's": "https://8.8.8.8:22/",
}


@pytest.mark.parametrize("url", _SHAPES.values(), ids=_SHAPES.keys())
async def test_a_public_address_is_asked_over_https_and_in_no_other_way(url: str) -> None:
    assert await _fetch(url, policy=PUBLIC_ONLY) == "ForbiddenAddressError"


@pytest.mark.parametrize("text", ["ftp://8.8.8.8/", "file:///etc/passwd", "gopher://x/", "//x/", "x", "", "https://"])
def test_what_is_no_web_address_is_not_one(text: str) -> None:
    with pytest.raises(RejectedError):
        checked_url(text)


async def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Listener() as proxy, Listener() as server:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert await _fetch(f"http://127.0.0.1:{server.port}/", policy=THIS_MACHINE) == "answered"
        assert (proxy.hits, server.hits) == (0, 1)


class _Recorder(httpcore2.AsyncNetworkBackend):
    """Connects to nobody and remembers to whom it was asked to."""

    def __init__(self, connected: list[str], silent: frozenset[str] | set[str] = frozenset()) -> None:
        self._connected = connected
        self._silent = silent

    async def connect_tcp(self, host: str, *_args: object, **_options: object) -> httpcore2.AsyncNetworkStream:
        self._connected.append(host)
        if host in self._silent:
            raise httpcore2.ConnectError("nobody answers")
        return httpcore2.AsyncNetworkStream()
