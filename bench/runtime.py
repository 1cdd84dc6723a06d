"""The durable core by itself: what group commit is worth, a whole turn, ten thousand tasks due at once.

Everything is on disk with ``synchronous=FULL``; rounds alternate between the contestants. HTTP is not
in these figures.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figure import Figure, figure
from connectors.clock import SystemClock
from connectors.registry import ConnectorRegistry
from flow_engine.messages import InternalMessage
from flow_engine.program import ProgramSettings, load_program
from flow_engine.vocabulary import JSONObject, MessageType
from runtime.active_config import ActiveConfig
from runtime.core import Core, build_core
from runtime.ports.channel_adapter import ChannelAdapter, OutboundMessage, SendReceipt
from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import ContactKey
from runtime.store.event_codec import encode_event
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.connection import open_writer
from runtime.store.sqlite.inbox import INSERT
from runtime.store.sqlite.schema import migrate

ROUNDS = 3
SENDERS = 64
MESSAGES = 4_000
TURNS = 1_500
USERS = 16
TASKS = 10_000
CONTACTS = 1_000
FIRE_LIMIT_S = 60.0
PLANNING = timedelta(seconds=6)

FLOW: JSONObject = {
    "language_version": 1,
    "id": "bench",
    "initial_state": "MENU",
    "global_transitions": [],
    "states": {
        "MENU": {
            "on_enter": [{"action": "send_text", "text": "Hola {{ contact.name }}"}],
            "transitions": [],
            "fallback": "MENU",
            "llm_fallback": False,
        }
    },
    "tasks": {"remind": [{"action": "send_text", "text": "Mañana a las {{ data.time }}"}]},
    "standing_schedules": [],
}


class SilentChannel(ChannelAdapter):
    """Accepts everything at once, so that only our own work is measured."""

    channel_id = "http_dev"
    profile = "http_dev"

    def __init__(self) -> None:
        self.sent: dict[str, asyncio.Event] = {}
        self.count = 0

    async def send(self, message: OutboundMessage) -> SendReceipt:
        self.count += 1
        waiting = self.sent.get(message.contact_id)
        if waiting is not None:
            waiting.set()
        return SendReceipt(str(self.count))

    async def close(self) -> None:
        """Nothing to close."""


def main() -> Iterable[Figure]:
    accepts: list[float] = []
    baselines: list[float] = []
    for _ in range(ROUNDS):
        accepts.append(_in_fresh_folder(_accepts_per_s))
        baselines.append(_in_fresh_folder(_single_commits_per_s))
    ratios = [ours / theirs for ours, theirs in zip(accepts, baselines, strict=True)]
    yield figure("runtime.accepts_per_s_c64", accepts, unit="1/s", against="printed: durable, 64 senders, no HTTP")
    yield figure("runtime.commit_per_message_per_s_c64", baselines, unit="1/s", against="printed: the plain design")
    yield figure("runtime.group_commit_ratio", ratios, unit="x", against=">= 3 times one commit per message")
    turns = [_in_fresh_folder(_turns_per_s) for _ in range(ROUNDS)]
    yield figure("runtime.core_turns_per_s", turns, unit="1/s", against="printed: 16 users in a closed loop, no HTTP")
    fired = [_in_fresh_folder(_fire_ten_thousand) for _ in range(ROUNDS)]
    yield figure("scheduler.lateness_p99_s", [run[0] for run in fired], unit="s", against="<= 1")
    yield figure("scheduler.loop_stall_ms", [run[1] for run in fired], unit="ms", against="<= 25")
    yield figure("scheduler.lost", [run[2] for run in fired], unit="tasks", against="0")
    yield figure("scheduler.doubled", [run[3] for run in fired], unit="tasks", against="0")


def _in_fresh_folder[T](measure: Callable[[Path], Coroutine[None, None, T]]) -> T:
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        return asyncio.run(measure(Path(folder)))


def _message(number: int, contact: str) -> InboundEnvelope:
    told = InternalMessage(f"wamid.{number}", contact, MessageType.TEXT, datetime.now(UTC), "hola", contact_name="Ana")
    return InboundEnvelope("http_dev", "http_dev", told)


async def _accepts_per_s(folder: Path) -> float:
    store = SQLiteStateStore(folder / "state.db")
    await store.open()
    core = build_core(store, {}, SystemClock())
    numbers = iter(range(MESSAGES))

    async def send() -> None:
        for number in numbers:
            await core.inbox.accept([_message(number, f"c{number % CONTACTS}")])

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
        row = (envelope.channel_id, kind, message.id, envelope.profile, message.contact_id, text, 0)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(INSERT, row)
        connection.execute("COMMIT")

    with ThreadPoolExecutor(max_workers=1) as executor:

        async def send() -> None:
            for number in numbers:
                await loop.run_in_executor(executor, insert, _message(number, f"c{number % CONTACTS}"))

        began = time.perf_counter()
        await asyncio.gather(*(send() for _ in range(SENDERS)))
        took = time.perf_counter() - began
    assert connection.execute("SELECT count(*) FROM inbox").fetchone()[0] == MESSAGES
    connection.close()
    return MESSAGES / took


async def _running_core(folder: Path, channel: SilentChannel) -> Core:
    store = SQLiteStateStore(folder / "state.db")
    await store.open()
    core = build_core(store, {"http_dev": channel}, SystemClock())
    program = load_program(FLOW, ProgramSettings())
    await core.start(ActiveConfig(program, ConnectorRegistry.from_config({}), "", "es", "UTC", 1))
    return core


async def _turns_per_s(folder: Path) -> float:
    channel = SilentChannel()
    core = await _running_core(folder, channel)
    numbers = iter(range(TURNS))

    async def converse(contact: str) -> None:
        heard = channel.sent[contact] = asyncio.Event()
        for number in numbers:
            heard.clear()
            await core.inbox.accept([_message(number, contact)])
            await heard.wait()

    began = time.perf_counter()
    await asyncio.gather(*(converse(f"c{user}") for user in range(USERS)))
    took = time.perf_counter() - began
    assert channel.count == TURNS
    await core.stop()
    return TURNS / took


async def _fire_ten_thousand(folder: Path) -> tuple[float, float, float, float]:
    """Lateness (p99, s) from due to committed in the inbox, the longest loop stall (ms), lost, doubled."""
    channel = SilentChannel()
    core = await _running_core(folder, channel)
    due_at = datetime.now(UTC) + PLANNING
    task = PlannedTask("remind", "r", due_at, data={"time": "10:00"})
    contacts = [ContactKey("http_dev", f"c{user}") for user in range(TASKS)]
    await asyncio.gather(
        *(core.store.tasks.replace_standing(contact, "http_dev", [task], at=due_at) for contact in contacts)
    )
    assert datetime.now(UTC) < due_at, "planning took too long on this machine: raise PLANNING"
    core.scheduler.rows_changed()
    stall_s = await _longest_stall(lambda: channel.count >= TASKS)
    await core.stop()
    connection = sqlite3.connect(folder / "state.db")
    entered = connection.execute("SELECT contact_id, received_at FROM inbox ORDER BY received_at").fetchall()
    said = connection.execute("SELECT contact_id, count(*) FROM outbox GROUP BY contact_id").fetchall()
    connection.close()
    lateness_s = [received / 1_000_000 - due_at.timestamp() for _, received in entered]
    lost, doubled = TASKS - len(said), sum(times - 1 for _, times in said)
    return lateness_s[int(len(lateness_s) * 0.99)], stall_s * 1000, float(lost), float(doubled)


async def _longest_stall(done: Callable[[], bool]) -> float:
    """How late a one-millisecond timer came at worst, until ``done``."""
    longest = 0.0
    limit = time.perf_counter() + FIRE_LIMIT_S
    while not done() and time.perf_counter() < limit:
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - before - 0.001)
    return longest
