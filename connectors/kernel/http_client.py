"""The one HTTP client of a process: bounded in connections, time and body, deaf to its surroundings.

httpx2 is the maintained line of httpx and the only HTTP stack here (docs/adr/0003-one-http-stack.md).
"""

from __future__ import annotations

import functools
import logging
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast

import httpx2


@dataclass(frozen=True, slots=True)
class HttpPolicy:
    """Limits of the client. Seconds and bytes."""

    connect_s: float = 3.0
    """A host that does not take a connection in three seconds is down for a waiting customer."""
    read_s: float = 10.0
    """Between two pieces of an answer; the whole attempt is bounded by the pipeline."""
    pool_s: float = 3.0
    """For a free connection; longer means that we are the ones overloaded."""
    max_connections: int = 20
    """Per tenant. A WhatsApp number is capped at 80 messages a second and one call takes 50-200 ms."""
    max_keepalive: int = 5
    """Idle connections kept: an idle tenant must cost nothing."""
    keepalive_s: float = 30.0
    """Shorter than what load balancers grant (60 s and up), so that we close before they do."""
    max_body_bytes: int = 1_000_000
    """A calendar's or an engine's answer is a hundredth of this."""


class BodyTooLargeError(httpx2.ReadError):
    """The answer grew past ``max_body_bytes`` while it was read. The connection is dropped."""


class EncodedBodyError(httpx2.DecodingError):
    """The answer is compressed although we asked for plain bytes; its size cannot be bounded."""


class BoundedTransport(httpx2.AsyncBaseTransport):
    """Counts the bytes of every answer as they arrive, whatever Content-Length says."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, max_body_bytes: int) -> None:
        self._inner = inner
        self._max_body_bytes = max_body_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("", "identity"):
            await response.aclose()
            raise EncodedBodyError(f"the answer is encoded as '{encoding[:20]}'", request=request)
        # An asynchronous transport always gives an asynchronous stream.
        stream = cast("httpx2.AsyncByteStream", response.stream)
        response.stream = _BoundedStream(stream, self._max_body_bytes, request)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, limit: int, request: httpx2.Request) -> None:
        self._inner = inner
        self._limit = limit
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for chunk in self._inner:
            read += len(chunk)
            if read > self._limit:
                raise BodyTooLargeError(f"the answer is larger than {self._limit} bytes", request=self._request)
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


def build_http_client(policy: HttpPolicy | None = None) -> httpx2.AsyncClient:
    """A client for every connector of the process. The caller closes it.

    No redirects (a credential must not follow one), no proxy and no credentials from the
    environment, no compressed answers, HTTP/1.1.
    """
    policy = policy or HttpPolicy()
    transport = httpx2.AsyncHTTPTransport(verify=ssl_context(), limits=pool_limits(policy), trust_env=False)
    return bounded_client(BoundedTransport(transport, policy.max_body_bytes), policy)


def bounded_client(transport: BoundedTransport, policy: HttpPolicy) -> httpx2.AsyncClient:
    """The client around ``transport``: what it never does, whatever the transport."""
    # httpx2 logs the full address of every request; a query can name a customer. The pipeline logs the call.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    return httpx2.AsyncClient(
        transport=transport,
        timeout=httpx2.Timeout(policy.read_s, connect=policy.connect_s, pool=policy.pool_s),
        follow_redirects=False,
        trust_env=False,
        headers={"accept-encoding": "identity", "user-agent": "frontdesk"},
    )


def pool_limits(policy: HttpPolicy) -> httpx2.Limits:
    """The connections of one client."""
    return httpx2.Limits(
        max_connections=policy.max_connections,
        max_keepalive_connections=policy.max_keepalive,
        keepalive_expiry=policy.keepalive_s,
    )


@functools.cache
def ssl_context() -> ssl.SSLContext:
    """Read once per process: loading the certificates blocks the loop for over a tenth of a second."""
    return httpx2.create_ssl_context(trust_env=False)
