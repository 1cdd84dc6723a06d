"""Bursts, floods, loops and late deliveries, through a whole core and its store."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.plain_json import ReadOnlyJSON
from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import MessageType
from runtime.inbound_rules import PAUSED
from runtime.limits import InboundLimits, RuntimeLimits
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import ContactKey
from runtime.ports.state_store import StateStorePort
from runtime.store.in_memory import InMemoryStateStore
from runtime.store.sqlite import SQLiteStateStore
from tests.flow_engine.normalised import program, state, text, transition
from tests.runtime.desk import BOOKED, NOW, Desk, config, open_desk

ANA = ContactKey("http_dev", "ana")


@pytest.fixture(params=["sqlite", "in_memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> StateStorePort:
    opened: StateStorePort
    opened = SQLiteStateStore(tmp_path / "state.db") if request.param == "sqlite" else InMemoryStateStore()
    return opened


def limited(**inbound: float) -> RuntimeLimits:
    return RuntimeLimits(InboundLimits(**inbound))  # type: ignore[arg-type]  # a table's keywords


async def tap(desk: Desk, message_id: str, payload: str, sent_at_s: float = 0.0) -> None:
    sent_at = NOW + timedelta(seconds=sent_at_s)
    message = InternalMessage(message_id, "ana", MessageType.BUTTON, sent_at, payload, payload)
    await desk.core.inbox.accept([InboundEnvelope("http_dev", "http_dev", message)])


async def test_three_short_texts_get_one_answer_once_the_window_has_passed(store: StateStorePort) -> None:
    active = replace(config(), limits=limited(burst_window_s=2))
    async with open_desk(store, active) as desk:
        for number, words in enumerate(("hola", "quiero", "una cita")):
            await desk.ask(f"m{number}", words)
        await desk.core.task_executor.fire()
        assert desk.channel.heard == []
        desk.clock.advance(2)
        await desk.core.task_executor.fire()
        await desk.quiet()
        assert len(desk.channel.heard) == 1


async def test_a_tap_is_not_delayed_by_the_window(store: StateStorePort) -> None:
    async with open_desk(store, replace(config(), limits=limited(burst_window_s=2))) as desk:
        await desk.receive("m1", "say_now")
        await desk.quiet()
        assert desk.channel.texts() == ["said now"]


async def test_whoever_floods_the_bot_is_parked_unanswered_while_others_are_answered(store: StateStorePort) -> None:
    async with open_desk(store, replace(config(), limits=limited(inbound_per_contact_per_minute=3))) as desk:
        for number in range(8):
            await desk.receive(f"m{number}", f"say_{number}")
        await desk.receive("b1", "say_hello", "bruno")
        await desk.quiet()
        assert desk.channel.texts("ana") == ["said 0", "said 1", "said 2"]
        assert desk.channel.texts("bruno") == ["said hello"]
        assert (await store.counts()).inbox_dead == 5


async def test_another_bot_is_paused_after_twenty_equal_messages_and_answered_again_once_resumed(
    store: StateStorePort,
) -> None:
    told: ReadOnlyJSON = {"type": "mock", "responses": {"notify": {"ok": True}}}
    active = replace(config({"calendar": BOOKED, "notification": told}), limits=RuntimeLimits())
    async with open_desk(store, active) as desk:
        for number in range(25):
            await desk.receive(f"m{number}", "say_again")
        await desk.quiet()
        assert desk.channel.texts() == ["said again"] * 19
        assert (await store.counts()).inbox_dead == 6

        async def staff_told() -> bool:
            return [record.state for record in await store.notices.records(ANA)] == ["told"]

        await desk.until(staff_told)
        assert await desk.core.resume_contact("http_dev", "ana", command_id="c1", issued_at=NOW)
        await desk.receive("later", "say_back")
        await desk.quiet()
        assert desk.channel.texts()[19:] == ["said back"]


async def test_a_bot_that_says_something_else_now_and_then_is_paused_too(store: StateStorePort) -> None:
    async with open_desk(store, replace(config(), limits=RuntimeLimits())) as desk:
        for number in range(60):
            await desk.receive(f"m{number}", f"say_{number}" if number % 6 == 5 else "say_again")
        await desk.quiet()
        assert desk.channel.texts().count("said again") == 19
        assert (await store.counts()).inbox_dead == 38


async def test_a_pause_survives_a_restart_and_is_reported_once(tmp_path: Path) -> None:
    async with open_desk(SQLiteStateStore(tmp_path / "state.db")) as desk:
        for number in range(20):
            await desk.receive(f"m{number}", "say_again")
        await desk.quiet()
    connection = sqlite3.connect(tmp_path / "state.db")
    noticed = connection.execute(
        "SELECT kind, json_extract(body, '$.kind'), json_extract(body, '$.detail'), contact_id FROM telemetry_entry"
    ).fetchall()
    connection.close()
    assert noticed == [("notices", "loop_detected", f"http_dev: {PAUSED}", "ana")]
    async with open_desk(SQLiteStateStore(tmp_path / "state.db")) as desk:
        await desk.receive("next", "say_hello")
        await desk.quiet()
        assert desk.channel.texts() == []
        assert (await desk.core.store.counts()).inbox_dead == 2


QUESTION = program(
    {
        "ASK": state(text("Shall I book it?"), transitions=[transition("BOOKED", on_payload="yes")]),
        "BOOKED": state(text("booked"), fallback="ASK"),
    }
)


@pytest.mark.parametrize(
    ("sent_before_s", "answer"),
    [
        pytest.param(43_199, "booked", id="half a day late, it is still the answer"),
        pytest.param(43_201, "Esa opción es de un mensaje anterior.", id="later than that it is an old option"),
    ],
)
async def test_a_tap_that_comes_late_is_not_taken_for_an_answer_to_the_open_question(
    store: StateStorePort, sent_before_s: float, answer: str
) -> None:
    async with open_desk(store, config(flow=QUESTION)) as desk:
        await desk.ask("m1", "hola")
        await desk.quiet()
        await tap(desk, "m2", "yes", sent_at_s=-sent_before_s)
        await desk.quiet()
        assert desk.channel.texts() == ["Shall I book it?", answer]
