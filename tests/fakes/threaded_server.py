"""A loopback server in a thread of its own, for tests that are not asynchronous (Django's)."""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import Self

from starlette.types import ASGIApp

from tests.fakes.loopback import LoopbackServer


class ThreadedServer:
    """Serves ``app`` for the length of a ``with`` block. ``url`` tells where."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="fake server", daemon=True)
        self.url = ""

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with LoopbackServer(self._app) as server:
            self.url = server.url
            self._ready.set()
            await self._stop.wait()

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(timeout=10):
            raise RuntimeError("the fake server did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=10)
