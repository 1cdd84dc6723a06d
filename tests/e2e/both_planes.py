"""The whole line at work: a configured business, both planes as real processes, and a customer's side of the talk."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.child import Child, clean_environment, run
from tests.e2e.conversation import Conversation
from tests.e2e.meta_bodies import ROOT
from tests.e2e.whole_line import ANA, Keys, configure, control_plane_environment, free_port, runtime_environment
from tests.fakes.calendar_server import CalendarServer
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.loopback import LoopbackServer
from tests.fakes.webhook_sender import WebhookSender


@dataclass(frozen=True)
class Line:
    """``environment`` and ``program`` are the control plane's; ``chat`` is Ana's."""

    folder: Path
    keys: Keys
    control_plane: Child
    control_url: str
    runtime: Child
    runtime_url: str
    chat: Conversation
    calendar: CalendarServer
    environment: dict[str, str]
    program: Path

    async def manage(self, *arguments: str) -> str:
        return await run(["manage.py", *arguments], self.environment, program=self.program)

    def printed(self) -> str:
        return self.control_plane.output() + self.runtime.output()


@asynccontextmanager
async def both_planes(
    folder: Path,
    *,
    control_plane: Path = ROOT,
    runtime: Path = ROOT,
    control_port: int | None = None,
    asked_at: str | None = None,
) -> AsyncIterator[Line]:
    """Both at work, with the first release live. ``control_plane``, ``runtime``: the roots of the programs they run.

    ``asked_at`` is where the runtime finds its control plane, if somebody stands between them.
    """
    keys = Keys(*(secrets.token_hex(16) for _ in range(3)))
    control_port, runtime_port = control_port or free_port(), free_port()
    control_url, runtime_url = f"http://127.0.0.1:{control_port}", f"http://127.0.0.1:{runtime_port}"
    calendar = CalendarServer()
    await run(["manage.py", "init_env", "--directory", str(folder)], clean_environment(), program=control_plane)
    environment = control_plane_environment(folder)
    serve = ["-m", "uvicorn", "platform_admin.config.asgi:application", "--port", str(control_port)]
    async with (
        LoopbackServer(calendar.app()) as calendar_server,
        FakeGraphServer(tokens=[keys.access_token], phone_number_ids=[ANA.phone_number_id]) as graph,
    ):
        await configure(folder, environment, keys, calendar_server.url, program=control_plane)
        its_own = runtime_environment(folder, asked_at or control_url, graph.url, runtime_port)
        serving = Child(serve, environment, folder / "control-plane.log", program=control_plane)
        at_work = Child(["-m", "runtime"], its_own, folder / "runtime.log", program=runtime)
        chat = Conversation(ANA, WebhookSender(f"{runtime_url}/webhook", keys.app_secret), graph)
        async with serving, at_work:
            await serving.until_answers(f"{control_url}/health", status="ok")
            await at_work.until_answers(f"{runtime_url}/health", serial=1, ready=True)
            yield Line(
                folder, keys, serving, control_url, at_work, runtime_url, chat, calendar, environment, control_plane
            )
            assert graph.refused == []
