"""A connection to an address that a tenant wrote, for what is not HTTP: checked and opened in one step."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv6Address, ip_address

from connectors.errors import RejectedError, TimedOutError, UnavailableError
from connectors.kernel.egress.addresses import Address, is_public
from connectors.kernel.egress.policy import EgressPolicy

type Resolver = Callable[[str, int], Awaitable[Sequence[Address]]]
"""Every address of a name, in the order they should be tried. Raises ``OSError`` when there is none."""


class ForbiddenAddressError(RejectedError):
    """The address is not one that a tenant may have the platform call."""


async def system_resolver(host: str, port: int) -> Sequence[Address]:
    """What this machine's resolver says. It reads ``0x7f.1`` as an address, so such forms are seen through too."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    # A link-local address comes with its zone (fe80::1%eth0); the check needs none.
    return tuple(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


async def open_socket(
    host: str, port: int, policy: EgressPolicy, *, limit_s: float, opened_only: bool = False
) -> socket.socket:
    """A connected socket. ``opened_only`` refuses even the public internet: for what would be sent in clear.

    Raises ``ForbiddenAddressError``, ``TimedOutError`` or ``UnavailableError``.
    """
    try:
        async with asyncio.timeout(limit_s):
            addresses = await system_resolver(host, port)
            for address in addresses:
                if not policy.is_opened(address) and (opened_only or not is_public(address)):
                    raise ForbiddenAddressError("the address is not one that may be called from here")
            return await _first_that_answers(addresses, port)
    except TimeoutError as error:
        raise TimedOutError(f"no connection within {limit_s:g} s") from error
    except (OSError, UnicodeError) as error:
        raise UnavailableError(f"no connection ({type(error).__name__})") from error


async def _first_that_answers(addresses: Sequence[Address], port: int) -> socket.socket:
    loop = asyncio.get_running_loop()
    failure = OSError("the name has no address")
    for address in addresses:
        family = socket.AF_INET6 if isinstance(address, IPv6Address) else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        opened.setblocking(False)
        try:
            await loop.sock_connect(opened, (str(address), port))
        except OSError as error:
            opened.close()
            failure = error
        except BaseException:
            opened.close()
            raise
        else:
            return opened
    raise failure
