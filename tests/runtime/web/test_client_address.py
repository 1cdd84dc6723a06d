"""Whose request it is: the peer's, or what trusted proxies say, and never what the client itself wrote."""

from __future__ import annotations

import ipaddress

import pytest
from starlette.requests import Request

from runtime.web.client_address import client_address

PROXIES = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8"))

CASES = {
    "a direct client": ("203.0.113.7", [], "203.0.113.7"),
    "a direct client that makes something up": ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
    "behind our proxy": ("10.0.0.2", ["203.0.113.7"], "203.0.113.7"),
    "behind two of our proxies": ("10.0.0.2", ["203.0.113.7, 10.9.9.9"], "203.0.113.7"),
    "behind our proxy, with something made up before": ("10.0.0.2", ["1.2.3.4, 203.0.113.7"], "203.0.113.7"),
    "two headers are read as one": ("10.0.0.2", ["1.2.3.4", "203.0.113.7"], "203.0.113.7"),
    "our proxy was told nonsense": ("10.0.0.2", ["not an address"], "10.0.0.2"),
    "our proxy says nothing": ("10.0.0.2", [], "10.0.0.2"),
    "an address of version 6": ("fd00::1", ["2001:DB8::0001"], "2001:db8::1"),
    "version 4 in the clothes of 6": ("::ffff:10.0.0.2", ["::ffff:203.0.113.7"], "203.0.113.7"),
    "a socket of the file system": ("", [], "unknown"),
}


@pytest.mark.parametrize(("peer", "forwarded", "address"), CASES.values(), ids=CASES)
def test_the_client_is_the_first_from_the_end_that_is_no_proxy_of_ours(
    peer: str, forwarded: list[str], address: str
) -> None:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    request = Request({"type": "http", "headers": headers, "client": (peer, 1) if peer else None})
    assert client_address(request, PROXIES) == address
