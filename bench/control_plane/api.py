"""The API as uvicorn serves it: bundles and 304s a second, one process, sixteen connections."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import cycle

import httpx2

from bench.figure import Figure, figure

ROUNDS = 3
_SECONDS = 4.0
_CONNECTIONS = 16
_START_PATIENCE_S = 60.0


def measure_api(tokens: Mapping[str, str]) -> Iterator[Figure]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "platform_admin.config.asgi:application", "--lifespan", "off"]
    command += ["--no-access-log", "--log-level", "error", "--port", str(port)]
    server = subprocess.Popen(command, env=os.environ)
    try:
        yield from asyncio.run(_measure(f"http://127.0.0.1:{port}", tokens))
    finally:
        server.terminate()
        server.wait()


async def _measure(base: str, tokens: Mapping[str, str]) -> list[Figure]:
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    limits = httpx2.Limits(max_connections=_CONNECTIONS)
    async with httpx2.AsyncClient(base_url=base, limits=limits, timeout=30) as client:
        await _until_up(client)
        slug, token = next(iter(tokens.items()))
        etag = (await _ask(client, slug, token)).headers["ETag"]
        whole = [await _per_second(client, tokens, None, HTTPStatus.OK) for _ in range(ROUNDS)]
        known = [await _per_second(client, tokens, etag, HTTPStatus.NOT_MODIFIED) for _ in range(ROUNDS)]
    return [
        figure("control.bundle_rps", whole, unit="1/s", against="500 runtimes asking every 15 s are 33"),
        figure("control.not_modified_rps", known, unit="1/s", against="500 runtimes asking every 15 s are 33"),
    ]


async def _until_up(client: httpx2.AsyncClient) -> None:
    deadline = time.monotonic() + _START_PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if (await client.get("/health")).status_code == HTTPStatus.OK:
                return
        except httpx2.TransportError:
            await asyncio.sleep(0.2)
    raise TimeoutError("the control plane did not start")


async def _ask(client: httpx2.AsyncClient, slug: str, token: str, etag: str | None = None) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}", **({"If-None-Match": etag} if etag else {})}
    return await client.get(f"/api/runtime/v1/tenants/{slug}/bundle", headers=headers)


async def _per_second(client: httpx2.AsyncClient, tokens: Mapping[str, str], etag: str | None, status: int) -> float:
    """Tenants take turns, so that nobody meets the throttle."""
    whose, done = cycle(tokens.items()), 0
    started = time.perf_counter()

    async def ask_on() -> None:
        nonlocal done
        while time.perf_counter() - started < _SECONDS:
            answer = await _ask(client, *next(whose), etag)
            assert answer.status_code == status, answer.status_code
            done += 1

    await asyncio.gather(*(ask_on() for _ in range(_CONNECTIONS)))
    return done / (time.perf_counter() - started)
