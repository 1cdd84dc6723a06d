"""The turn through the whole core, over both stores."""

from __future__ import annotations

import asyncio

from flow_engine.events import MessageReceived
from flow_engine.interpreter import advance, start
from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSONObject
from runtime.effects.decided import decided
from runtime.ports.conversation_store import StepCommit
from runtime.ports.inbox_store import ClaimedEvent, ContactKey
from runtime.ports.state_store import StateStorePort
from tests.flow_engine.normalised import program, state, text
from tests.runtime.desk import BOOKED, BUSY, NOW, config, loaded, open_desk, tap
from tests.runtime.recording_channel import RecordingChannel

ANA = ContactKey("http_dev", "ana")
MOVED = "Hemos cambiado algo por aquí, así que empezamos de nuevo."


async def test_a_message_gets_its_reply_and_the_conversation_is_kept(store: StateStorePort) -> None:
    async with open_desk(store) as desk:
        await desk.receive("m1", "say_hola")
        await desk.quiet()
        snapshot = await store.conversations.load(ANA)
        assert desk.channel.texts() == ["said hola"]
        assert snapshot is not None
        assert (snapshot.state, dict(snapshot.data), snapshot.turn) == ("SAID", {"said": "hola"}, 1)


async def test_the_same_message_fifty_times_in_parallel_gets_one_reply(store: StateStorePort) -> None:
    async with open_desk(store) as desk:
        results = await asyncio.gather(*(desk.receive("m1", "say_hola") for _ in range(50)))
        await desk.quiet()
        assert desk.channel.texts() == ["said hola"]
        assert sum(result.stored for result in results) == 1


async def test_two_hundred_messages_of_ten_contacts_are_answered_in_order(store: StateStorePort) -> None:
    async with open_desk(store) as desk:
        await asyncio.gather(*(desk.receive(f"m{n}", f"say_{n}", f"c{n % 10}") for n in range(200)))
        await desk.quiet()
        for contact in range(10):
            assert desk.channel.texts(f"c{contact}") == [f"said {n}" for n in range(200) if n % 10 == contact]


async def test_a_turn_with_a_call_sends_what_comes_before_and_after_it_and_calls_once(store: StateStorePort) -> None:
    async with open_desk(store) as desk:
        await desk.receive("m1", "book")
        await desk.quiet()
        snapshot = await store.conversations.load(ANA)
        assert snapshot is not None
        assert desk.channel.texts() == ["one moment", "booked appt-1"]
        [call] = desk.calendar.calls
        assert (call.operation, call.contact_id, call.timezone) == ("book", "ana", "Europe/Madrid")
        assert call.idempotency_key.startswith(f"{snapshot.conversation_id}:1:")
        assert snapshot.waiting is None


async def test_a_call_that_fails_goes_on_with_the_fallback(store: StateStorePort) -> None:
    async with open_desk(store, config({"calendar": BUSY})) as desk:
        await desk.receive("m1", "book")
        await desk.quiet()
        snapshot = await store.conversations.load(ANA)
        assert snapshot is not None
        assert snapshot.state == "MENU"
        assert desk.channel.texts()[0] == "one moment"
        assert desk.channel.texts()[-1] == "Menú"
        assert "booked" not in " ".join(desk.channel.texts())


async def test_a_connector_the_business_does_not_have_is_a_failed_call(store: StateStorePort) -> None:
    async with open_desk(store, config({})) as desk:
        await desk.receive("m1", "book")
        await desk.quiet()
        assert desk.channel.texts()[-1] == "Menú"
        assert (await store.counts()).inbox_dead == 0


async def begun_and_killed(store: StateStorePort, message_id: str = "m1") -> str:
    """The state after a kill between the first step's commit and the call; returns the call's id."""
    await store.inbox.accept([tap(message_id, "book")], NOW)
    claimed = await store.inbox.claim(ANA, "dead run", max_attempts=3, at=NOW)
    assert isinstance(claimed, ClaimedEvent)
    assert isinstance(claimed.event, InternalMessage)
    step = advance(loaded(), start("conv", "http_dev", "ana"), MessageReceived(NOW, claimed.event))
    rows = decided(step.effects, at=NOW, timezone="UTC")
    await store.conversations.commit_step(
        StepCommit(claimed.claim, ANA, step.snapshot, NOW, done=False, messages=rows.messages)
    )
    assert step.snapshot.waiting is not None
    return step.snapshot.waiting.call.id


async def test_after_a_kill_the_awaited_call_is_made_under_the_same_id_and_nothing_is_said_twice(
    store: StateStorePort,
) -> None:
    call_id = await begun_and_killed(store)
    async with open_desk(store) as desk:
        await desk.quiet()
        assert [call.idempotency_key for call in desk.calendar.calls] == [call_id]
        assert desk.channel.texts() == ["one moment", "booked appt-1"]
        assert (await store.counts()).inbox_dead == 0


async def test_a_message_redelivered_after_a_kill_starts_no_second_turn(store: StateStorePort) -> None:
    await begun_and_killed(store)
    async with open_desk(store) as desk:
        await desk.receive("m1", "book")
        await desk.quiet()
        assert len(desk.calendar.calls) == 1
        assert desk.channel.texts() == ["one moment", "booked appt-1"]


async def test_an_event_with_nothing_left_to_resume_is_closed_without_a_word(store: StateStorePort) -> None:
    await store.inbox.accept([tap("m1", "book")], NOW)
    claimed = await store.inbox.claim(ANA, "dead run", max_attempts=3, at=NOW)
    assert isinstance(claimed, ClaimedEvent)
    await store.conversations.commit_step(
        StepCommit(claimed.claim, ANA, start("conv", "http_dev", "ana"), NOW, done=False)
    )
    async with open_desk(store) as desk:
        await desk.quiet()
        assert (desk.channel.texts(), desk.calendar.calls) == ([], [])


async def test_a_new_release_takes_over_between_two_messages_and_the_old_connectors_are_closed(
    store: StateStorePort,
) -> None:
    shout: JSONObject = program({"MENU": state(text("NEW MENU"), fallback="MENU")})
    async with open_desk(store) as desk:
        await desk.receive("m1", "say_hola")
        await desk.quiet()
        await desk.core.swap_program(config({"calendar": BOOKED}, flow=shout, serial=2))
        await desk.receive("m2", "say_hola")
        await desk.quiet()
        assert desk.channel.texts() == ["said hola", MOVED, "NEW MENU"]
        assert (await desk.core.health()).serial == 2


async def test_what_was_accepted_before_the_core_ran_is_worked_on_at_its_start(store: StateStorePort) -> None:
    await store.inbox.accept([tap("m1", "say_hola")], NOW)
    async with open_desk(store) as desk:
        await desk.quiet()
        assert desk.channel.texts() == ["said hola"]


async def test_a_core_that_is_stopped_and_started_goes_on_with_the_same_conversation(store: StateStorePort) -> None:
    first_channel, second_channel = RecordingChannel(), RecordingChannel()
    async with open_desk(store, channel=first_channel) as desk:
        await desk.receive("m1", "say_hola")
        await desk.quiet()
        first = await store.conversations.load(ANA)
    assert (first_channel.texts(), first_channel.closed) == (["said hola"], True)
    async with open_desk(store, channel=second_channel) as desk:
        await desk.receive("m2", "say_adios")
        await desk.quiet()
        second = await store.conversations.load(ANA)
    assert second_channel.texts() == ["said adios"]
    assert first is not None
    assert second is not None
    assert (second.conversation_id, second.turn) == (first.conversation_id, 2)
