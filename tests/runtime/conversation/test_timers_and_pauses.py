"""Timers, hand-offs and outcomes through the whole core, over both stores."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from runtime.ports.inbox_store import ContactKey
from runtime.ports.state_store import StateStorePort
from tests.flow_engine.normalised import program, state, text, transition
from tests.runtime.desk import NOW, config, open_desk

ANA = ContactKey("http_dev", "ana")
HALF_AN_HOUR_S = 1800
TWO_HOURS_S = 7200

RECORD: JSONObject = {"action": "record", "outcome": "asked", "value": {"party": 9}}
HAND_OFF: JSONObject = {"action": "hand_off", "reason": "large party", "text": "one moment", "resume": {"after": 3600}}
FLOW = program(
    {
        "ASK": state(text("how many?"))
        | {"timeout": {"after": HALF_AN_HOUR_S, "at": None, "target": "LATE", "set_data": {}}},
        "LATE": state(text("still there?")),
        "PERSON": state(RECORD, HAND_OFF, fallback="LATE"),
    },
    global_transitions=[transition("PERSON", on_payload="person"), transition("LATE", on_payload="late")],
)


async def test_a_timeout_is_one_row_that_every_answer_puts_off(store: StateStorePort) -> None:
    async with open_desk(store, config(flow=FLOW)) as desk:
        await desk.receive("m1", "hello")
        await desk.quiet()
        desk.clock.advance(HALF_AN_HOUR_S - 1)
        await desk.receive("m2", "what?")
        await desk.quiet()
        assert (await store.counts()).tasks_scheduled == 1
        desk.clock.advance(HALF_AN_HOUR_S - 1)
        assert (await desk.core.task_executor.fire()).fired == 0
        desk.clock.advance(1)
        assert (await desk.core.task_executor.fire()).fired == 1
        await desk.quiet()
        assert desk.channel.texts() == ["how many?", "how many?", "still there?"]
        assert (await store.counts()).tasks_scheduled == 0


async def test_leaving_the_state_takes_its_timeout_away(store: StateStorePort) -> None:
    async with open_desk(store, config(flow=FLOW)) as desk:
        await desk.receive("m1", "hello")
        await desk.receive("m2", "late")
        await desk.quiet()
        desk.clock.advance(TWO_HOURS_S)
        assert (await desk.core.task_executor.fire()).fired == 0
        assert desk.channel.texts() == ["how many?", "still there?"]


async def test_a_hand_off_is_kept_silences_the_bot_and_ends_by_itself_however_late(store: StateStorePort) -> None:
    async with open_desk(store, config(flow=FLOW)) as desk:
        await desk.receive("m1", "person")
        await desk.receive("m2", "are you there?")
        await desk.quiet()
        assert desk.channel.texts() == ["one moment"]
        assert [(kept.kind, kept.name, kept.value) for kept in await store.conversations.outcomes(ANA)] == [
            ("outcome", "asked", {"party": 9}),
            ("hand_off", "large party", 3600),
        ]
        desk.clock.advance(TWO_HOURS_S)  # an hour too late for any other task
        assert (await desk.core.task_executor.fire()).fired == 1
        await desk.quiet()
        assert desk.channel.texts() == ["one moment"]
        await desk.receive("m3", "hello")
        await desk.quiet()
        assert desk.channel.texts() == ["one moment", "still there?"]


async def test_outcomes_belong_to_their_contact(store: StateStorePort) -> None:
    async with open_desk(store, config(flow=FLOW)) as desk:
        await desk.receive("m1", "person", "bruno")
        await desk.quiet()
        assert await store.conversations.outcomes(ANA) == []
        assert len(await store.conversations.outcomes(ContactKey("http_dev", "bruno"))) == 2


async def test_an_operator_gives_a_paused_contact_back_to_the_bot_once(store: StateStorePort) -> None:
    async with open_desk(store, config(flow=FLOW)) as desk:
        await desk.receive("m1", "person")
        await desk.receive("m2", "are you there?")
        await desk.quiet()
        assert await desk.core.resume_contact("http_dev", "ana", command_id="c1", issued_at=NOW)
        await desk.quiet()
        assert (desk.channel.texts(), (await store.counts()).tasks_scheduled) == (["one moment"], 0)
        await desk.receive("m3", "person")
        await desk.quiet()
        assert await desk.core.resume_contact("http_dev", "ana", command_id="c1", issued_at=NOW)
        await desk.receive("m4", "hello?")
        await desk.quiet()
        assert desk.channel.texts() == ["one moment", "one moment"]


async def test_nobody_is_resumed_who_never_wrote(store: StateStorePort) -> None:
    async with open_desk(store, config(flow=FLOW)) as desk:
        assert not await desk.core.resume_contact("http_dev", "ghost", command_id="c1", issued_at=NOW)
        assert (
            await store.conversations.load(ContactKey("http_dev", "ghost")),
            await store.inbox.contacts_waiting(),
        ) == (
            None,
            [],
        )
