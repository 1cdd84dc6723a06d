"""Loop guards end in the sentence for technical problems, never in an exception or a flood."""

from __future__ import annotations

from flow_engine import limits
from flow_engine.effects import SendMessage
from flow_engine.outputs.output import Text
from flow_engine.trace import LimitReached
from flow_engine.vocabulary import FailureKind, JSONObject
from tests.flow_engine.normalised import invoke, program, state, text
from tests.flow_engine.world import World, talk

PROBLEM = Text("Something went wrong on our side. Please try again in a moment.")


def test_a_flood_of_messages_is_cut_off_with_the_sentence() -> None:
    chat = talk(program({"A": state(*[text(str(number)) for number in range(50)])}))
    replies = chat.say("hello")
    assert replies == (*(Text(str(number)) for number in range(limits.MAX_MESSAGES_PER_STEP)), PROBLEM)
    assert chat.trace[-1] == LimitReached("MAX_MESSAGES_PER_STEP")
    assert chat.state == "A"


def test_a_chain_of_failing_states_is_cut_off_across_calls() -> None:
    names = [f"S{number}" for number in range(limits.MAX_STATES_PER_TURN + 5)]
    states: dict[str, JSONObject] = {
        name: state(invoke("shop", "op"), fallback=following)
        for name, following in zip(names, [*names[1:], names[0]], strict=True)
    }
    world = World({"op": FailureKind.UNAVAILABLE})
    chat = talk(program(states), world)
    chat.say("hello")
    assert [entry.limit for entry in chat.trace if isinstance(entry, LimitReached)] == [
        "MAX_STATES_PER_TURN",  # ends in the fallback, which fails as well
        "MAX_EFFECTS_PER_TURN",  # and uses up what a fallback may
    ]
    assert len(world.calls) == limits.MAX_STATES_PER_TURN + 2
    assert chat.snapshot.waiting is None
    assert chat.replies[-1] == PROBLEM


def test_calls_without_end_are_cut_off() -> None:
    calls = [invoke("shop", "op") for _ in range(50)]
    world = World()
    chat = talk(program({"A": state(*calls)}), world)
    chat.say("hello")
    assert len(world.calls) == limits.MAX_EFFECTS_PER_TURN
    assert chat.replies == (PROBLEM,)
    assert chat.effects[-1] == SendMessage(f"whatsapp:ana:1:{limits.MAX_EFFECTS_PER_TURN}", PROBLEM)


def test_a_flood_in_a_task_is_cut_off_without_a_word() -> None:
    flow = program({"A": state()}, tasks={"flood": [text(str(number)) for number in range(50)]})
    chat = talk(flow)
    assert chat.run_task("flood") == tuple(Text(str(number)) for number in range(limits.MAX_MESSAGES_PER_STEP))
    assert chat.trace[-1] == LimitReached("MAX_MESSAGES_PER_STEP")


def test_the_next_turn_is_free_of_the_last_ones_guard() -> None:
    chat = talk(program({"A": state(*[text(str(number)) for number in range(50)])}))
    chat.say("hello")
    assert len(chat.say("again")) == limits.MAX_MESSAGES_PER_STEP + 1
