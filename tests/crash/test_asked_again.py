"""A runtime is asked to end while a reply is on the wire, and asked again: by a supervisor's successor, or a person."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse

from runtime.stop_signals import EXIT_KILLED, StopSignals, stop_signals
from tests.crash.counterparts import Calendar, Graph
from tests.crash.reader import read_copy
from tests.crash.runner import ROOT, free_port
from tests.crash.tenant import APP_SECRET, PHONE_NUMBER_ID, Folder
from tests.fakes import webhook_bodies
from tests.fakes.loopback import LoopbackServer

PATIENCE_S = 60.0


@dataclass
class SlowGraph(Graph):
    """Takes a message, and answers when ``answering`` is set."""

    taken: asyncio.Event = field(default_factory=asyncio.Event)
    answering: asyncio.Event = field(default_factory=asyncio.Event)

    async def _take(self, request: Request) -> JSONResponse:
        answer = await super()._take(request)
        if self.sent:
            self.taken.set()
            await self.answering.wait()
        return answer


@dataclass
class Sending:
    """A runtime whose reply was taken by ``graph`` and not answered yet."""

    process: asyncio.subprocess.Process
    graph: SlowGraph
    folder: Folder
    port: int

    async def ask(self, *numbers: signal.Signals) -> None:
        """Send each signal when the one before has shown: nobody is let in any more."""
        for number in numbers:
            self.process.send_signal(number)
            async with asyncio.timeout(PATIENCE_S):
                while await self._lets_in() and self.process.returncode is None:
                    await asyncio.sleep(0.02)

    async def code(self) -> int:
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()

    def outbox(self) -> list[tuple[str, str]]:
        return [(row.body, row.state) for row in read_copy(self.folder.state_file).outbox]

    async def _lets_in(self) -> bool:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.close()
            return True
        return False


@pytest.fixture
async def sending(tmp_path: Path) -> AsyncIterator[Sending]:
    folder, port = Folder(tmp_path), free_port()
    graph = SlowGraph(random.Random(1), lambda _: None, lambda: None)
    async with LoopbackServer(graph.app()) as server, LoopbackServer(Calendar(lambda: None).app()) as calendar:
        folder.furnish(calendar.url)
        environment = {
            **os.environ,
            "TENANT_CONFIG_PATH": str(folder.tenant_file),
            "STATE_DIR": str(folder.state_dir),
            "GRAPH_BASE_URL": server.url,
            "PORT": str(port),
        }
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "runtime", cwd=ROOT, env=environment)
        try:
            await write_to(port, "hola")
            async with asyncio.timeout(PATIENCE_S):
                await graph.taken.wait()
            yield Sending(process, graph, folder, port)
        finally:
            graph.answering.set()
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def write_to(port: int, words: str) -> None:
    """Deliver a customer's message as soon as the runtime takes it."""
    writer = webhook_bodies.Writer(PHONE_NUMBER_ID, "34600000001", "Ana")
    body = webhook_bodies.batch([webhook_bodies.text(writer, words, message_id="wamid.1")])
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": webhook_bodies.sign(body, APP_SECRET)}
    async with httpx2.AsyncClient(trust_env=False) as http, asyncio.timeout(PATIENCE_S):
        while True:
            with contextlib.suppress(httpx2.TransportError):
                answer = await http.post(f"http://127.0.0.1:{port}/webhook", content=body, headers=headers)
                if answer.status_code == httpx2.codes.OK:
                    return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param((signal.SIGTERM,), id="asked once"),
        pytest.param((signal.SIGTERM, signal.SIGTERM, signal.SIGTERM), id="asked again by a supervisor's successor"),
        pytest.param((signal.SIGINT, signal.SIGTERM), id="by Ctrl-C and then by a supervisor"),
    ],
)
async def test_what_is_on_the_wire_is_finished_however_often_a_supervisor_asks(
    sending: Sending, numbers: tuple[signal.Signals, ...]
) -> None:
    await sending.ask(*numbers)
    sending.graph.answering.set()
    assert await sending.code() == 0
    assert sending.outbox() == [("menu", "sent")]
    assert [send.body for send in sending.graph.sent] == ["menu"]


async def test_a_second_ctrl_c_ends_at_once_and_leaves_the_rest_to_the_next_start(sending: Sending) -> None:
    await sending.ask(signal.SIGINT, signal.SIGINT)
    assert await sending.code() == EXIT_KILLED
    assert sending.outbox() == [("menu", "sending")]


async def test_a_start_that_is_given_up_unwinds_first() -> None:
    told: list[str] = []
    with stop_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        finally:
            told.append("unwound")
    assert told == ["unwound"]


def test_who_was_not_asked_is_told_nothing_and_once_after_that() -> None:
    told: list[str] = []
    signals = StopSignals()
    signals.then(lambda: told.append("stop"))
    assert told == []
    signals.receive(signal.SIGTERM)
    signals.receive(signal.SIGTERM)
    assert told == ["stop"]
