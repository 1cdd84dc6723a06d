"""Whose word is taken for where a request comes from."""

from __future__ import annotations

import ipaddress

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from platform_admin.people.client_address import client_address, counted_as
from platform_admin.people.visitor import device_in_words

CASES = {
    "without a proxy it is the peer": ("203.0.113.9", "", "203.0.113.9"),
    "a header from a stranger changes nothing": ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
    "a trusted proxy is believed": ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
    "what a client writes in front is not read": ("10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
    "two trusted proxies are passed over": ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
    "nonsense ends the reading": ("10.0.0.1", "203.0.113.9, nonsense", "10.0.0.1"),
    "a trusted proxy that says nothing is itself": ("10.0.0.1", "", "10.0.0.1"),
    "an IPv4 address in an IPv6 coat is one": ("::ffff:203.0.113.9", "", "203.0.113.9"),
    "IPv6 is read as well": ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
    "a Unix socket has none": ("", "1.2.3.4", "unknown"),
}


@pytest.mark.parametrize(("peer", "forwarded", "address"), CASES.values(), ids=CASES)
def test_who_is_believed(peer: str, forwarded: str, address: str, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = (ipaddress.ip_network("10.0.0.0/8"),)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)) == address


def test_the_addresses_of_one_ipv6_site_are_counted_as_one() -> None:
    assert counted_as("2001:db8:1:2::7") == counted_as("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert counted_as("203.0.113.9") == "203.0.113.9"


DEVICES = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
    " Edg/131.0.0.0": "Edge, Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
    " Mobile/15E148 Safari/604.1": "Safari, iPhone",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36":
    "Chrome, Android",
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0": "Firefox, Linux",
    "curl/8.5.0": "curl",
    "": "",
    "<script>": "",
}  # fmt: skip


@pytest.mark.parametrize(("header", "words"), DEVICES.items())
def test_a_device_in_words(header: str, words: str) -> None:
    assert device_in_words(header) == words
