"""``FileFetch``: gets the files that a flow names, from addresses that a tenant may have the platform call."""

from __future__ import annotations

import asyncio
from typing import Final

import httpx2

from connectors.errors import ConnectorError
from connectors.kernel.egress.client import build_guarded_client
from connectors.kernel.egress.policy import PUBLIC_ONLY, EgressPolicy
from connectors.kernel.http_client import HttpPolicy
from runtime.channels.whatsapp.uploads import FetchedFile

FETCH_TIMEOUT_S: Final = 10.0
"""A customer waits for the message; a slower file goes out by its address, and Meta fetches it."""

MOST_BYTES: Final = 16_000_000
"""Held in memory at once. A greater document goes out by its address."""


class FileFetch:
    """One client for all numbers of a tenant, opened with the first file."""

    def __init__(self, egress: EgressPolicy = PUBLIC_ONLY) -> None:
        self._egress = egress
        self._client: httpx2.AsyncClient | None = None

    async def __call__(self, url: str, most_bytes: int) -> FetchedFile | None:
        """The file; ``None`` where it cannot be had for whatever reason. Redirects are not followed."""
        if self._client is None:
            self._client = build_guarded_client(self._egress, http=HttpPolicy(max_body_bytes=MOST_BYTES))
        try:
            async with asyncio.timeout(FETCH_TIMEOUT_S):
                response = await self._client.get(url)
        except (httpx2.HTTPError, httpx2.InvalidURL, ConnectorError, TimeoutError, ValueError):
            return None
        if response.status_code != httpx2.codes.OK or len(response.content) > most_bytes:
            return None
        mime_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return FetchedFile(response.content, mime_type)

    async def close(self) -> None:
        """Close the connections, if any were opened."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
