"""Spoilt webhooks over several connections to a whole runtime, in a process of its own behind its own server.

200 for whatever is signed, 401 for what is not, 413 for what is too large, 503 while the file cannot be written; no
exception in its log, and a customer who writes all the while is answered every time.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import random
import re
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2
import pytest

from runtime.store.sqlite import SQLiteStateStore
from tests.fakes import webhook_bodies
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.webhook_bodies import Writer
from tests.runtime.channels.whatsapp.spoilt_bodies import NUMBER, SPOILERS, published
from tests.runtime.running import TOY_FLOW

APP_SECRET: Final = "abc123"
CONNECTIONS: Final = 8
UNSIGNED_EVERY: Final = 10
HUGE_EVERY: Final = 5_000
PATIENCE_S: Final = 60
EXPECTED: Final = ("the store is unavailable", "database is locked", " is given up: ")
"""Errors that may stand in the log: of the minute in which the file is locked, and replies to whom nobody can write."""
HEALTHY: Final = Writer(NUMBER, "34600999888", "Bea")
HUGE: Final = b"[" + b"0," * 2_100_000 + b"0]"

TENANT: Final = f"""\
tenant_id: toy
flow_path: toy_flow.yaml
channel: {{type: whatsapp, phone_number_id: "{NUMBER}", access_token: EAAx, app_secret: {APP_SECRET}, verify_token: v}}
limits:
  {{inbound_per_contact_per_minute: 0, loop_messages: 0, late_after_s: 0, pair_interval_s: 0, messages_per_s: 0}}
business: {{name: Toy}}
"""

_LISTENING = re.compile(r"listening on [\d.]+:(\d+)")


@dataclass(slots=True)
class Sender:
    """Meta, which signs; or somebody else. ``answers`` counts what came back by what was sent."""

    http: httpx2.AsyncClient
    graph: FakeGraphServer
    bodies: list[bytes]
    seed: int
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    healthy: Iterator[int] = field(default_factory=itertools.count)
    _looked_at: int = 0
    _heard: int = 0

    async def post(self, body: bytes, *, signed_as: bytes | None = None) -> int:
        signature = webhook_bodies.sign(body if signed_as is None else signed_as, APP_SECRET)
        answer = await self.http.post("/webhook", content=body, headers={"X-Hub-Signature-256": signature})
        return answer.status_code

    async def spoil(self, numbers: Iterator[int]) -> None:
        """One connection's share."""
        for number in numbers:
            chance = random.Random(f"{self.seed}/{number}")
            spoilt = chance.choice(SPOILERS)(chance, chance.choice(self.bodies))
            if number % HUGE_EVERY == 0:
                self.answers["huge", await self.post(HUGE)] += 1
            if number % UNSIGNED_EVERY == 0:
                self.answers["unsigned", await self.post(spoilt, signed_as=spoilt + b"x")] += 1
            status = await self.post(spoilt)
            self.answers["signed", status] += 1
            assert status == 200, f"seed {self.seed}, body {number}: {status} for {spoilt[:2000]!r}"

    async def spoil_all(self, numbers: range) -> int:
        """So many forms over all connections, beside a customer who waits for each reply; how many replies she had."""
        share, heard = iter(numbers), 0
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.spoil(share)) for _ in range(CONNECTIONS)]
            while not all(task.done() for task in tasks):
                await self.talk()
                heard += 1
        return heard

    def hello(self) -> bytes:
        return webhook_bodies.batch([webhook_bodies.text(HEALTHY, "hola", message_id=f"healthy.{next(self.healthy)}")])

    async def talk(self) -> None:
        before = self.heard()
        assert await self.post(self.hello()) == 200
        async with asyncio.timeout(PATIENCE_S):
            while self.heard() == before:
                await asyncio.sleep(0.005)

    def heard(self) -> int:
        fresh = self.graph.sent[self._looked_at :]
        self._looked_at += len(fresh)
        self._heard += sum(sent.to == HEALTHY.phone for sent in fresh)
        return self._heard


@contextlib.asynccontextmanager
async def serving(folder: Path, graph_url: str) -> AsyncIterator[str]:
    """``python -m runtime``; its address. What it logs stands in ``log.txt``."""
    (folder / "toy_flow.yaml").write_text(TOY_FLOW, encoding="utf-8")
    (folder / "tenant.yaml").write_text(TENANT, encoding="utf-8")
    environment = os.environ | {
        "TENANT_CONFIG_PATH": str(folder / "tenant.yaml"),
        "STATE_DIR": str(folder / "state"),
        "GRAPH_BASE_URL": graph_url,
        "PORT": "0",
    }
    with (folder / "log.txt").open("wb") as said, (folder / "complaints.txt").open("wb") as complaints:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "runtime", stdout=said, stderr=complaints, env=environment
        )
    try:
        async with asyncio.timeout(PATIENCE_S):
            while (found := _LISTENING.search(await asyncio.to_thread((folder / "log.txt").read_text))) is None:
                await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{found[1]}"
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            assert await process.wait() == 0


@contextlib.contextmanager
def locked(state_file: Path) -> Iterator[None]:
    """Another program has the file to itself."""
    intruder = sqlite3.connect(state_file, isolation_level=None)
    try:
        intruder.execute("BEGIN IMMEDIATE")
        yield
        intruder.execute("ROLLBACK")
    finally:
        intruder.close()


def defects(log: Path) -> list[str]:
    """Lines that carry a stack, or tell of an error that is none of the expected ones."""
    found = []
    for text in log.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        expected = any(words in line["message"] for words in EXPECTED)
        if "error" in line or (line["level"] in {"error", "critical"} and not expected):
            found.append(text)
    return found


def of_today(bodies: list[bytes]) -> list[bytes]:
    """So that customers may be answered: published bodies are years old."""
    now = b'"timestamp":"%d"' % int(time.time())
    return [re.sub(rb'"timestamp":\s*"\d{10}"', now, body) for body in bodies]


async def spoil_a_runtime(folder: Path, bodies: list[bytes], count: int, seed: int) -> None:
    async with FakeGraphServer() as graph, serving(folder, graph.url) as url:
        limits = httpx2.Limits(max_connections=CONNECTIONS + 1)
        async with httpx2.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE_S, limits=limits) as http:
            sender = Sender(http, graph, bodies, seed)
            assert await sender.spoil_all(range(count // 2)) > 0
            refused = [sender.hello(), b"[[[", b"{" + bodies[0]]
            with locked(folder / "state/state.sqlite3"):
                assert await asyncio.gather(*map(sender.post, refused)) == [503] * len(refused)
            assert await asyncio.gather(*map(sender.post, refused)) == [200] * len(refused)
            assert await sender.spoil_all(range(count // 2, count)) > 0
            await sender.talk()
            assert (await http.get("/ready")).status_code == 200
    unsigned, huge = (len(range(0, count, every)) for every in (UNSIGNED_EVERY, HUGE_EVERY))
    assert sender.answers == {("signed", 200): count, ("unsigned", 401): unsigned, ("huge", 413): huge}
    assert sender.heard() == next(sender.healthy)
    assert defects(folder / "log.txt") == []
    assert "Traceback" not in (folder / "complaints.txt").read_text(encoding="utf-8")
    store = SQLiteStateStore(folder / "state/state.sqlite3", tenant="toy")
    await store.open()
    assert (await store.counts()).inbox_dead == 0
    await store.close()


async def test_a_runtime_takes_spoilt_webhooks_and_everybody_else_is_answered(
    tmp_path: Path, shared_data: Path
) -> None:
    await spoil_a_runtime(tmp_path, of_today(published(shared_data / "whatsapp")), 400, seed=20261130)


@pytest.mark.long
async def test_a_runtime_takes_fifty_thousand_spoilt_webhooks_and_everybody_else_is_answered(
    tmp_path: Path, shared_data: Path
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    await spoil_a_runtime(tmp_path, of_today(published(shared_data / "whatsapp")), 50_000, seed)
