"""The desk in front of a whole core: who wrote, what she wants to hear, and staff who write past the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.clock import ManualClock, SystemClock
from connectors.kernel.pipeline import Pipeline
from connectors.kernel.policy import CallPolicy
from connectors.operation import Access, Operation
from connectors.port import ConnectorCall, ConnectorPort
from connectors.registry import ConnectorRegistry
from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSON, MessageType
from runtime.active_config import ActiveConfig
from runtime.outreach import Outreach, TakeoverRule
from runtime.ports.contact_notes import (
    ContactNote,
    IdentityChanged,
    MessageEdited,
    MessageRevoked,
    StaffWrote,
    WishShown,
)
from runtime.ports.contact_store import FORMER_ID_HOLDS
from runtime.ports.inbox import DeliveryState, DeliveryStatus, DeliveryVerdict, InboundEnvelope
from runtime.ports.inbox_store import ContactKey
from runtime.store.sqlite import SQLiteStateStore
from runtime.wish import Wish
from tests.runtime.desk import NOW, Desk, config, open_desk

CHANNEL = "http_dev"
STOPPED = "Hecho: no te escribiremos si no nos escribes tú antes. Envía ALTA si cambias de idea."
BACK = "Hecho: volverás a recibir nuestros mensajes."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(SQLiteStateStore(tmp_path / "state.db")) as opened:
        yield opened


class GatedCalendar(ConnectorPort):
    """Answers when the gate is opened. ``reached`` says that somebody waits for it."""

    category = "calendar"
    operations: Mapping[str, Operation] = {"book": Operation("book", Access.WRITES, "Books.")}

    def __init__(self) -> None:
        self.calls = 0
        self.reached, self.open = asyncio.Event(), asyncio.Event()

    async def invoke(self, call: ConnectorCall) -> JSON:
        self.calls += 1
        self.reached.set()
        await self.open.wait()
        return {"id": "appt-1"}

    async def close(self) -> None:
        """Nothing to close."""

    def release(self) -> ActiveConfig:
        pipelines = {"calendar": Pipeline("calendar", CallPolicy(), SystemClock())}
        return replace(config(), registry=ConnectorRegistry({"calendar": self}, pipelines, ()))


def written(
    message_id: str,
    text: str,
    contact_id: str = "ana",
    *,
    payload: str | None = None,
    phone: str | None = None,
) -> InboundEnvelope:
    kind = MessageType.TEXT if payload is None else MessageType.BUTTON
    message = InternalMessage(message_id, contact_id, kind, NOW, text, payload, contact_phone=phone)
    return InboundEnvelope(CHANNEL, "http_dev", message)


async def hear(desk: Desk, *envelopes: InboundEnvelope) -> list[str]:
    """What is said to these messages."""
    said = len(desk.channel.heard)
    await desk.core.desk.accept(envelopes)
    await desk.quiet()
    return desk.channel.texts()[said:]


async def note(desk: Desk, *notes: ContactNote) -> None:
    await desk.core.desk.note(notes)
    await desk.quiet()


async def remind(desk: Desk, contact_id: str = "ana") -> list[str]:
    """What a reminder says that was planned a minute before."""
    await hear(desk, written(f"plan-{contact_id}-{desk.clock.now()}", "often", contact_id, payload="often"))
    said = len(desk.channel.heard)
    desk.clock.advance(61)
    await desk.core.task_executor.fire()
    await desk.quiet()
    return desk.channel.texts()[said:]


# who wrote


async def test_a_conversation_goes_on_under_the_user_id_once_both_are_shown(desk: Desk) -> None:
    assert await hear(desk, written("m1", "say_uno", "34600", payload="say_uno")) == ["said uno"]
    await hear(desk, written("m2", "hola", "ES.1", phone="34600"))
    snapshot = await desk.core.store.conversations.load(ContactKey(CHANNEL, "ES.1"))
    assert snapshot is not None
    assert snapshot.data["said"] == "uno"
    assert await desk.core.store.conversations.load(ContactKey(CHANNEL, "34600")) is None
    await hear(desk, written("m3", "hola", "34600"))
    assert [message.contact_id for message in desk.channel.heard] == ["34600", "ES.1", "ES.1"]


async def test_who_changes_her_number_goes_on_where_she_was(desk: Desk) -> None:
    await hear(desk, written("m1", "say_uno", "34600", payload="say_uno"))
    change = IdentityChanged(CHANNEL, "34600", "34700", NOW, "34700")
    await note(desk, change, change)
    await hear(desk, written("m2", "hola", "34700"))
    snapshot = await desk.core.store.conversations.load(ContactKey(CHANNEL, "34700"))
    assert snapshot is not None
    assert snapshot.data["said"] == "uno"


async def test_a_turn_under_way_ends_under_the_new_id_and_the_next_message_waits_for_it(tmp_path: Path) -> None:
    calendar = GatedCalendar()
    async with open_desk(SQLiteStateStore(tmp_path / "state.db"), calendar.release()) as desk:
        await desk.core.desk.accept([written("m1", "book", "34600", payload="book")])
        await asyncio.wait_for(calendar.reached.wait(), 5)
        await desk.until_heard(1)
        await desk.core.desk.note([IdentityChanged(CHANNEL, "34600", "ES.1", NOW)])
        await desk.core.desk.accept([written("m2", "say_dos", "ES.1", payload="say_dos")])
        calendar.open.set()
        await desk.quiet()
        assert desk.channel.texts() == ["one moment", "booked appt-1", "said dos"]
        assert [message.contact_id for message in desk.channel.heard] == ["34600", "ES.1", "ES.1"]
        assert calendar.calls == 1


async def test_a_turn_under_way_ends_under_the_last_of_two_ids_that_came_meanwhile(tmp_path: Path) -> None:
    calendar = GatedCalendar()
    async with open_desk(SQLiteStateStore(tmp_path / "state.db"), calendar.release()) as desk:
        await desk.core.desk.accept([written("m1", "book", "34600", payload="book")])
        await asyncio.wait_for(calendar.reached.wait(), 5)
        await desk.until_heard(1)
        for previous, current in (("34600", "34700"), ("34700", "ES.1")):
            await desk.core.desk.note([IdentityChanged(CHANNEL, previous, current, NOW)])
        await desk.core.desk.accept([written("m2", "say_dos", "ES.1", payload="say_dos")])
        calendar.open.set()
        await desk.quiet()
        assert desk.channel.texts() == ["one moment", "booked appt-1", "said dos"]
        assert [message.contact_id for message in desk.channel.heard] == ["34600", "ES.1", "ES.1"]
        assert calendar.calls == 1


async def test_a_stranger_who_gets_a_given_up_number_later_is_answered_under_it(desk: Desk) -> None:
    await hear(desk, written("m1", "say_uno", "34600", payload="say_uno"))
    await note(desk, IdentityChanged(CHANNEL, "34600", "34700", NOW))
    desk.clock.advance((FORMER_ID_HOLDS + timedelta(seconds=1)).total_seconds())
    assert await hear(desk, written("m2", "say_dos", "34600", payload="say_dos")) == ["said dos"]
    assert desk.channel.heard[-1].contact_id == "34600"
    assert await hear(desk, written("m3", "say_tres", "34700", payload="say_tres")) == ["said tres"]


# what she wants to hear


async def test_stop_ends_reminders_and_start_brings_them_back(desk: Desk) -> None:
    assert len(await remind(desk)) == 1
    assert await hear(desk, written("m1", "¡STOP!")) == [STOPPED]
    assert await remind(desk) == []
    assert await hear(desk, written("m2", "say_uno", payload="say_uno")) == ["said uno"]
    assert await hear(desk, written("m3", "alta")) == [BACK]
    assert len(await remind(desk)) == 1
    assert await hear(desk, written("m4", "alta")) != [BACK]


async def test_stop_inside_a_question_wins_and_the_question_stays_open(desk: Desk) -> None:
    await hear(desk, written("m1", "say_uno", payload="say_uno"))
    before = await desk.core.store.conversations.load(ContactKey(CHANNEL, "ana"))
    assert await hear(desk, written("m2", "stop")) == [STOPPED]
    after = await desk.core.store.conversations.load(ContactKey(CHANNEL, "ana"))
    assert before is not None
    assert after is not None
    assert (after.state, after.data) == (before.state, before.data)


async def test_a_stop_between_short_texts_is_not_swallowed_by_their_turn(tmp_path: Path) -> None:
    burst = config()
    burst = replace(burst, limits=replace(burst.limits, inbound=replace(burst.limits.inbound, burst_window_s=2.0)))
    async with open_desk(SQLiteStateStore(tmp_path / "state.db"), burst) as desk:
        await desk.core.desk.accept([written("m1", "hola"), written("m2", "stop")])
        await desk.quiet()
        assert desk.channel.texts() == ["Menú", STOPPED]


async def test_the_button_under_a_template_counts_and_the_proof_is_its_message(desk: Desk) -> None:
    assert await hear(desk, written("m1", "Detener promociones", payload="Detener promociones")) == [STOPPED]
    (entry,) = await desk.core.store.consent.history_of(ContactKey(CHANNEL, "ana"))
    assert (entry.wish, entry.source, entry.proof) == (Wish.OUT, "button", "m1")


async def test_a_switch_in_the_customers_app_counts(desk: Desk) -> None:
    await note(desk, WishShown(CHANNEL, "ana", Wish.OUT, "user_preferences:1", NOW))
    assert await remind(desk) == []
    assert (await desk.core.store.counts()).outbox_dead == 1


async def test_a_failure_that_says_opted_out_counts(desk: Desk) -> None:
    await remind(desk)
    opted_out = DeliveryVerdict.OPTED_OUT
    status = DeliveryStatus(CHANNEL, "wamid.2", DeliveryState.FAILED, NOW, None, "131050", "opted out", opted_out)
    await desk.core.desk.record_statuses([status, replace(status, provider_message_id="wamid.of-nobody")])
    assert await desk.core.store.consent.wish_of(ContactKey(CHANNEL, "ana")) is Wish.OUT
    assert await remind(desk) == []


async def test_a_message_delivered_twice_is_confirmed_once(desk: Desk) -> None:
    stop = written("m1", "baja")
    assert await hear(desk, stop, stop) == [STOPPED]
    assert await hear(desk, stop) == []
    assert len(await desk.core.store.consent.history_of(ContactKey(CHANNEL, "ana"))) == 1


# staff who write past the bot


def echo(message_id: str = "e1", text: str = "Hola, soy Marta") -> StaffWrote:
    return StaffWrote(CHANNEL, "http_dev", "ana", message_id, NOW, text)


async def test_the_bot_gives_way_to_staff_and_comes_back_by_the_rule(tmp_path: Path) -> None:
    rule = replace(config(), outreach=Outreach(takeover=TakeoverRule(resume_after_s=1800)))
    async with open_desk(SQLiteStateStore(tmp_path / "state.db"), rule) as desk:
        await hear(desk, written("m1", "hola"))
        await note(desk, echo(), echo())
        assert await hear(desk, written("m2", "gracias")) == []
        desk.clock.advance(1801)
        await desk.core.task_executor.fire()
        await desk.quiet()
        assert await hear(desk, written("m3", "say_tres", payload="say_tres")) == ["said tres"]


async def test_staff_give_the_chat_back_with_a_word(desk: Desk) -> None:
    await hear(desk, written("m1", "hola"))
    await note(desk, echo())
    await note(desk, echo("e2", "#bot"))
    assert await hear(desk, written("m2", "say_dos", payload="say_dos")) == ["said dos"]


async def test_an_answer_under_way_is_not_sent_once_staff_have_written(tmp_path: Path) -> None:
    calendar = GatedCalendar()
    async with open_desk(SQLiteStateStore(tmp_path / "state.db"), calendar.release()) as desk:
        await desk.core.desk.accept([written("m1", "book", payload="book")])
        await asyncio.wait_for(calendar.reached.wait(), 5)
        await desk.until_heard(1)
        await desk.core.desk.note([echo()])
        calendar.open.set()
        await desk.quiet()
        assert desk.channel.texts() == ["one moment"]
        assert (await desk.core.store.counts()).outbox_dead == 1


# messages that change


async def test_a_correction_that_comes_in_time_is_what_is_answered(tmp_path: Path) -> None:
    async with open_desk(SQLiteStateStore(tmp_path / "state.db"), clock=ManualClock(NOW)) as desk:
        desk.channel.open.clear()
        await desk.core.desk.accept(
            [written("m1", "book", payload="book"), written("m2", "say_uno", payload="say_uno")]
        )
        edited = InternalMessage("x", "ana", MessageType.BUTTON, NOW, "say_dos", "say_dos")
        await desk.core.desk.note([MessageEdited(CHANNEL, "m2", edited), MessageRevoked(CHANNEL, "m1")])
        desk.channel.open.set()
        await desk.quiet()
        assert desk.channel.texts()[-1] == "said dos"
