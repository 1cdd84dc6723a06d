"""Reads an address however it is written, as this machine's resolver does, and looks no name up."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, ip_address

from connectors.kernel.egress.addresses import Address


async def read_digits(host: str, port: int) -> Sequence[Address]:
    """``0x7f.1``, ``2130706433`` and ``127.1`` are 127.0.0.1. Raises ``OSError`` for a name."""
    try:
        return (ip_address(host.partition("%")[0]),)
    except ValueError:
        return (IPv4Address(socket.inet_aton(host)),)
