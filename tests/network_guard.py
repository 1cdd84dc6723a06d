"""Keeps this process on loopback: a connect or a look-up that would leave the machine is refused and remembered.

An audit hook sees every connect made through the standard library, whoever makes it, and cannot be undone by
accident. Children are not covered; they are given loopback addresses by the tests that start them.
"""

from __future__ import annotations

import ipaddress
import sys

_refused: list[str] = []
_installed: list[bool] = []


class OutsideNetworkError(OSError):
    """A test tried to leave the machine."""


def install_network_guard() -> None:
    """Start guarding; doing so twice adds nothing."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_check)


def take_refused() -> list[str]:
    """What was refused since the last call, as ``host`` or ``host:port``."""
    taken = _refused.copy()
    _refused.clear()
    return taken


def _check(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and not _is_local(address[0]):
            _refuse(f"{address[0]}:{address[1]}")
    elif event == "socket.getaddrinfo":
        host = arguments[0].decode("ascii", "replace") if isinstance(arguments[0], bytes) else arguments[0]
        if _address(host) is None and not _is_local(host):  # reading an address off its digits asks nobody
            _refuse(str(host))


def _address(host: object) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return None


def _is_local(host: object) -> bool:
    if not isinstance(host, str) or host in {"", "localhost"}:
        return True  # no host at all: a wildcard, or not an internet address
    address = _address(host)
    if address is None:
        return host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _refuse(target: str) -> None:
    _refused.append(target)
    message = f"tests stay on loopback: {target} was refused"
    raise OutsideNetworkError(message)
