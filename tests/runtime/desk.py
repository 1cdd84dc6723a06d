"""A whole core over a store and a recording channel, with a flow that shows every kind of effect."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.clock import ManualClock
from connectors.kernel.egress.policy import THIS_MACHINE
from connectors.llm.mock_llm.adapter import MockLLMAdapter
from connectors.mock import MockConnector
from connectors.plain_json import ReadOnlyJSON
from connectors.registry import ConnectorRegistry
from flow_engine.messages import InternalMessage
from flow_engine.program import Program, ProgramSettings, load_program
from flow_engine.vocabulary import JSONObject, MessageType
from runtime.active_config import ActiveConfig
from runtime.core import Core, SchedulerFactory, build_core
from runtime.ports.inbox import AcceptResult, InboundEnvelope
from runtime.ports.scheduler import SchedulerPort
from runtime.ports.state_store import StateStorePort
from runtime.ports.task_store import TaskStore
from runtime.scheduler.noop import NoopScheduler
from runtime.scheduler.task_executor import TaskExecutor
from tests.flow_engine.normalised import program, state, text, transition
from tests.runtime.recording_channel import RecordingChannel

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

BOOKED: ReadOnlyJSON = {"type": "mock", "responses": {"book": {"id": "appt-1"}}}
BUSY: ReadOnlyJSON = {"type": "mock", "failures": {"book": "conflict"}}
ORACLE: ReadOnlyJSON = {"type": "mock_llm", "responses": {"¿abrís hoy?": {"text": "Sí, hasta las 20.", "tokens": 30}}}

KNOWLEDGE = "# Horario\nAbrimos de 10 a 20."


def invoke(operation: str, result_key: str) -> JSONObject:
    return {
        "action": "invoke_connector",
        "connector": "calendar",
        "operation": operation,
        "params": {},
        "result_key": result_key,
    }


def schedule(key: str, **when: object) -> JSONObject:
    plan: JSONObject = {"run_at": None, "cron": None, "interval_seconds": None}
    return plan | {"action": "schedule_task", "task": "remind", "idempotency_key": key} | when  # type: ignore[return-value]  # a table's keywords


def on(payload: str, target: str) -> JSONObject:
    return transition(target, on_payload=payload)


FLOW = program(
    {
        "MENU": state(text("Menú"), fallback="MENU", llm_fallback=True),
        "SAID": state(text("said {{ data.said }}"), fallback="MENU"),
        "BOOK": state(
            text("one moment"), invoke("book", "booking"), text("booked {{ data.booking.id }}"), fallback="MENU"
        ),
        "LATER": state(text("noted"), schedule("later", run_at="2026-03-02T10:00:00Z")),
        "OFTEN": state(text("noted"), schedule("often", interval_seconds=60)),
        "FORGET": state({"action": "cancel_task", "idempotency_key": "later"}, text("forgotten")),
    },
    global_transitions=[
        transition("SAID", on_payload_prefix="say_", extract_suffix_as="said"),
        on("book", "BOOK"),
        on("later", "LATER"),
        on("often", "OFTEN"),
        on("forget", "FORGET"),
    ],
    tasks={"remind": [text("reminder for {{ data.said }}")], "nightly": [invoke("book", "nightly")]},
)


def loaded(flow: JSONObject = FLOW) -> Program:
    return load_program(flow, ProgramSettings(language="es", llm_enabled=True))


def config(
    connectors: Mapping[str, ReadOnlyJSON] | None = None,
    *,
    flow: JSONObject = FLOW,
    serial: int = 1,
    quota: int | None = None,
) -> ActiveConfig:
    """A release of ``flow`` with mock connectors. Policies never pause: a retry would sleep."""
    blocks = connectors if connectors is not None else {"calendar": BOOKED}
    registry = ConnectorRegistry.from_config(blocks, egress=THIS_MACHINE)
    return ActiveConfig(loaded(flow), registry, KNOWLEDGE, "es", "Europe/Madrid", serial, quota)


@dataclass(frozen=True, slots=True)
class Desk:
    """What tests do at a desk: say something, wait until it is quiet, look."""

    core: Core
    channel: RecordingChannel
    clock: ManualClock

    async def receive(self, message_id: str, payload: str, contact_id: str = "ana") -> AcceptResult:
        """A tap with this payload."""
        return await self.core.inbox.accept([tap(message_id, payload, contact_id)])

    async def ask(self, message_id: str, words: str, contact_id: str = "ana") -> None:
        """A typed text."""
        message = InternalMessage(message_id, contact_id, MessageType.TEXT, NOW, words)
        await self.core.inbox.accept([InboundEnvelope("http_dev", "http_dev", message)])

    async def quiet(self) -> None:
        """Return when nothing is open in the inbox and the outbox."""
        for _ in range(1000):
            counts = await self.core.store.counts()
            if not counts.inbox_open and not counts.outbox_open:
                return
            await asyncio.sleep(0.005)
        raise AssertionError(f"still busy: {counts}")

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Return when this holds."""
        for _ in range(1000):
            if await holds():
                return
            await asyncio.sleep(0.005)
        raise AssertionError("it never came to hold")

    async def until_heard(self, number: int) -> None:
        """Return when the channel has been given ``number`` messages in all."""
        for _ in range(1000):
            if len(self.channel.heard) >= number:
                return
            await asyncio.sleep(0.005)
        raise AssertionError(f"only heard {self.channel.texts()}")

    @property
    def calendar(self) -> MockConnector:
        assert self.core.configs.current is not None
        connector = self.core.configs.current.registry.connector("calendar")
        assert isinstance(connector, MockConnector)
        return connector

    @property
    def llm(self) -> MockLLMAdapter:
        assert self.core.configs.current is not None
        connector = self.core.configs.current.registry.connector("llm")
        assert isinstance(connector, MockLLMAdapter)
        return connector


def by_hand(tasks: TaskStore, task_executor: TaskExecutor) -> SchedulerPort:
    """Due work is fired by the test itself."""
    return NoopScheduler()


def tap(message_id: str, payload: str, contact_id: str = "ana") -> InboundEnvelope:
    message = InternalMessage(message_id, contact_id, MessageType.BUTTON, NOW, payload, payload)
    return InboundEnvelope("http_dev", "http_dev", message)


@asynccontextmanager
async def open_desk(
    store: StateStorePort,
    active: ActiveConfig | None = None,
    *,
    channel: RecordingChannel | None = None,
    clock: ManualClock | None = None,
    scheduler: SchedulerFactory | None = None,
    reconcile: timedelta = timedelta(seconds=20),
) -> AsyncIterator[Desk]:
    """A running core. Due work is fired by hand unless a ``scheduler`` is given."""
    await store.open()
    channel, clock = channel or RecordingChannel(), clock or ManualClock(NOW)
    core = build_core(
        store,
        {channel.channel_id: channel},
        clock,
        scheduler=scheduler or by_hand,
        reconcile=reconcile,
        retry_pause_s=0.0,
    )
    await core.start(active or config())
    try:
        yield Desk(core, channel, clock)
    finally:
        await core.stop()
