"""``EgressPolicy``: what an operator allows beyond the public internet over https."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from connectors.kernel.egress.addresses import Address, is_public

type Network = IPv4Network | IPv6Network

HTTPS_PORTS = frozenset({443, 8443})
"""Of public addresses. What else listens on a public machine is none of a tenant's business."""


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """``networks`` are ranges an operator opened, on every port and for http as well. Empty: the public internet only.

    ``plain_http`` lets tenants reach public addresses over http on port 80.
    """

    networks: tuple[Network, ...] = ()
    plain_http: bool = False

    def is_opened(self, address: Address) -> bool:
        """Whether an operator opened the range of ``address``."""
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self.networks)

    def allows(self, address: Address, port: int) -> bool:
        """Whether ``address`` may be connected to on ``port``."""
        if self.is_opened(address):
            return True
        return is_public(address) and (port in HTTPS_PORTS or (self.plain_http and port == 80))  # noqa: PLR2004 - http

    @property
    def http_at_all(self) -> bool:
        """Whether there is any address that may be asked over http."""
        return self.plain_http or bool(self.networks)


PUBLIC_ONLY = EgressPolicy()

THIS_MACHINE = EgressPolicy(networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")))
"""For development: servers of the same machine are what a developer tries against."""


class EgressPolicyError(ValueError):
    """The operator's list cannot be read; the text says which part."""


def read_egress_policy(networks: Iterable[str], *, plain_http: bool = False) -> EgressPolicy:
    """From the operator's words, like ``10.1.0.0/16``. Raises ``EgressPolicyError``."""
    read: list[Network] = []
    for text in networks:
        try:
            read.append(ip_network(text.strip()))
        except ValueError as error:
            raise EgressPolicyError(f"'{text.strip()[:50]}' is no network like 10.1.0.0/16") from error
    return EgressPolicy(tuple(read), plain_http=plain_http)
