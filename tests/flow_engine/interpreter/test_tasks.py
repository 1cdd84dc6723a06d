"""Scheduling, cancelling and running tasks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flow_engine.effects import CancelTask, ScheduleTask
from flow_engine.events import ConnectorReplied
from flow_engine.outputs.output import Text
from flow_engine.position import Frame
from flow_engine.simulation import Conversation
from flow_engine.trace import ScheduleRefused, TaskUnknown, WaitCancelled
from flow_engine.vocabulary import JSON, FailureKind, JSONObject
from tests.flow_engine.normalised import (
    buttons,
    cancel,
    dynamic_options,
    invoke,
    program,
    schedule,
    state,
    text,
    transition,
)
from tests.flow_engine.spoken import spoken
from tests.flow_engine.world import MONDAY, World, load, talk


def scheduling(**when: JSON) -> JSONObject:
    """Schedules under the key ``k:<data.key>`` when somebody taps ``set_<key>``."""
    return program(
        {
            "START": state(
                text("start"), transitions=[transition("SET", on_payload_prefix="set_", extract_suffix_as="v")]
            ),
            "SET": state(schedule("remind", "k:{{data.v}}", **when), text("done")),  # type: ignore[arg-type]  # a table of cases
        },
        tasks={"remind": [text("Do not forget {{data.v}}.")]},
    )


TIMES = [
    ("a date and time without offset is the tenant's", "2026-07-01T10:00", datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
    ("in winter too", "2026-12-01 10:00:30", datetime(2026, 12, 1, 9, 0, 30, tzinfo=UTC)),
    ("an offset is kept", "2026-07-01T10:00:00-05:00", datetime(2026, 7, 1, 15, 0, tzinfo=UTC)),
    ("UTC", "2026-07-01T10:00:00Z", datetime(2026, 7, 1, 10, 0, tzinfo=UTC)),
    ("a date alone is its midnight", "2026-07-01", datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
    ("an hour that the clocks skip", "2026-03-29T02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ("a time that is past is the driver's to judge", "2020-01-01", datetime(2019, 12, 31, 23, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("run_at", "moment"), [case[1:] for case in TIMES], ids=[case[0] for case in TIMES])
def test_a_task_is_scheduled_for_a_moment(run_at: str, moment: datetime) -> None:
    chat = talk(scheduling(run_at=run_at))
    chat.say("hello")
    chat.tap("set_1")
    assert chat.effects[0] == ScheduleTask(
        id="whatsapp:ana:2:0", task="remind", idempotency_key="k:1", run_at=moment, data={"v": "1"}
    )


@pytest.mark.parametrize(
    "run_at", ["", "tomorrow", "{{data.missing}}", "2026-13-01", "0001-01-01T00:00+05:00", "9999-12-31T23:59-12:00"]
)
def test_a_moment_that_is_none_schedules_nothing_and_is_in_the_trace(run_at: str) -> None:
    chat = talk(scheduling(run_at=run_at))
    chat.say("hello")
    assert chat.tap("set_1") == (Text("done"),)
    assert [type(effect).__name__ for effect in chat.effects] == ["SendMessage"]
    assert ScheduleRefused("remind", "run_at") in chat.trace


def test_a_task_is_scheduled_again_and_again() -> None:
    chat = talk(scheduling(cron="0 9 * * 1"))
    chat.say("hello")
    chat.tap("set_1")
    effect = chat.effects[0]
    assert isinstance(effect, ScheduleTask)
    assert (effect.run_at, effect.cron, effect.interval_seconds) == (None, "0 9 * * 1", None)


def test_an_empty_key_schedules_and_cancels_nothing() -> None:
    flow = program(
        {"A": state(schedule("t", "{{data.none}}", interval_seconds=60), cancel(" {{data.none}} "))}, tasks={"t": []}
    )
    chat = talk(flow)
    chat.say("hello")
    assert chat.effects == ()
    assert chat.trace[2:5:2] == (ScheduleRefused("t", "idempotency_key"), ScheduleRefused("", "idempotency_key"))


def test_a_task_is_cancelled_by_its_key() -> None:
    chat = talk(program({"A": state(cancel("k:{{contact.id}}"))}))
    chat.say("hello")
    assert chat.effects == (CancelTask("whatsapp:ana:1:0", "k:ana"),)


TASK_FLOW: JSONObject = program(
    {
        "START": state(buttons("Go?", ("x", "Go")), transitions=[transition("END", on_payload="x", set_data={"v": 1})]),
        "END": state(text("end")),
    },
    tasks={
        "remind": [
            text("{{data.v}}"),
            invoke("shop", "op", result_key="found", v="{{data.v}}"),
            text("{{data.v}} {{data.found}}"),
            buttons("Coming?", ("yes", "Yes")),
        ],
        "offer": [dynamic_options("none", "Which?", empty_text="nothing"), text("never said")],
    },
)


def test_a_task_works_on_its_own_data_and_leaves_the_conversation_alone() -> None:
    world = World({"op": "found"})
    chat = talk(TASK_FLOW, world)
    chat.say("hello")
    before = chat.snapshot
    replies = chat.run_task("remind", data={"v": "then"})
    assert [spoken(output) for output in replies] == ["then", "then found", "Coming?"]
    assert world.calls[0].params == {"v": "then"}
    assert (chat.state, chat.data, chat.snapshot.question) == (before.state, before.data, before.question)
    assert chat.snapshot.turn == before.turn + 1
    assert [effect.id for effect in chat.effects] == [f"whatsapp:ana:2:{index}" for index in range(4)]


def test_a_task_runs_before_the_customer_has_ever_written() -> None:
    chat = talk(TASK_FLOW, World({"op": 1}))
    assert chat.run_task("remind", data={"v": 1})[0] == Text("1")
    assert chat.state is None


def test_a_call_that_fails_in_a_task_ends_it_without_a_word() -> None:
    chat = talk(TASK_FLOW, World({"op": FailureKind.TIMEOUT}))
    assert chat.run_task("remind", data={"v": 1}) == (Text("1"),)
    assert chat.snapshot.waiting is None


def test_a_task_with_nothing_to_offer_ends_with_its_empty_text() -> None:
    chat = talk(TASK_FLOW)
    assert chat.run_task("offer") == (Text("nothing"),)
    assert chat.state is None


def test_a_task_that_a_new_version_no_longer_has_does_nothing() -> None:
    chat = talk(TASK_FLOW)
    assert chat.run_task("gone") == ()
    assert chat.effects == ()
    assert chat.trace == (TaskUnknown("gone"),)


def test_a_task_that_waits_keeps_its_own_data_and_nothing_computed() -> None:
    chat = Conversation(load(TASK_FLOW), lambda _effect: None, MONDAY, channel="whatsapp", contact_id="ana")
    chat.run_task("remind", data={"v": "then"})
    waiting = chat.snapshot.waiting
    assert waiting is not None
    assert waiting.frame == Frame("task", "remind", 2, "found", {"v": "then"})


def test_a_due_task_does_not_end_the_waiting_of_the_conversation() -> None:
    flow = program(
        {"A": state(invoke("shop", "op", result_key="found"), text("{{data.found}}"))},
        tasks={"flood": [text(str(number)) for number in range(50)]},
    )
    chat = Conversation(load(flow), lambda _effect: None, MONDAY, channel="whatsapp", contact_id="ana")
    chat.say("hello")
    chat.run_task("flood")
    assert chat.feed(ConnectorReplied(MONDAY, "whatsapp:ana:1:0", "answer")) == (Text("answer"),)


def test_a_task_that_calls_while_the_conversation_waits_takes_the_one_wait_there_is() -> None:
    chat = Conversation(
        load(program({"A": state(invoke("shop", "op"))}, tasks={"t": [invoke("shop", "op")]})),
        lambda _effect: None,
        MONDAY,
        channel="whatsapp",
        contact_id="ana",
    )
    chat.say("hello")
    chat.run_task("t")
    assert WaitCancelled("whatsapp:ana:1:0") in chat.trace
    assert chat.snapshot.waiting is not None
    assert chat.snapshot.waiting.call.id == "whatsapp:ana:2:0"
