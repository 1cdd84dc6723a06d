"""``python -m runtime`` as an orchestrator starts it: a process of its own on a kept release."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from tests.runtime.furnishing import furnish

PATIENCE_S: Final = 60
NOBODY: Final = "http://127.0.0.1:1"
"""A control plane that never answers."""

_LISTENING = re.compile(r"listening on [\d.]+:(\d+)")


@dataclass(frozen=True, slots=True)
class RuntimeProcess:
    pid: int
    url: str


@asynccontextmanager
async def runtime_process(
    folder: Path, envelope: bytes, *, graph_url: str, control_plane_url: str = NOBODY, options: tuple[str, ...] = ()
) -> AsyncIterator[RuntimeProcess]:
    """Ready, and ended in order afterwards. ``options`` are Python's; what it complains of is in ``stderr.txt``."""
    environment = os.environ | furnish(folder, envelope, control_plane=control_plane_url, graph=graph_url)
    command = [sys.executable, *options, "-m", "runtime"]
    with (folder / "stderr.txt").open("wb") as told, (folder / "log.txt").open("wb") as said:
        process = await asyncio.create_subprocess_exec(*command, stdout=said, stderr=told, env=environment)
    try:
        yield RuntimeProcess(process.pid, await _until_ready(folder / "log.txt"))
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            assert await process.wait() == 0


async def _until_ready(log: Path) -> str:
    async with asyncio.timeout(PATIENCE_S), httpx2.AsyncClient(trust_env=False) as http:
        while (found := _LISTENING.search(await asyncio.to_thread(log.read_text))) is None:
            await asyncio.sleep(0.05)
        url = f"http://127.0.0.1:{found[1]}"
        while (await http.get(f"{url}/ready")).status_code != httpx2.codes.OK:
            await asyncio.sleep(0.05)
    return url
