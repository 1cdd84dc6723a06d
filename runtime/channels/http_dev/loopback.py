"""Who may use the development channel: this machine, unless the operator said otherwise.

The client's address alone is not enough. A page on the internet may name its own host and let DNS point it at
127.0.0.1 (DNS rebinding), and a proxy on this machine forwards strangers. So the ``Host`` header must name
this machine too, and a forwarded request is nobody's own.
"""

from __future__ import annotations

import ipaddress
from typing import Final

from starlette.requests import HTTPConnection

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")


def is_local(connection: HTTPConnection) -> bool:
    """Whether the request comes from this machine and was meant for it."""
    client = connection.client
    if client is None or not _is_loopback_address(client.host):
        return False
    if any(name in connection.headers for name in _FORWARDED):
        return False
    hosts = connection.headers.getlist("host")
    return len(hosts) == 1 and _is_loopback_name(_without_port(hosts[0]))


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host


def _is_loopback_name(name: str) -> bool:
    lowered = name.lower()
    return lowered == "localhost" or lowered.endswith(".localhost") or _is_loopback_address(lowered)


def _is_loopback_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
