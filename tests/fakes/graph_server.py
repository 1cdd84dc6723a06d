"""The fake Graph API as a server: ``async with FakeGraphServer() as graph`` or

    python -m tests.fakes.graph_server --port 8003

See ``tests/fakes/graph/app.py`` for what it answers.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Self

from tests.fakes.graph.app import GraphApp
from tests.fakes.graph.ledger import Fault, Sent
from tests.fakes.graph.status_webhooks import StatusWebhooks
from tests.fakes.loopback import LoopbackServer

__all__ = ["FakeGraphServer", "Fault", "Sent", "StatusWebhooks"]


class FakeGraphServer:
    """Runs in the event loop of the caller. ``url`` is the base URL without a version."""

    def __init__(
        self,
        *,
        port: int = 0,
        tokens: Iterable[str] = (),
        phone_number_ids: Iterable[str] = (),
        statuses: StatusWebhooks | None = None,
    ) -> None:
        self.app = GraphApp(frozenset(tokens), frozenset(phone_number_ids))
        self.app.statuses = statuses
        self._server = LoopbackServer(self.app.asgi, port=port)

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def sent(self) -> list[Sent]:
        """The accepted messages, oldest first."""
        return self.app.ledger.sent

    @property
    def refused(self) -> list[str]:
        """Why other calls were not accepted, oldest first."""
        return self.app.ledger.refused

    @property
    def read(self) -> list[dict[str, Any]]:
        """Calls that marked a message as read, oldest first."""
        return self.app.ledger.read

    def script(self, *faults: Fault) -> None:
        """Let coming calls go wrong, in this order."""
        self.app.ledger.script(*faults)

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.app.stop()
        await self._server.__aexit__(kind, error, trace)


async def serve(options: argparse.Namespace) -> None:
    """Until SIGINT or SIGTERM."""
    statuses = StatusWebhooks(options.webhook_url, options.app_secret) if options.webhook_url else None
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = FakeGraphServer(
        port=options.port, tokens=options.token, phone_number_ids=options.phone_number_id, statuses=statuses
    )
    async with server:
        sys.stdout.write(f"fake Graph API on {server.url}\n")
        sys.stdout.flush()
        await stop.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.graph_server", description="A Graph API on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port (default)")
    parser.add_argument("--token", action="append", default=[], help="accept this token only; may be repeated")
    parser.add_argument("--phone-number-id", action="append", default=[], help="know this number only; may be repeated")
    parser.add_argument("--webhook-url", help="post delivery reports there, signed")
    parser.add_argument("--app-secret", default="abc123", help="signs the reports (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(options))
    except OSError as failure:
        sys.stderr.write(f"cannot listen on port {options.port}: {failure.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
