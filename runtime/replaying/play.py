"""What a candidate would have said. Pure: (program, what was stored) → turns that are the same, and those that are not.

A conversation is followed up to its first difference: from there on the candidate is somewhere else, and the stored
messages answer questions that it did not ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from flow_engine.conversation_state import ConversationState
from flow_engine.effects import SendMessage
from flow_engine.interpreter import advance, start
from flow_engine.outputs.codec import encode_output
from flow_engine.program import Program
from flow_engine.vocabulary import JSON, JSONObject
from runtime.conversation.event_of import event_of
from runtime.effects.kept_answer import call_name, read_answer
from runtime.store.event_codec import decode_event
from runtime.telemetry.bubble import bubble

MOST_EXAMPLES = 20
MOST_CALLS = 50
"""Per turn; the loop guards of the engine end a turn long before."""


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """``event`` is an inbox row's (kind, JSON), ``answers`` what calls came back with, ``said`` the bubbles."""

    at: datetime
    event: tuple[str, str]
    answers: tuple[JSONObject, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """From its first turn on. ``profile`` is what outputs are shaped for."""

    conversation_id: str
    profile: str
    contact_id: str
    turns: tuple[StoredTurn, ...]


@dataclass(slots=True)
class Comparison:
    """``failed`` are turns the candidate could not be run through: a defect, whatever the flow says."""

    conversations: int = 0
    turns: int = 0
    same: int = 0
    different: int = 0
    failed: int = 0
    examples: list[JSONObject] = field(default_factory=list)

    def to_json(self) -> JSONObject:
        return {
            "conversations": self.conversations,
            "turns": self.turns,
            "same": self.same,
            "different": self.different,
            "failed": self.failed,
            "examples": list[JSON](self.examples),
        }


def play(program: Program, conversations: Iterator[StoredConversation]) -> Comparison:
    """Every conversation up to its first difference."""
    found = Comparison()
    for stored in conversations:
        found.conversations += 1
        _follow(program, stored, found)
    return found


def _follow(program: Program, stored: StoredConversation, found: Comparison) -> None:
    snapshot = start(stored.conversation_id, stored.profile, stored.contact_id)
    for turn in stored.turns:
        found.turns += 1
        state = snapshot.state
        try:
            snapshot, said = _turn(program, snapshot, turn)
        except Exception:  # noqa: BLE001 - a candidate that breaks is what this is here to find
            found.failed += 1
            return
        if said == turn.said:
            found.same += 1
            continue
        found.different += 1
        if len(found.examples) < MOST_EXAMPLES:
            before, after = list[JSON](turn.said), list[JSON](said)
            found.examples.append({"state": state, "before": before, "after": after})
        return


def _turn(program: Program, snapshot: ConversationState, turn: StoredTurn) -> tuple[ConversationState, tuple[str, ...]]:
    kept = list(turn.answers)
    said: list[str] = []
    step = advance(program, snapshot, event_of(decode_event(*turn.event), turn.at))
    for _ in range(MOST_CALLS):
        said += [bubble(encode_output(effect.output)) for effect in step.effects if isinstance(effect, SendMessage)]
        if step.snapshot.waiting is None:
            break
        call = step.snapshot.waiting.call
        answer = next((each for each in kept if each.get("call") == call_name(call)), None)
        if answer is not None:
            kept.remove(answer)
        step = advance(program, step.snapshot, read_answer(answer, call, turn.at))
    return step.snapshot, tuple(said)
