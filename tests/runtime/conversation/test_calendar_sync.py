"""A whole runtime over Google Calendar: what customers are told of their appointments is true, whoever moves them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.clock import ManualClock
from connectors.registry import ConnectorRegistry
from flow_engine.language.reading import read_flow_bytes
from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import Template
from flow_engine.program import ProgramSettings, load_program
from flow_engine.vocabulary import MessageType
from runtime.active_config import ActiveConfig
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import ContactKey
from runtime.ports.state_store import StateStorePort
from runtime.store.in_memory import InMemoryStateStore
from runtime.store.sqlite import SQLiteStateStore
from tests.connectors.calendar.google_calendar.google_desk import SHOP, open_google_desk
from tests.fakes.google_calendar import FakeGoogle, Fault
from tests.fakes.google_calendar.memory import Calendar
from tests.fakes.loopback import LoopbackServer
from tests.flow_engine.spoken import spoken
from tests.runtime.desk import KNOWLEDGE, Desk, open_desk

MONDAY_9 = datetime(2026, 11, 23, 8, tzinfo=UTC)
FLOW = Path(__file__).parents[3] / "flows" / "peluqueria_flow.yaml"
ELEVEN = "2026-11-28T11:00:00+01:00"
BOOK = ("menu_book", "service_cut", "day_2026-11-28", "slot_10:00", "confirm_yes")
FIVE_MINUTES_S = 300
A_DAY_S = 24 * 3600
QUICK = {"attempts": 2, "base_wait_s": 0.001, "max_wait_s": 0.002, "min_calls": 1000}


@pytest.fixture(params=["sqlite", "in_memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> StateStorePort:
    return SQLiteStateStore(tmp_path / "state.db") if request.param == "sqlite" else InMemoryStateStore()


@pytest.fixture
def google() -> FakeGoogle:
    google = FakeGoogle()
    google.calendar(SHOP)
    return google


@pytest.fixture
def shop(google: FakeGoogle) -> Calendar:
    return google.calendar(SHOP)


@pytest.fixture
async def desk(store: StateStorePort, google: FakeGoogle) -> AsyncIterator[Desk]:
    await store.open()
    async with (
        LoopbackServer(google.app()) as server,
        open_google_desk(google, server.url, state=store.connectors, policy=QUICK) as calendar,
        open_desk(store, released(calendar.registry), clock=ManualClock(MONDAY_9)) as desk,
    ):
        yield desk
    assert google.violations == []


def released(registry: ConnectorRegistry) -> ActiveConfig:
    reading = read_flow_bytes(FLOW.read_bytes(), file=str(FLOW))
    assert reading.program is not None
    settings = ProgramSettings(timezone="Europe/Madrid", language="es")
    return ActiveConfig(load_program(reading.program, settings), registry, KNOWLEDGE, "es", "Europe/Madrid", 1)


def words(desk: Desk) -> list[str]:
    """Everything that was said, templates as they read."""
    outputs = [message.output for message in desk.channel.heard]
    return [output.text or "" if isinstance(output, Template) else spoken(output) for output in outputs]


async def tapped(desk: Desk, *payloads: str, contact: str = "ana") -> list[str]:
    """What the bot says to these taps."""
    before = len(desk.channel.heard)
    for payload in payloads:
        desk.clock.advance(1)
        now = desk.clock.now()
        message = InternalMessage(f"{contact} {now}", contact, MessageType.BUTTON, now, payload, payload)
        await desk.core.inbox.accept([InboundEnvelope("http_dev", "http_dev", message)])
        await desk.quiet()
    return words(desk)[before:]


async def time_passes(desk: Desk, seconds: float) -> list[str]:
    """What the bot says meanwhile. Due work is fired every five minutes, as it would be."""
    before = len(desk.channel.heard)
    while seconds > 0:
        desk.clock.advance(min(seconds, FIVE_MINUTES_S))
        seconds -= FIVE_MINUTES_S
        await desk.core.task_executor.fire()
        await desk.quiet()
    return words(desk)[before:]


async def test_a_confirmation_says_what_the_ledger_says(desk: Desk, shop: Calendar) -> None:
    said = await tapped(desk, *BOOK)
    assert "¡Hecho! ✅ Te esperamos el sábado 28 de noviembre a las 10:00." in said[-1]
    (appointment,) = await desk.core.store.connectors.appointments.of_contact("ana")
    assert [event["id"] for event in shop.standing()] == [appointment.row.provider_id]


_FAILURES = {
    "the time was taken by a person": None,
    "google is down": Fault(503, times=99),
    "google is down after the event was written": Fault(503, method="PATCH", times=99),
    "google answers with garbage": Fault(200, body=b"<html>", times=99),
    "the calendar is shared no longer": Fault(404, "notFound", times=99),
    "the quota is spent": Fault(403, "dailyLimitExceeded", times=99),
}


@pytest.mark.parametrize("fault", _FAILURES.values(), ids=_FAILURES.keys())
async def test_a_booking_that_failed_or_is_unknown_is_never_confirmed(
    google: FakeGoogle, desk: Desk, shop: Calendar, fault: Fault | None
) -> None:
    await tapped(desk, *BOOK[:-1])
    if fault is None:
        shop.add("2026-11-28T10:00:00+01:00")
    else:
        google.faults.append(Fault(**vars(fault)))
    said = await tapped(desk, BOOK[-1])
    assert said, "the customer is met with silence"
    assert not [text for text in said if "Hecho" in text or "Te esperamos" in text]
    assert await desk.core.store.connectors.appointments.of_contact("ana") == []
    reminders = (await desk.core.store.counts()).tasks_scheduled
    assert reminders == 1  # the calendar's own row


async def test_a_booking_in_doubt_that_stands_is_told_later(google: FakeGoogle, desk: Desk) -> None:
    await tapped(desk, *BOOK[:-1])
    google.faults.append(Fault(503, method="PATCH", times=2))
    assert "no sé si tu cita ha quedado apuntada" in (await tapped(desk, BOOK[-1]))[-1]
    said = await time_passes(desk, FIVE_MINUTES_S)
    assert said == ["¡Hola! Tu cita sí quedó apuntada: te esperamos el sábado 28 de noviembre a las 10:00. ✅"]
    assert await time_passes(desk, 3 * FIVE_MINUTES_S) == []


async def test_who_drags_an_appointment_has_its_customer_told_and_reminded_rightly(desk: Desk, shop: Calendar) -> None:
    await tapped(desk, *BOOK)
    assert await time_passes(desk, FIVE_MINUTES_S) == []
    shop.move(shop.standing()[0]["id"], ELEVEN)
    (told,) = await time_passes(desk, FIVE_MINUTES_S)
    assert (
        "mover tu cita del sábado 28 de noviembre a las 10:00: ahora es el sábado 28 de noviembre a las 11:00" in told
    )
    assert await time_passes(desk, 3 * FIVE_MINUTES_S) == []
    until = (datetime(2026, 11, 27, 10, tzinfo=UTC) - desk.clock.now()).total_seconds()
    assert await time_passes(desk, until - FIVE_MINUTES_S) == []
    (reminded,) = await time_passes(desk, 2 * FIVE_MINUTES_S)
    assert "Te recuerdo tu cita: corte, sábado 28 de noviembre a las 11:00." in reminded


async def test_who_deletes_an_appointment_has_its_customer_told_and_not_reminded(desk: Desk, shop: Calendar) -> None:
    await tapped(desk, *BOOK)
    shop.remove(shop.standing()[0]["id"])
    (told,) = await time_passes(desk, FIVE_MINUTES_S)
    assert "hemos tenido que anular tu cita del sábado 28 de noviembre a las 10:00" in told
    assert (await desk.core.store.counts()).tasks_scheduled == 1
    assert (await tapped(desk, "menu_appointments"))[0] == "No tienes ninguna cita pendiente."


async def test_a_calendar_that_does_not_answer_is_asked_again_and_parks_nothing(
    google: FakeGoogle, desk: Desk, shop: Calendar, caplog: pytest.LogCaptureFixture
) -> None:
    await tapped(desk, *BOOK)
    shop.move(shop.standing()[0]["id"], ELEVEN)
    google.faults.append(Fault(503, times=2))
    assert await time_passes(desk, FIVE_MINUTES_S) == []
    assert "the calendar is asked again later" in caplog.text
    assert len(await time_passes(desk, FIVE_MINUTES_S)) == 1
    assert (await desk.core.store.counts()).inbox_dead == 0


async def test_after_a_long_stop_the_calendar_is_asked_at_once(desk: Desk, shop: Calendar) -> None:
    await tapped(desk, *BOOK)
    shop.move(shop.standing()[0]["id"], ELEVEN)
    desk.clock.advance(A_DAY_S)
    await desk.core.task_executor.fire()
    await desk.quiet()
    assert "mover tu cita" in words(desk)[-1]
    assert (await desk.core.store.counts()).tasks_missed == 0


async def test_a_flow_without_the_task_says_so_in_the_log_and_moves_its_reminder(
    store: StateStorePort, google: FakeGoogle, shop: Calendar, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await store.open()
    async with (
        LoopbackServer(google.app()) as server,
        open_google_desk(google, server.url, state=store.connectors, policy=QUICK) as calendar,
    ):
        config = released(calendar.registry)
        del config.program.tasks["appointment_moved"]  # type: ignore[attr-defined] # a mapping that may not be written
        async with open_desk(store, config, clock=ManualClock(MONDAY_9)) as desk:
            await tapped(desk, *BOOK)
            shop.move(shop.standing()[0]["id"], ELEVEN)
            assert await time_passes(desk, FIVE_MINUTES_S) == []
    assert "nobody was told" in caplog.text


async def test_without_a_calendar_outside_nothing_is_scheduled(store: StateStorePort) -> None:
    async with open_desk(store) as desk:
        assert (await desk.core.store.counts()).tasks_scheduled == 0
        assert await desk.core.store.conversations.load(ContactKey("standing", "calendar")) is None


async def test_bookings_of_the_practice_calendar_outlive_a_restart(tmp_path: Path) -> None:
    said: list[str] = []
    for hours, taps in enumerate((BOOK, ("menu_appointments",))):
        store = SQLiteStateStore(tmp_path / "state.db")
        await store.open()
        registry = ConnectorRegistry.from_config(
            {"calendar": {"type": "mock_calendar", "timezone": "Europe/Madrid"}}, state=store.connectors
        )
        async with open_desk(store, released(registry), clock=ManualClock(MONDAY_9 + timedelta(hours=hours))) as desk:
            said = await tapped(desk, *taps)
    assert said == ["Estas son tus próximas citas. Toca la que quieras cambiar o cancelar."]
