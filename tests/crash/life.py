"""One life of a runtime: the usual composition over a store with traps, served until it is killed."""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

import uvloop
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.kernel.egress.policy import THIS_MACHINE
from runtime.app import open_runtime
from runtime.core import Core, build_core
from runtime.ports.clock import Clock
from runtime.server import serve
from runtime.settings import DevelopmentFile, Settings
from runtime.stop_signals import stop_signals
from runtime.telemetry.json_log import configure_logging
from runtime.telemetry.redaction import Redactor
from tests.crash.mutants import MUTANTS
from tests.crash.points import Injection, Point, Trap
from tests.crash.trapped_store import TrappedStore

RECONCILE = timedelta(seconds=3)
"""Instead of 20 s: the harness reports as soon as a runtime lives for some tenths of a second."""


@dataclass(frozen=True, slots=True)
class Life:
    """What a runtime is born with. ``point`` and ``nth`` are ``None`` for one that is killed from outside."""

    tenant_file: str
    state_dir: str
    port: int
    graph_url: str
    mutant: int | None = None
    point: str | None = None
    nth: int = 0

    def as_line(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> Self:
        return cls(**json.loads(line))

    @property
    def injection(self) -> Injection | None:
        return None if self.point is None else Injection(Point(self.point), self.nth)


def live(life: Life) -> None:
    """Serve until killed, or until SIGTERM for one that may end well."""
    trap = Trap(life.injection)
    store_type = TrappedStore if life.mutant is None else MUTANTS[life.mutant].store

    async def open_core(state_file: Path, clock: Clock, _tenant: str) -> tuple[Core, TrappedStore]:
        store = store_type(state_file, trap)
        await store.open()
        return build_core(store, {}, clock, reconcile=RECONCILE, retry_pause_s=0.05), store

    async def run() -> None:
        settings = Settings(
            source=DevelopmentFile(Path(life.tenant_file)),
            state_dir=Path(life.state_dir),
            graph_base_url=life.graph_url,
            egress=THIS_MACHINE,
        )
        redactor = Redactor(b"crash")
        configure_logging(redactor, tenant="crash")
        with _listener(life.port) as listener, stop_signals() as signals:
            async with open_runtime(settings, redactor=redactor, open_core=open_core) as runtime:
                runtime.asgi = Acknowledging(runtime.asgi, trap)
                await serve(runtime, listener, signals, listening=lambda: None)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


class Acknowledging:
    """Springs the trap of ``Point.ACKNOWLEDGED`` when a webhook's 200 has been handed to the kernel."""

    def __init__(self, app: ASGIApp, trap: Trap) -> None:
        self._app = app
        self._trap = trap

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        statuses: list[int] = []

        async def watched(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            elif scope["method"] == "POST" and statuses == [200] and not message.get("more_body"):
                self._trap.reach(Point.ACKNOWLEDGED)

        await self._app(scope, receive, watched)


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener
