"""A standing schedule with ``for_each``, from its due time to what each contact reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.plain_json import ReadOnlyJSON
from flow_engine.vocabulary import JSON, JSONObject
from runtime.active_config import ActiveConfig
from runtime.ports.audience_store import Unreached
from runtime.ports.state_store import StateStorePort
from runtime.store.in_memory import InMemoryStateStore
from runtime.store.sqlite import SQLiteStateStore
from tests.flow_engine.normalised import program, state, text
from tests.runtime.desk import NOW, Desk, config, open_desk
from tests.runtime.recording_channel import RecordingChannel

MINUTE_S = 60

REMINDERS: JSONObject = {
    "id": "reminders",
    "task": "remind",
    "cron": None,
    "interval_seconds": MINUTE_S,
    "for_each": {
        "connector": "calendar",
        "operation": "list_appointments",
        "params": {"date": "{{ data.today }}"},
        "contact": "item.contact_id",
    },
}

ANA_AT_TEN: JSONObject = {"contact_id": "ana", "time": "10:00"}
BRUNO_AT_NOON: JSONObject = {"contact_id": "bruno", "time": "12:00"}
STRANGER: JSONObject = {"contact_id": "stranger", "time": "13:00"}


def flow(schedule: JSONObject = REMINDERS) -> JSONObject:
    return program(
        {"MENU": state(text("Menú"))},
        tasks={"remind": [text("see you at {{ data.item.time }}")]},
        standing_schedules=[schedule],
    )


def appointments(*items: JSON, schedule: JSONObject = REMINDERS, serial: int = 1) -> ActiveConfig:
    calendar: ReadOnlyJSON = {"type": "mock", "responses": {"list_appointments": list(items)}}
    return config({"calendar": calendar}, flow=flow(schedule), serial=serial)


def failing(kind: str) -> ActiveConfig:
    calendar: ReadOnlyJSON = {"type": "mock", "failures": {"list_appointments": kind}}
    return config({"calendar": calendar}, flow=flow())


@pytest.fixture(params=["sqlite", "in_memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StateStorePort]:
    opened: StateStorePort
    opened = SQLiteStateStore(tmp_path / "state.db") if request.param == "sqlite" else InMemoryStateStore()
    await opened.open()
    yield opened
    await opened.close()


async def met(desk: Desk, *contact_ids: str) -> None:
    for contact_id in contact_ids:
        await desk.ask(f"m-{contact_id}", "hola", contact_id)
    await desk.quiet()


async def a_minute_passes(desk: Desk) -> None:
    desk.clock.advance(MINUTE_S)
    await desk.core.task_executor.fire()
    await desk.quiet()


async def test_each_contact_is_told_of_their_own_item_once_per_slot(store: StateStorePort) -> None:
    async with open_desk(store, appointments(ANA_AT_TEN, BRUNO_AT_NOON)) as desk:
        await met(desk, "ana", "bruno")
        await a_minute_passes(desk)
        assert desk.channel.texts("ana") == ["Menú", "see you at 10:00"]
        assert desk.channel.texts("bruno") == ["Menú", "see you at 12:00"]
        (asked,) = desk.calendar.calls
        due_at = NOW + timedelta(seconds=MINUTE_S)
        assert (asked.operation, dict(asked.params), asked.idempotency_key) == (
            "list_appointments",
            {"date": "2026-03-02"},
            f"standing:reminders:{due_at.isoformat()}",
        )
        await desk.core.task_executor.fire()
        await desk.quiet()
        assert len(desk.channel.heard) == 4
        await a_minute_passes(desk)
        assert desk.channel.texts("ana")[2:] == ["see you at 10:00"]


async def test_who_never_wrote_is_recorded_as_not_reached_and_nothing_is_sent_for_them(
    store: StateStorePort,
) -> None:
    async with open_desk(store, appointments(STRANGER, ANA_AT_TEN)) as desk:
        await met(desk, "ana")
        await a_minute_passes(desk)
        assert desk.channel.texts() == ["Menú", "see you at 10:00"]
        due_at = NOW + timedelta(seconds=MINUTE_S)
        assert await store.audiences.unreached("reminders") == [Unreached("reminders", due_at, "stranger")]
        assert (await store.counts()).outbox_dead == 0


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(failing("conflict"), id="the connector fails"),
        pytest.param(config({}, flow=flow()), id="no connector is bound"),
        pytest.param(
            config({"calendar": {"type": "mock", "responses": {"list_appointments": {"ana": 1}}}}, flow=flow()),
            id="the result is no list",
        ),
    ],
)
async def test_a_run_without_an_audience_is_parked_where_it_is_seen_and_the_next_slot_runs(
    store: StateStorePort, broken: ActiveConfig
) -> None:
    async with open_desk(store, broken) as desk:
        await met(desk, "ana")
        await a_minute_passes(desk)
        assert (desk.channel.texts(), (await store.counts()).inbox_dead) == (["Menú"], 1)
        await desk.core.swap_program(appointments(ANA_AT_TEN, serial=2))
        await a_minute_passes(desk)
        assert desk.channel.texts() == ["Menú", "see you at 10:00"]


async def test_a_new_release_takes_a_schedule_away_or_gives_it_an_audience(store: StateStorePort) -> None:
    alone: JSONObject = REMINDERS | {"for_each": None}
    async with open_desk(store, appointments(schedule=alone)) as desk:
        await met(desk, "ana")
        await desk.core.swap_program(appointments(ANA_AT_TEN, serial=2))
        await a_minute_passes(desk)
        assert desk.channel.texts("ana") == ["Menú", "see you at 10:00"]
        await desk.core.swap_program(config({}, serial=3))
        await a_minute_passes(desk)
        assert ((await store.counts()).tasks_scheduled, len(desk.channel.heard)) == (0, 2)


async def test_a_run_that_was_due_before_a_stop_is_handed_out_once_after_it(store: StateStorePort) -> None:
    active = appointments(ANA_AT_TEN)
    async with open_desk(store, active) as desk:
        await met(desk, "ana")
        desk.clock.advance(MINUTE_S)
        await desk.core.inbox.stop(1)
        assert (await desk.core.task_executor.fire()).fired == 1
        clock = desk.clock
    channel = RecordingChannel()
    async with open_desk(store, appointments(ANA_AT_TEN), channel=channel, clock=clock) as desk:
        await desk.until_heard(1)
        await desk.quiet()
        await desk.core.task_executor.fire()
        await desk.quiet()
        assert channel.texts() == ["see you at 10:00"]
