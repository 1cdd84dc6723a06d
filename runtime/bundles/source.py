"""``ControlPlaneSource``: asks the control plane for this tenant's newest bundle. Knows HTTP, not what a bundle is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import httpx2

from flow_engine.bundle import ENVELOPE_MEDIA_TYPE, MAX_ENVELOPE_BYTES
from runtime.errors import BundleSourceError
from runtime.version import VERSION

CONNECT_TIMEOUT_S: Final = 3.0
READ_TIMEOUT_S: Final = 10.0
TOTAL_TIMEOUT_S: Final = 30.0
"""4 MB at 2 Mbit/s take 17 s; a server that drips bytes passes every shorter limit."""

_TOKEN_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class FetchedBundle:
    """An envelope as it came, unverified, and the tag to ask with next time."""

    envelope: bytes
    etag: str


class BundleSource(Protocol):
    """Where bundles come from."""

    async def fetch(self, etag: str | None) -> FetchedBundle | None:
        """The newest bundle, or ``None`` when it is still the one ``etag`` names.

        Raises:
            BundleSourceError: there was none to be had; nothing else is raised.
        """


class ControlPlaneSource:
    """``GET <url>/api/runtime/v1/tenants/<tenant>/bundle`` with a bearer token, no redirects, no proxies.

    The token is read anew each time, so that a rotated one is used without a restart.
    """

    def __init__(self, url: str, tenant: str, token_file: Path) -> None:
        self._address = f"{url}/api/runtime/v1/tenants/{tenant}/bundle"
        self._token_file = token_file
        timeout = httpx2.Timeout(
            connect=CONNECT_TIMEOUT_S, read=READ_TIMEOUT_S, write=READ_TIMEOUT_S, pool=CONNECT_TIMEOUT_S
        )
        self._http = httpx2.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)

    async def fetch(self, etag: str | None) -> FetchedBundle | None:
        headers = {
            "Authorization": f"Bearer {self._token()}",
            "Accept": ENVELOPE_MEDIA_TYPE,
            # A compressed body could be small to send and endless to read.
            "Accept-Encoding": "identity",
            "User-Agent": f"frontdesk-runtime/{VERSION}",
        }
        if etag is not None:
            headers["If-None-Match"] = etag
        try:
            async with asyncio.timeout(TOTAL_TIMEOUT_S):
                return await self._get(headers)
        except httpx2.LocalProtocolError:
            # The text of that error would show the token.
            raise BundleSourceError("bad_token_file", "The runtime token is not a header value.") from None
        except (httpx2.TransportError, httpx2.DecodingError, TimeoutError) as error:
            message = f"The control plane cannot be reached ({type(error).__name__})."
            raise BundleSourceError("unreachable", message) from error

    async def close(self) -> None:
        await self._http.aclose()

    async def _get(self, headers: dict[str, str]) -> FetchedBundle | None:
        async with self._http.stream("GET", self._address, headers=headers) as response:
            if response.status_code == httpx2.codes.NOT_MODIFIED and "If-None-Match" in headers:
                return None
            if response.status_code != httpx2.codes.OK:
                raise BundleSourceError(f"http_{response.status_code}", _meaning(response.status_code))
            chunks: list[bytes] = []
            size = 0
            async for chunk in response.aiter_bytes():
                size += len(chunk)
                if size > MAX_ENVELOPE_BYTES:
                    raise BundleSourceError("too_large", f"The answer has more than {MAX_ENVELOPE_BYTES} bytes.")
                chunks.append(chunk)
            return FetchedBundle(b"".join(chunks), response.headers.get("ETag", ""))

    def _token(self) -> str:
        try:
            token = self._token_file.read_bytes()[:_TOKEN_BYTES].decode("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BundleSourceError("bad_token_file", "RUNTIME_TOKEN_FILE cannot be read.") from error
        if not token:
            raise BundleSourceError("bad_token_file", "RUNTIME_TOKEN_FILE is empty.")
        return token


def _meaning(status: int) -> str:
    match status:
        case httpx2.codes.UNAUTHORIZED:
            return "The control plane does not accept this runtime's token; issue a new one."
        case httpx2.codes.NOT_FOUND:
            return "The control plane has no release for this tenant yet; publish one."
        case _:
            return f"The control plane answered with status {status}."
