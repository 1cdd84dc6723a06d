"""Where a request comes from. Only the proxies of ``TRUSTED_PROXIES`` are believed about it."""

from __future__ import annotations

import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNKNOWN: Final = "unknown"
_IPV6_SITE_BITS: Final = 64
"""RFC 6177: one customer gets at least this much, so a single address in it means nothing."""


def client_address(request: HttpRequest) -> str:
    """The nearest address that no trusted proxy speaks for; ``unknown`` for a peer without one (a Unix socket).

    ``X-Forwarded-For`` is read from its right end, where our own proxies write; what a client puts in front of it
    changes nothing.
    """
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    if address is None:
        return UNKNOWN
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not _is_trusted(address):
            break
        further = _parsed(hop)
        if further is None:
            break
        address = further
    return str(address)


def counted_as(address: str) -> str:
    """What attempts are counted under: the address, or the whole site of an IPv6 one."""
    parsed = _parsed(address)
    if parsed is None or parsed.version == 4:  # noqa: PLR2004 - of the Internet Protocol
        return address
    return str(ipaddress.ip_network((parsed, _IPV6_SITE_BITS), strict=False))


def _is_trusted(address: Address) -> bool:
    return any(address.version == network.version and address in network for network in settings.TRUSTED_PROXIES)


def _parsed(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
