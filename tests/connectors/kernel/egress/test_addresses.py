"""Which addresses are public: the shared table, the registries' edges, and what wraps what."""

from __future__ import annotations

import json
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.kernel.egress.addresses import is_public
from connectors.kernel.egress.policy import (
    PUBLIC_ONLY,
    THIS_MACHINE,
    EgressPolicy,
    EgressPolicyError,
    read_egress_policy,
)
from tests.connectors.kernel.egress.digits import read_digits


async def test_the_shared_table_of_addresses_is_judged_as_it_says(shared_data: Path) -> None:
    rows = json.loads((shared_data / "security/derived/dos_and_poison.json").read_text("utf-8"))["ip_guard"]
    assert len(rows) == 32
    for row in rows:
        for address in await read_digits(row["ip"], 443):
            assert is_public(address) == bool(row["allow"]), row


_EDGES = {
    "9.255.255.255": True,
    "10.0.0.0": False,
    "10.255.255.255": False,
    "11.0.0.0": True,
    "100.63.255.255": True,
    "100.64.0.0": False,
    "100.128.0.0": True,
    "172.15.255.255": True,
    "172.31.255.255": False,
    "172.32.0.0": True,
    "192.167.255.255": True,
    "192.169.0.0": True,
    "198.17.255.255": True,
    "198.20.0.0": True,
    "223.255.255.255": True,
    "224.0.0.0": False,
    "168.63.129.15": True,
    "168.63.129.16": False,
    "::ffff:8.8.8.8": True,
    "::ffff:10.0.0.1": False,
    "::8.8.8.8": False,
    "64:ff9b::808:808": True,
    "64:ff9b::a00:1": False,
    "64:ff9b:1::808:808": False,
    "1fff:ffff::1": False,
    "2001:200::1": True,
    "2001:1ff::1": False,
    "2001:db8::1": False,
    "2a00:1450:4003::1": True,
    "3fff::1": False,
    "3fff:1000::1": True,
    "4000::1": False,
    "fec0::1": False,
}


@pytest.mark.parametrize(("address", "public"), _EDGES.items())
def test_the_edges_of_the_ranges(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@given(st.ip_addresses(v=4))
def test_nothing_public_to_us_is_private_to_the_standard_library(address: IPv4Address) -> None:
    assert not (is_public(address) and (address.is_private or address.is_multicast or address.is_reserved))
    assert is_public(IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)) == is_public(address)


@given(st.ip_addresses(v=6))
def test_the_same_for_the_longer_ones(address: IPv6Address) -> None:
    assert not (is_public(address) and (address.is_private or address.is_link_local or address.is_multicast))


_ALLOWED: dict[str, tuple[EgressPolicy, str, int, bool]] = {
    "https to a public address": (PUBLIC_ONLY, "8.8.8.8", 443, True),
    "https on its other port": (PUBLIC_ONLY, "8.8.8.8", 8443, True),
    "a database of the internet": (PUBLIC_ONLY, "8.8.8.8", 5432, False),
    "plain http": (PUBLIC_ONLY, "8.8.8.8", 80, False),
    "plain http, allowed": (EgressPolicy(plain_http=True), "8.8.8.8", 80, True),
    "a private address": (PUBLIC_ONLY, "10.0.0.1", 443, False),
    "a private address that was opened": (read_egress_policy(["10.0.0.0/24"]), "10.0.0.1", 8080, True),
    "its neighbour, that was not": (read_egress_policy(["10.0.0.0/24"]), "10.0.1.1", 443, False),
    "this machine in development": (THIS_MACHINE, "127.0.0.1", 8090, True),
    "this machine, wrapped": (THIS_MACHINE, "::ffff:127.0.0.1", 8090, True),
    "the metadata service in development": (THIS_MACHINE, "169.254.169.254", 80, False),
}


@pytest.mark.parametrize(("policy", "address", "port", "allowed"), _ALLOWED.values(), ids=_ALLOWED.keys())
def test_what_a_policy_lets_through(policy: EgressPolicy, address: str, port: int, allowed: bool) -> None:
    assert policy.allows(ip_address(address), port) is allowed


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(EgressPolicyError, match=r"'10\.0\.0\.1/8' is no network"):
        read_egress_policy(["127.0.0.0/8", "10.0.0.1/8"])
