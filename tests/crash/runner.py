"""The harness's side of the nursery: bear a runtime, kill it, learn when it is gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2

from tests.crash.cannot_judge import CannotJudgeError
from tests.crash.life import Life
from tests.crash.tenant import Folder

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
"""Two cores shared with whatever else runs; more than this for a start is a fault."""


class Runner:
    """At most one runtime lives at a time. ``up`` is set while it accepts connections."""

    def __init__(self, folder: Folder, http: httpx2.AsyncClient) -> None:
        self._folder = folder
        self._http = http
        self._nursery: asyncio.subprocess.Process | None = None
        self._pid: int | None = None
        self.up = asyncio.Event()
        self.gone = asyncio.Event()

    async def __aenter__(self) -> Self:
        command = [sys.executable, "-m", "tests.crash.nursery", str(self._folder.log)]
        pipe = asyncio.subprocess.PIPE
        self._nursery = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        assert self._nursery is not None
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        await self._nursery.wait()

    async def bear(self, life: Life) -> None:
        """Start a runtime; it is not up yet."""
        assert self._nursery is not None
        assert self._nursery.stdin is not None
        self.gone.clear()
        self._nursery.stdin.write(f"{life.as_line()}\n".encode())
        self._pid = int(await self._answer())
        self._waiting = asyncio.create_task(self._until_gone())

    async def until_up(self, url: str) -> bool:
        """Whether it came up; ``False`` when it was killed before."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while not self.gone.is_set():
            with contextlib.suppress(httpx2.TransportError):
                if (await self._http.get(f"{url}/ready")).status_code == httpx2.codes.OK:
                    self.up.set()
                    return True
            if asyncio.get_running_loop().time() > deadline:
                raise CannotJudgeError(f"the runtime does not come up; see {self._folder.log}")
            await asyncio.sleep(0.005)
        return False

    def kill(self) -> None:
        """``kill -9``, wherever it stands. Does nothing to one that is gone."""
        if self._pid is not None and not self.gone.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    async def _until_gone(self) -> None:
        status = int(await self._answer())
        self.up.clear()
        self.gone.set()
        if not os.WIFSIGNALED(status):
            raise CannotJudgeError(f"the runtime ended by itself; see {self._folder.log}")

    async def _answer(self) -> str:
        assert self._nursery is not None
        assert self._nursery.stdout is not None
        return (await self._nursery.stdout.readline()).decode().strip()

    async def until_gone(self) -> None:
        """Return once the killed one is buried, so that its file may be read."""
        await self._waiting


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
