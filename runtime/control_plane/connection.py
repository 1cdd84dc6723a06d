"""``ControlPlaneConnection``: one request to the tenant's corner of the control plane. Knows HTTP and the token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from connectors.kernel.http_client import ssl_context
from runtime.errors import ControlPlaneError
from runtime.version import VERSION

CONNECT_TIMEOUT_S: Final = 3.0
READ_TIMEOUT_S: Final = 10.0
TOTAL_TIMEOUT_S: Final = 30.0
"""4 MB at 2 Mbit/s take 17 s; a server that drips bytes passes every shorter limit."""

LONGEST_RETRY_AFTER_S: Final = 300.0
"""A control plane that asks for more patience than this is asked again nevertheless."""

_TOKEN_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back with a status below 400."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class ControlPlaneConnection:
    """``<url>/api/runtime/v1/tenants/<tenant>/<path>`` with a bearer token, no redirects, no proxies.

    The token is read anew each time, so that a rotated one is used without a restart.
    """

    def __init__(self, url: str, tenant: str, token_file: Path) -> None:
        self._base = f"{url}/api/runtime/v1/tenants/{tenant}/"
        self._token_file = token_file
        timeout = httpx2.Timeout(
            connect=CONNECT_TIMEOUT_S, read=READ_TIMEOUT_S, write=READ_TIMEOUT_S, pool=CONNECT_TIMEOUT_S
        )
        self._http = httpx2.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False, verify=ssl_context())

    async def ask(
        self,
        method: str,
        path: str,
        *,
        most_bytes: int,
        headers: Mapping[str, str] | None = None,
        content: bytes | AsyncIterable[bytes] | None = None,
        patience_s: float = TOTAL_TIMEOUT_S,
    ) -> Answer:
        """Send and read the whole answer, at most ``most_bytes`` of it, within ``patience_s``.

        Raises:
            ControlPlaneError: ``unreachable``, ``bad_token_file``, ``too_large`` or ``http_<status>``.
        """
        body = bytearray()
        status, received = await self.pour(
            method,
            path,
            into=body.extend,
            most_bytes=most_bytes,
            headers=headers,
            content=content,
            patience_s=patience_s,
        )
        return Answer(status, received, bytes(body))

    async def pour(
        self,
        method: str,
        path: str,
        *,
        into: Callable[[bytes], object],
        most_bytes: int,
        headers: Mapping[str, str] | None = None,
        content: bytes | AsyncIterable[bytes] | None = None,
        patience_s: float = TOTAL_TIMEOUT_S,
    ) -> tuple[int, Mapping[str, str]]:
        """The same, with each piece of the answer given to ``into`` as it comes: its status and its headers.

        A body that is no ``bytes`` needs its ``Content-Length`` among ``headers``.
        """
        sent = {
            "Authorization": f"Bearer {self._token()}",
            # A compressed body could be small to send and endless to read.
            "Accept-Encoding": "identity",
            "User-Agent": f"frontdesk-runtime/{VERSION}",
            **(headers or {}),
        }
        try:
            async with asyncio.timeout(patience_s):
                timeout = httpx2.Timeout(
                    READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S, read=max(READ_TIMEOUT_S, patience_s)
                )
                request = self._http.stream(method, self._base + path, headers=sent, content=content, timeout=timeout)
                async with request as response:
                    await _pour(response, into, most_bytes)
                    return response.status_code, response.headers
        except httpx2.LocalProtocolError:
            # The text of that error would show the token.
            raise ControlPlaneError("bad_token_file", "The runtime token is not a header value.") from None
        except (httpx2.TransportError, httpx2.DecodingError, TimeoutError) as error:
            message = f"The control plane cannot be reached ({type(error).__name__})."
            raise ControlPlaneError("unreachable", message) from error

    async def close(self) -> None:
        await self._http.aclose()

    def _token(self) -> str:
        try:
            token = self._token_file.read_bytes()[:_TOKEN_BYTES].decode("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ControlPlaneError("bad_token_file", "RUNTIME_TOKEN_FILE cannot be read.") from error
        if not token:
            raise ControlPlaneError("bad_token_file", "RUNTIME_TOKEN_FILE is empty.")
        return token


async def _pour(response: httpx2.Response, into: Callable[[bytes], object], most_bytes: int) -> None:
    if response.status_code >= httpx2.codes.BAD_REQUEST:
        raise _refusal(response)
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > most_bytes:
            raise ControlPlaneError("too_large", f"The answer has more than {most_bytes} bytes.")
        into(chunk)


def _refusal(response: httpx2.Response) -> ControlPlaneError:
    status = response.status_code
    return ControlPlaneError(f"http_{status}", _meaning(status), retry_after_s=_patience_asked_for(response))


def _meaning(status: int) -> str:
    match status:
        case httpx2.codes.UNAUTHORIZED:
            return "The control plane does not accept this runtime's token; issue a new one."
        case httpx2.codes.NOT_FOUND:
            return "The control plane has no release for this tenant yet; publish one."
        case _:
            return f"The control plane answered with status {status}."


def _patience_asked_for(response: httpx2.Response) -> float | None:
    """``Retry-After`` in seconds; its form as a date is not used between machines of ours."""
    value = response.headers.get("Retry-After", "")
    if not (value.isascii() and value.isdigit()):
        return None
    return min(float(value[:9]), LONGEST_RETRY_AFTER_S)
