"""What group commit is worth, and a whole turn without HTTP. Everything is on disk with ``synchronous=FULL``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.figure import Figure, figure
from bench.runtime.bare_core import in_fresh_folder, message, turns_per_s
from connectors.clock import SystemClock
from runtime.core import build_core
from runtime.ports.inbox import InboundEnvelope
from runtime.store.event_codec import encode_event
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.connection import open_writer
from runtime.store.sqlite.inbox import INSERT
from runtime.store.sqlite.schema import migrate

ROUNDS = 3
SENDERS = 64
MESSAGES = 4_000
CONTACTS = 1_000


def main() -> Iterable[Figure]:
    accepts: list[float] = []
    baselines: list[float] = []
    for _ in range(ROUNDS):
        accepts.append(in_fresh_folder(_accepts_per_s))
        baselines.append(in_fresh_folder(_single_commits_per_s))
    ratios = [ours / theirs for ours, theirs in zip(accepts, baselines, strict=True)]
    yield figure("runtime.accepts_per_s_c64", accepts, unit="1/s", against="printed: durable, 64 senders, no HTTP")
    yield figure("runtime.commit_per_message_per_s_c64", baselines, unit="1/s", against="printed: the plain design")
    yield figure("runtime.group_commit_ratio", ratios, unit="x", against=">= 3 times one commit per message")
    turns = [in_fresh_folder(turns_per_s) for _ in range(ROUNDS)]
    yield figure("runtime.core_turns_per_s", turns, unit="1/s", against="printed: 16 users in a closed loop, no HTTP")


async def _accepts_per_s(folder: Path) -> float:
    store = SQLiteStateStore(folder / "state.db")
    await store.open()
    core = build_core(store, {}, SystemClock())
    numbers = iter(range(MESSAGES))

    async def send() -> None:
        for number in numbers:
            await core.inbox.accept([message(number, f"c{number % CONTACTS}")])

    began = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(SENDERS)))
    took = time.perf_counter() - began
    counts = await store.counts()
    assert counts.inbox_open == MESSAGES
    await store.close()
    return MESSAGES / took


async def _single_commits_per_s(folder: Path) -> float:
    """The design most people write first: one thread, one transaction per message, the same row and the same FULL."""
    connection = open_writer(folder / "state.db")
    migrate(connection)
    numbers = iter(range(MESSAGES))
    loop = asyncio.get_running_loop()

    def insert(envelope: InboundEnvelope) -> None:
        message = envelope.message
        kind, text = encode_event(message)
        row = (envelope.channel_id, kind, message.id, envelope.profile, message.contact_id, text, 0, 0, 0)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(INSERT, row)
        connection.execute("COMMIT")

    with ThreadPoolExecutor(max_workers=1) as executor:

        async def send() -> None:
            for number in numbers:
                await loop.run_in_executor(executor, insert, message(number, f"c{number % CONTACTS}"))

        began = time.perf_counter()
        await asyncio.gather(*(send() for _ in range(SENDERS)))
        took = time.perf_counter() - began
    assert connection.execute("SELECT count(*) FROM inbox").fetchone()[0] == MESSAGES
    connection.close()
    return MESSAGES / took
