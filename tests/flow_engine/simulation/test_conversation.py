"""The in-memory driver itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flow_engine.effects import CallConnector, SendMessage
from flow_engine.events import ConnectorReplied, TaskDue
from flow_engine.outputs.output import Option, Text
from flow_engine.outputs.stamp import without_stamps
from flow_engine.simulation import Conversation, Said
from flow_engine.trace import encode_trace
from flow_engine.vocabulary import MessageType
from tests.flow_engine.hairdresser import CALENDAR, HAIRDRESSER
from tests.flow_engine.normalised import program, state, text
from tests.flow_engine.world import MONDAY, World, load, talk


def test_the_whole_chat_is_kept_with_the_titles_that_were_tapped() -> None:
    chat = talk(HAIRDRESSER, World(CALENDAR))
    menu = chat.say("hello")[0]
    options = chat.tap("menu_book")[0]
    assert [replace(said, output=without_stamps(said.output)) for said in chat.said] == [
        Said("customer", Text("hello")),
        Said("bot", menu),
        Said("customer", Text("Book")),
        Said("bot", options),
    ]
    assert chat.options == (Option("service_cut", "Haircut"), Option("service_dye", "Colour"))


def test_every_effect_is_performed_once_and_in_order() -> None:
    world = World(CALENDAR)
    performed: list[str] = []

    def perform(effect: object) -> ConnectorReplied | None:
        assert isinstance(effect, SendMessage | CallConnector)
        performed.append(effect.id)
        answer = world.perform(effect)
        assert answer is None or isinstance(answer, ConnectorReplied)
        return answer

    chat = Conversation(load(HAIRDRESSER), perform, MONDAY, channel="whatsapp", contact_id="ana")
    for payload in ("hello", "menu_book", "service_cut"):
        chat.tap(payload)
    assert performed == ["whatsapp:ana:1:0", "whatsapp:ana:2:0", "whatsapp:ana:3:0", "whatsapp:ana:3:1"]


def test_time_moves_only_by_waiting() -> None:
    chat = talk(program({"A": state(text("{{data.now}}"), fallback="A")}))
    assert chat.say("?") == (Text("2026-03-02T10:30:00+01:00"),)
    assert chat.say("?") == (Text("2026-03-02T10:30:00+01:00"),)
    chat.wait(timedelta(hours=2))
    assert chat.say("?") == (Text("2026-03-02T12:30:00+01:00"),)


def test_messages_of_any_type_can_be_sent() -> None:
    chat = talk(program({"A": state(text("a"), fallback="A")}))
    assert chat.receive(MessageType.LOCATION, content={"latitude": 40.4}) == (Text("a"),)


def test_a_world_that_never_stops_answering_is_stopped() -> None:
    world = World(CALENDAR)
    chat = Conversation(
        load(HAIRDRESSER), lambda effect: world.perform(effect) or TaskDue(MONDAY, "reminder", ""), MONDAY
    )
    with pytest.raises(RuntimeError, match="never stops"):
        chat.say("hello")


def test_a_trace_entry_is_told_as_json() -> None:
    chat = talk(HAIRDRESSER)
    chat.say("hello")
    assert [encode_trace(entry) for entry in chat.trace] == [
        {"kind": "transitions_tried", "state": None, "verdicts": ["other_payload"]},
        {"kind": "state_entered", "state": "MENU", "because": "start"},
        {"kind": "action_run", "name": "MENU", "index": 0, "action": "send_interactive_buttons"},
    ]


@pytest.mark.parametrize("channel", ["whatsapp", "http_dev", "sms"])
def test_every_degradation_is_in_the_trace(channel: str) -> None:
    chat = talk(HAIRDRESSER, World(CALENDAR), channel=channel)
    chat.say("hello")
    changes = [encode_trace(entry) for entry in chat.trace if type(entry).__name__ == "OutputDegraded"]
    expected = {"kind": "output_degraded", "effect_index": 0, "changes": [{"kind": "to_numbered_text", "subject": ""}]}
    assert changes == ([expected] if channel == "sms" else [])
