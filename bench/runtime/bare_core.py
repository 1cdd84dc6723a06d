"""The durable core without HTTP: a flow that says one text, and a channel that accepts everything at once."""

from __future__ import annotations

import asyncio
import tempfile
import time
import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from connectors.clock import SystemClock
from connectors.registry import ConnectorRegistry
from flow_engine.messages import InternalMessage
from flow_engine.program import ProgramSettings, load_program
from flow_engine.vocabulary import JSONObject, MessageType
from runtime.active_config import ActiveConfig
from runtime.core import Core, build_core
from runtime.limits import InboundLimits, RuntimeLimits
from runtime.ports.channel_adapter import ChannelAdapter, OutboundMessage, SendReceipt
from runtime.ports.inbox import InboundEnvelope
from runtime.store.sqlite import SQLiteStateStore

TURNS = 1_500
USERS = 16
NEW_CUSTOMERS = 500
NEWCOMERS = tuple(f"c{user}" for user in range(USERS))

UNBOUNDED = RuntimeLimits(InboundLimits(inbound_per_contact_per_minute=0, loop_messages=0))
"""The users of this bench never rest."""

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


def in_fresh_folder[T](measure: Callable[[Path], Coroutine[None, None, T]]) -> T:
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        return asyncio.run(measure(Path(folder)))


def message(number: int, contact: str, *, run: str = "") -> InboundEnvelope:
    """``run`` tells the messages of one measurement from those of another on the same file."""
    told = InternalMessage(
        f"wamid.{run}{number}", contact, MessageType.TEXT, datetime.now(UTC), "hola", contact_name="Ana"
    )
    return InboundEnvelope("http_dev", "http_dev", told)


async def running_core(folder: Path, channel: SilentChannel, limits: RuntimeLimits = UNBOUNDED) -> Core:
    store = SQLiteStateStore(folder / "state.db")
    await store.open()
    core = build_core(store, {"http_dev": channel}, SystemClock())
    program = load_program(FLOW, ProgramSettings())
    await core.start(ActiveConfig(program, ConnectorRegistry.from_config({}), "", "es", "UTC", 1, limits=limits))
    return core


async def turns_per_s(folder: Path, *, contacts: Sequence[str] = NEWCOMERS, limits: RuntimeLimits = UNBOUNDED) -> float:
    """Each of the ``contacts`` writes again as soon as it is answered."""
    channel = SilentChannel()
    core = await running_core(folder, channel, limits)
    numbers, run = iter(range(TURNS)), uuid.uuid4().hex

    async def converse(contact: str) -> None:
        heard = channel.sent[contact] = asyncio.Event()
        for number in numbers:
            heard.clear()
            await core.inbox.accept([message(number, contact, run=run)])
            await heard.wait()

    began = time.perf_counter()
    await asyncio.gather(*map(converse, contacts))
    took = time.perf_counter() - began
    assert channel.count == TURNS
    await core.stop()
    return TURNS / took


async def newcomers_per_s(folder: Path) -> float:
    """So many customers whom nobody knows write, each with a user id and a number; answered after the measurement."""
    channel = SilentChannel()
    core = await running_core(folder, channel)
    core.inbox.hold()
    numbers, run = iter(range(NEW_CUSTOMERS)), uuid.uuid4().hex

    async def arrive() -> None:
        for number in numbers:
            user_id = f"ES.{run}{number}"
            channel.sent[user_id] = asyncio.Event()
            envelope = message(number, user_id, run=run)
            told = replace(envelope.message, contact_phone=f"34{run}{number}")
            await core.desk.accept([replace(envelope, message=told)])

    began = time.perf_counter()
    await asyncio.gather(*(arrive() for _ in range(USERS)))
    took = time.perf_counter() - began
    await core.inbox.release()
    await asyncio.gather(*(answered.wait() for answered in channel.sent.values()))
    await core.stop()
    return NEW_CUSTOMERS / took
