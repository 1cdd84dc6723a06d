"""Conversations with the engine, recorded once and played as often as a measurement wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flow_engine.conversation_codec import decode_state, encode_state
from flow_engine.effect_codec import encode_effect
from flow_engine.effects import CallConnector, Effect, SendMessage
from flow_engine.events import ConnectorReplied, Event, MessageReceived
from flow_engine.interpreter import advance, start
from flow_engine.messages import InternalMessage
from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import Buttons
from flow_engine.outputs.stamp import split_stamp
from flow_engine.program import Program
from flow_engine.vocabulary import JSON, MessageType
from runtime.store.json_bytes import from_bytes, to_bytes

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CONTACT = "customer"
NAME = "Ana"


@dataclass(frozen=True, slots=True)
class Recording:
    """``events`` from the first snapshot, as JSON, to ``last_state``; ``effects`` are all that they led to."""

    program: Program
    first: bytes
    events: tuple[Event, ...]
    effects: tuple[Effect, ...]
    last_state: str

    def play(self) -> None:
        """As the runtime does it: from the text of a snapshot to that of the next, and of the effects."""
        stored, program = self.first, self.program
        for event in self.events:
            step = advance(program, decode_state(from_bytes(stored)), event)
            stored = to_bytes(encode_state(step.snapshot))
            for effect in step.effects:
                to_bytes(encode_effect(effect))
        if step.snapshot.state != self.last_state:
            raise AssertionError(f"the conversation ended in {step.snapshot.state}")


class Recorder:
    """A customer. ``answers`` are what connectors return, by operation."""

    def __init__(self, program: Program, answers: Mapping[str, JSON]) -> None:
        self._program = program
        self._answers = answers
        self._snapshot = start("whatsapp:1", "whatsapp", CONTACT)
        self._first = to_bytes(encode_state(self._snapshot))
        self._sent: dict[str, tuple[str, str, MessageType]] = {}
        self._events: list[Event] = []
        self._effects: list[Effect] = []

    def type(self, text: str) -> None:
        self._hear(InternalMessage("m", CONTACT, MessageType.TEXT, NOW, text, contact_name=NAME))

    def tap(self, option_id: str) -> None:
        """Tap the option that was sent last under ``option_id``: its id comes back with its stamp."""
        sent_id, title, kind = self._sent[option_id]
        self._hear(InternalMessage("m", CONTACT, kind, NOW, title, sent_id, contact_name=NAME))

    def recording(self, last_state: str) -> Recording:
        if self._snapshot.state != last_state:
            raise AssertionError(f"the conversation ended in {self._snapshot.state}")
        return Recording(self._program, self._first, tuple(self._events), tuple(self._effects), last_state)

    def _hear(self, message: InternalMessage) -> None:
        event: Event | None = MessageReceived(NOW, message)
        while event is not None:
            step = advance(self._program, self._snapshot, event)
            self._snapshot = step.snapshot
            self._events.append(event)
            self._effects += step.effects
            for effect in step.effects:
                self._see(effect)
            call = None if step.snapshot.waiting is None else step.snapshot.waiting.call
            event = None
            if isinstance(call, CallConnector):
                event = ConnectorReplied(NOW, call.id, self._answers[call.operation])

    def _see(self, effect: Effect) -> None:
        if isinstance(effect, SendMessage):
            kind = MessageType.BUTTON if isinstance(effect.output, Buttons) else MessageType.LIST
            for option in options_of(effect.output):
                self._sent[split_stamp(option.id)[0]] = (option.id, option.title, kind)
