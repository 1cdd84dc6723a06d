"""The HTTP server, driven by us: our listener, our signals, our order of stopping."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Final

from runtime.app import Runtime
from runtime.memory import settle
from runtime.passed_over import passed_over
from runtime.stop_deadline import REQUESTS_S
from runtime.stop_signals import StopSignals

with passed_over("uvicorn.main"):
    import uvicorn
    from uvicorn.server import Server

vars(uvicorn)["Server"] = Server  # which uvicorn takes from its command line

KEEP_ALIVE_S: Final = 75
"""Meta and ingresses keep connections open; closing them sooner costs a handshake per message."""

SWITCH_INTERVAL_S: Final = 0.0005
"""The writer's thread gives the interpreter away with every statement and waits this long to get it back from a busy
event loop. With Python's 5 ms a busy webhook was acknowledged at a third to a half of the rate (`make bench`)."""

TICK_S: Final = 1.0
"""How old the ``Date`` of an answer may be. An idle process is woken no more often than this."""


class _Server(Server):
    """uvicorn re-raises a caught signal after serving, which would end the process before the store is closed."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening
        self._stopping = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        settle()
        self._listening()

    async def main_loop(self) -> None:
        """Uvicorn looks ten times a second whether it shall stop; it is told here, so once will do for the clock."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await self._stopping.wait()

    def stop(self) -> None:
        """Take no more connections, finish what is open, return from ``serve``."""
        self.should_exit = True
        self._stopping.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    runtime: Runtime, listener: socket.socket, signals: StopSignals, *, listening: Callable[[], None]
) -> None:
    """Serve until ``signals`` say that it shall end, then return once open requests are finished.

    ``listening`` is called once connections are accepted.
    """
    server = _Server(
        uvicorn.Config(
            runtime.asgi,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,  # who is local is judged by the real peer (channels/http_dev/loopback.py)
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=int(REQUESTS_S),
        ),
        listening,
    )

    def stop() -> None:
        runtime.begin_stop()
        server.stop()

    sys.setswitchinterval(SWITCH_INTERVAL_S)
    signals.then(stop)
    if not signals.asked:
        await server.serve(sockets=[listener])
