"""The client for every address that a tenant wrote: checked and connected to in one step.

A name is resolved once, when a connection is opened; *every* address it has must be allowed; the connection goes to one
of those very addresses while TLS and ``Host`` keep the name. Nothing can change between check and use, a name with one
public and one private address is refused, and reading the URL in two ways cannot matter: what is checked is what is
connected to. Redirects are not followed here, the proxy environment is not read, bodies are bounded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore2
import httpx2

from connectors.errors import RejectedError
from connectors.kernel.egress.addresses import Address
from connectors.kernel.egress.policy import PUBLIC_ONLY, EgressPolicy
from connectors.kernel.egress.sockets import ForbiddenAddressError, Resolver, system_resolver
from connectors.kernel.http_client import BoundedTransport, HttpPolicy, bounded_client, pool_limits, ssl_context


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Opens connections to allowed addresses only."""

    def __init__(
        self, policy: EgressPolicy, resolve: Resolver, inner: httpcore2.AsyncNetworkBackend | None = None
    ) -> None:
        self._policy = policy
        self._resolve = resolve
        self._inner = inner or httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore2's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout("the name was not resolved in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"the name cannot be resolved ({type(error).__name__})") from error
        if not addresses:
            raise httpcore2.ConnectError("the name has no address")
        for address in addresses:
            if not self._policy.allows(address, port):
                raise ForbiddenAddressError("the address is not one that may be called from here")
        return await self._first_that_answers(addresses, port, timeout, local_address, socket_options)

    async def _first_that_answers(
        self,
        addresses: Sequence[Address],
        port: int,
        timeout: float | None,  # noqa: ASYNC109 - handed on
        local_address: str | None,
        socket_options: Iterable[Any] | None,
    ) -> httpcore2.AsyncNetworkStream:
        options = None if socket_options is None else list(socket_options)
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(str(address), port, timeout, local_address, options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore2.ConnectError("no address answered")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore2's
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        raise ForbiddenAddressError("a socket of this machine is not called from here")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """httpx2's own transport over connections of ``GuardedBackend``."""

    def __init__(self, policy: EgressPolicy, backend: GuardedBackend, http: HttpPolicy) -> None:
        super().__init__(verify=ssl_context(), limits=pool_limits(http), trust_env=False)
        self._policy = policy
        # httpx2 offers no parameter for it; its pool is the same class with the same arguments, none of them used yet.
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context(),
            max_connections=http.max_connections,
            max_keepalive_connections=http.max_keepalive,
            keepalive_expiry=http.keepalive_s,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        if url.scheme != "https" and not (url.scheme == "http" and self._policy.http_at_all):
            raise ForbiddenAddressError("only https addresses are called from here")
        if url.userinfo:
            raise ForbiddenAddressError("an address must not carry a user or a password")
        if not url.host:
            raise ForbiddenAddressError("the address names no host")
        return await super().handle_async_request(request)


def build_guarded_client(
    policy: EgressPolicy = PUBLIC_ONLY,
    *,
    resolve: Resolver = system_resolver,
    connections: httpcore2.AsyncNetworkBackend | None = None,
    http: HttpPolicy | None = None,
) -> httpx2.AsyncClient:
    """The client. The caller closes it. ``connections`` opens what was found to be allowed; usually the system does.

    Besides what ``kernel.http_errors.transport_errors`` translates it raises ``ForbiddenAddressError``, before any
    connection is opened.
    """
    http = http or HttpPolicy()
    transport = GuardedTransport(policy, GuardedBackend(policy, resolve, connections), http)
    return bounded_client(BoundedTransport(transport, http.max_body_bytes), http)


def checked_url(text: str) -> httpx2.URL:
    """``text`` as a URL that can be asked for. Raises ``RejectedError``."""
    try:
        url = httpx2.URL(text)
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise RejectedError("the address cannot be read") from error
    if url.scheme not in ("https", "http") or not url.host:
        raise RejectedError("the address must begin with https:// and name a host")
    return url
