"""A real HTTP server on 127.0.0.1 for the length of a ``with`` block."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

GRACE_S = 1  # how long open requests may take when the server stops

_ROUNDS_TO_CONNECT = 3  # of the event loop, from the accepted socket to ``connection_made``


class _QuietServer(uvicorn.Server):
    """Leaves the signals of the test process alone and stops at once instead of at the next tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stopping = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen no more, then let those in who were accepted a moment ago.

        asyncio makes a connection in the round after it accepted one, and forgets it, unclosed, where its server was
        closed in between.
        """
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listener in server.sockets:
                loop.remove_reader(listener.fileno())
        for _ in range(_ROUNDS_TO_CONNECT):
            await asyncio.sleep(0)
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class LoopbackServer:
    """Serves ``app`` in the running event loop. Port 0 takes any free one; ``url`` tells which."""

    def __init__(self, app: ASGIApp, *, port: int = 0) -> None:
        config = uvicorn.Config(
            app,
            access_log=False,
            lifespan="off",
            log_config=None,
            timeout_graceful_shutdown=GRACE_S,
            ws="none",
        )
        self._server = _QuietServer(config)
        self._port = port
        self._task: asyncio.Task[None] | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        # asyncio switches Nagle's delay off only where the socket names its protocol; with it, answers take 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", self._port))
        except OSError:
            listener.close()
            raise
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started:
            if self._task.done():
                self._task.result()
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._server.stopping.set()
        if self._task is not None:
            await self._task
