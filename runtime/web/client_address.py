"""Whose request it is, behind proxies that we trust and no others.

Anybody can write ``X-Forwarded-For``. It is believed only as far as it was written by a proxy that the operator named:
read from its end, the first address that is no such proxy is the client's.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.requests import HTTPConnection

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network
type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNKNOWN = "unknown"
_FORWARDED = "x-forwarded-for"


def client_address(connection: HTTPConnection, trusted: Sequence[Network]) -> str:
    """The client's address in its one spelling; ``unknown`` where there is no peer or no address."""
    peer = _address(connection.client.host) if connection.client is not None else None
    if peer is None:
        return UNKNOWN
    hops = [hop.strip() for line in connection.headers.getlist(_FORWARDED) for hop in line.split(",")]
    while hops and _is_trusted(peer, trusted):
        before = _address(hops.pop())
        if before is None:
            break  # the proxy was told nonsense; it is as far as we can see
        peer = before
    return str(peer)


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
