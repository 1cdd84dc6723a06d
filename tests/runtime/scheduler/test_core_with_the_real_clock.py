from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from connectors.clock import SystemClock
from connectors.registry import ConnectorRegistry
from runtime.active_config import ActiveConfig
from runtime.core import build_core
from runtime.ports.inbox import InboundEnvelope
from runtime.store.sqlite import SQLiteStateStore
from tests.flow_engine.normalised import program, schedule, state, text
from tests.runtime.desk import loaded, tap
from tests.runtime.recording_channel import RecordingChannel

DOWN_BEFORE = timedelta(seconds=3)
"""Long enough to answer a greeting and to stop on a machine with much else to do."""


async def until_said(channel: RecordingChannel, words: list[str]) -> None:
    for _ in range(1000):
        if channel.texts() == words:
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"said {channel.texts()}, not {words}")


def release(due_in: timedelta) -> ActiveConfig:
    run_at = (SystemClock().now() + due_in).isoformat()
    flow = program(
        {"MENU": state(text("noted"), schedule("remind", "r", run_at=run_at))}, tasks={"remind": [text("now!")]}
    )
    return ActiveConfig(loaded(flow), ConnectorRegistry.from_config({}), "", "es", "UTC", 1)


def greeting() -> InboundEnvelope:
    """Sent just now: a tap sent days ago would be late."""
    told = tap("m1", "hola")
    return replace(told, message=replace(told.message, sent_at=SystemClock().now()))


async def test_a_reminder_leaves_when_its_time_comes(tmp_path: Path) -> None:
    store, channel = SQLiteStateStore(tmp_path / "state.db"), RecordingChannel()
    await store.open()
    core = build_core(store, {"http_dev": channel}, SystemClock())
    await core.start(release(timedelta(seconds=0.1)))
    await core.inbox.accept([greeting()])
    await until_said(channel, ["noted", "now!"])
    await core.stop()


async def test_a_reminder_that_fell_due_while_the_runtime_was_down_leaves_at_its_start(tmp_path: Path) -> None:
    store, first, second = SQLiteStateStore(tmp_path / "state.db"), RecordingChannel(), RecordingChannel()
    config, due = release(DOWN_BEFORE), SystemClock().now() + DOWN_BEFORE
    await store.open()
    core = build_core(store, {"http_dev": first}, SystemClock())
    await core.start(config)
    await core.inbox.accept([greeting()])
    await until_said(first, ["noted"])
    await core.stop()
    assert first.texts() == ["noted"]
    await asyncio.sleep((due - SystemClock().now()).total_seconds())
    await store.open()
    core = build_core(store, {"http_dev": second}, SystemClock())
    await core.start(config)
    await until_said(second, ["now!"])
    await core.stop()
    assert first.texts() == ["noted"]
