"""The turn through the whole core, over both stores."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.llm.port import TokenUsage
from connectors.llm.usage import MonthUse
from flow_engine.events import MessageReceived
from flow_engine.interpreter import advance, start
from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSONObject
from runtime.effects.decided import decided
from runtime.ports.conversation_store import StepCommit
from runtime.ports.inbox_store import ClaimedEvent, ContactKey
from runtime.ports.state_store import StateStorePort
from runtime.ports.telemetry_store import EntryKind
from runtime.store.in_memory import InMemoryStateStore
from runtime.store.sqlite import SQLiteStateStore
from tests.flow_engine.normalised import program, state, text
from tests.runtime.desk import BOOKED, BUSY, NOW, ORACLE, config, loaded, open_desk, tap
from tests.runtime.recording_channel import RecordingChannel

ANA = ContactKey("http_dev", "ana")
MOVED = "Hemos cambiado algo por aquí, así que empezamos de nuevo."


@pytest.fixture(params=["sqlite", "in_memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StateStorePort]:
    opened: StateStorePort
    opened = SQLiteStateStore(tmp_path / "state.db") if request.param == "sqlite" else InMemoryStateStore()
    await opened.open()
    yield opened
    await opened.close()


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


async def test_a_free_question_is_answered_charged_once_and_leaves_the_state_alone(store: StateStorePort) -> None:
    async with open_desk(store, config({"llm": ORACLE})) as desk:
        await desk.ask("m1", "hola")
        await desk.ask("m2", "¿abrís hoy?")
        await desk.quiet()
        snapshot = await store.conversations.load(ANA)
        assert snapshot is not None
        assert desk.channel.texts()[:2] == ["Menú", "Sí, hasta las 20."]
        assert snapshot.state == "MENU"
        assert desk.llm.asked == ["¿abrís hoy?"]
        assert await store.usage.month_use("2026-03") == MonthUse(TokenUsage(fresh_input=30), 0)


async def test_beyond_the_months_quota_nobody_is_asked_and_nothing_is_charged(store: StateStorePort) -> None:
    async with open_desk(store, config({"llm": ORACLE}, quota=30)) as desk:
        for number, words in enumerate(("hola", "¿abrís hoy?", "¿abrís hoy?")):
            await desk.ask(f"m{number}", words)
        await desk.quiet()
        assert desk.llm.asked == ["¿abrís hoy?"]
        assert desk.channel.texts().count("Sí, hasta las 20.") == 1
        assert await store.usage.month_use("2026-03") == MonthUse(TokenUsage(fresh_input=30), 0)


async def test_two_customers_who_ask_together_do_not_pass_the_quota(store: StateStorePort) -> None:
    async with open_desk(store, config({"llm": ORACLE}, quota=1)) as desk:
        for contact in ("ana", "bruno"):
            await desk.ask(f"{contact}-1", "hola", contact)
        await desk.quiet()
        await asyncio.gather(*(desk.ask(f"{contact}-2", "¿abrís hoy?", contact) for contact in ("ana", "bruno")))
        await desk.quiet()
        assert desk.llm.asked == ["¿abrís hoy?"]
        assert await store.usage.month_use("2026-03") == MonthUse(TokenUsage(fresh_input=30), 0)


async def test_what_the_month_costs_is_announced_at_its_marks(
    store: StateStorePort, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_desk(store, config({"llm": ORACLE}, quota=60)) as desk:
        await desk.ask("m0", "hola")
        for number in range(1, 4):
            await desk.ask(f"m{number}", "¿abrís hoy?")
        await desk.quiet()
    told = [record.getMessage() for record in caplog.records if "llm_quota" in record.getMessage()]
    assert told == [
        "llm_quota mark=50% used=30 quota=60",
        "llm_quota mark=80% used=60 quota=60",
        "llm_quota mark=100% used=60 quota=60",
    ]


async def test_a_new_month_in_the_tenants_zone_has_a_new_quota(store: StateStorePort) -> None:
    async with open_desk(store, config({"llm": ORACLE}, quota=30)) as desk:
        await desk.ask("m1", "hola")
        await desk.ask("m2", "¿abrís hoy?")
        await desk.quiet()
        # 22:30 UTC on 31 March is already April in Madrid.
        desk.clock.advance((NOW.replace(day=31, hour=22) - desk.clock.now()).total_seconds())
        await desk.ask("m3", "¿abrís hoy?")
        await desk.quiet()
        assert desk.llm.asked == ["¿abrís hoy?"] * 2
        assert await store.usage.month_use("2026-04") == MonthUse(TokenUsage(fresh_input=30), 0)


async def test_one_customer_asks_so_often_a_day_and_another_still_may(store: StateStorePort) -> None:
    twice = replace(config({"llm": ORACLE}), questions_per_contact_per_day=2)
    async with open_desk(store, twice) as desk:
        for number, words in enumerate(("hola", *["¿abrís hoy?"] * 4)):
            await desk.ask(f"m{number}", words)
        await desk.ask("b1", "hola", "bruno")
        await desk.ask("b2", "¿abrís hoy?", "bruno")
        await desk.quiet()
        assert desk.llm.asked == ["¿abrís hoy?"] * 3
        assert desk.channel.texts().count("Sí, hasta las 20.") == 3
        desk.clock.advance(24 * 3600)
        await desk.ask("m9", "¿abrís hoy?")
        await desk.quiet()
        assert len(desk.llm.asked) == 4


@pytest.mark.parametrize("wanted", [True, False])
async def test_where_nobody_can_be_asked_the_document_is_quoted_if_the_tenant_wants_that(
    store: StateStorePort, wanted: bool
) -> None:
    known = replace(
        config({"llm": ORACLE}, quota=0),
        knowledge_markdown="# Casa\n\n## Parking\n\nHay un parking público en la plaza.",
        keyword_answers=wanted,
    )
    async with open_desk(store, known) as desk:
        await desk.ask("m1", "hola")
        await desk.ask("m2", "¿tenéis parking?")
        await desk.ask("m3", "¿vendéis coches?")
        await desk.quiet()
        assert desk.llm.asked == []
        assert ("Hay un parking público en la plaza." in desk.channel.texts()) is wanted
        assert len(desk.channel.texts()) >= 3


async def test_the_customers_own_last_words_go_along_with_a_question(store: StateStorePort) -> None:
    async with open_desk(store, config({"llm": ORACLE})) as desk:
        await desk.ask("m1", "hola")
        await desk.ask("m2", "¿abrís hoy?")
        await desk.ask("b1", "nada que ver", "bruno")
        desk.clock.advance(60)
        await desk.ask("m3", "¿y el sábado?")
        await desk.quiet()
        desk.clock.advance(3600)
        await desk.ask("m4", "¿y mañana?")
        await desk.quiet()
        assert desk.llm.contexts == [("hola",), ("hola", "¿abrís hoy?"), ()]


async def test_the_marks_of_the_month_are_told_once_to_the_control_plane(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    async with open_desk(store, config({"llm": ORACLE}, quota=60)) as desk:
        await desk.ask("m0", "hola")
        for number in range(1, 5):
            await desk.ask(f"m{number}", "¿abrís hoy?")
        await desk.quiet()
        bound = await store.telemetry.bind("r1", most_turns=50, most_entries=50)
    notices = [(entry["id"], entry["kind"], entry["detail"]) for entry in bound.entries[EntryKind.NOTICE]]
    assert notices == [
        ("llm_quota:2026-03:50", "llm_quota", "50 % of the tokens of 2026-03 are used: 30 of 60."),
        ("llm_quota:2026-03:80", "llm_quota", "80 % of the tokens of 2026-03 are used: 60 of 60."),
        ("llm_quota:2026-03:100", "llm_quota", "100 % of the tokens of 2026-03 are used: 60 of 60."),
    ]


async def test_without_an_answer_engine_a_free_question_gets_the_safe_sentence(store: StateStorePort) -> None:
    async with open_desk(store, config({})) as desk:
        await desk.ask("m1", "hola")
        await desk.ask("m2", "¿abrís hoy?")
        await desk.quiet()
        assert desk.channel.texts()[0] == "Menú"
        assert len(desk.channel.texts()) >= 2
        assert (await store.counts()).inbox_dead == 0


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
