"""Whether an address belongs to the public internet.

``ipaddress.is_private`` and ``is_global`` are no guard: they let the metadata services of two clouds, multicast and
addresses that only wrap a private one through. So the special-purpose registries of IANA (RFC 6890 and its updates)
stand here as a list, wrapped addresses are unwrapped and judged by what is inside, and known metadata addresses that
lie in public ranges are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network

type Address = IPv4Address | IPv6Address

_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' NAT; the metadata service of Alibaba lives here
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link local; the metadata service of most clouds lives here
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; the metadata service of Oracle lives here
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "168.63.129.16/32",  # the host of an Azure machine, in a public range
    )
)

_PUBLIC_V6 = ip_network("2000::/3")
"""All that has been given out for the internet; everything else of IPv6 is special."""

_NOT_PUBLIC_V6 = tuple(
    ip_network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: wraps an IPv4 address and is withdrawn
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)

_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether ``address``, and whatever it wraps, is one of the public internet."""
    return all(map(_is_public, _with_wrapped(address)))


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC)
    if address in _MAPPED or address in _NAT64:
        return True  # judged by the address inside, which stands beside it
    return address in _PUBLIC_V6 and not any(address in network for network in _NOT_PUBLIC_V6)


def _with_wrapped(address: Address) -> Iterator[Address]:
    yield address
    if isinstance(address, IPv6Address) and (address in _MAPPED or address in _NAT64):
        yield IPv4Address(address.packed[-4:])
