"""What every peer is asked to do, and the proof that it does the same as the engine."""

from __future__ import annotations

from typing import Protocol, cast

from bench.conversations.recording import Recording
from bench.peers.conversation import Conversation, Flow
from flow_engine.effect_codec import encode_effect
from flow_engine.effects import Effect, SendMessage
from flow_engine.events import Event
from flow_engine.outputs.stamp import without_stamps
from flow_engine.vocabulary import JSON, JSONObject


class Peer(Protocol):
    name: str

    @property
    def flow(self) -> Flow: ...

    def step(self, stored: bytes, event: Event) -> tuple[Conversation, bytes]:
        """One event, from the stored JSON of a conversation to the new one."""
        ...


def book(peer: Peer, recording: Recording) -> list[JSONObject]:
    """The recorded booking by ``peer``; what it led to."""
    stored = peer.flow.first()
    effects: list[JSONObject] = []
    for event in recording.events:
        conversation, stored = peer.step(stored, event)
        effects += conversation.effects
    if conversation.state != recording.last_state:
        raise AssertionError(f"{peer.name} ended in {conversation.state}")
    return effects


def check_replies(peer: Peer, recording: Recording) -> None:
    """A peer that says or does anything else than the engine is not compared with it."""
    ours = [_outline(encode_effect(_bare(effect))) for effect in recording.effects]
    theirs = [_outline(effect) for effect in book(peer, recording)]
    if ours != theirs:
        raise AssertionError(f"{peer.name} does not do the same:\n{ours}\n{theirs}")


def _bare(effect: Effect) -> Effect:
    """The peers stamp no ids."""
    return SendMessage(effect.id, without_stamps(effect.output)) if isinstance(effect, SendMessage) else effect


def _outline(effect: JSONObject) -> JSONObject:
    """What matters to the customer: texts, options, calls and plans, and none of the engine's own keys."""
    match effect:
        case {"kind": "send_message", "output": dict(output)}:
            rows = output.get("buttons") or output.get("rows") or _rows(output)
            options = [[row["id"], row["title"]] for row in cast("list[JSONObject]", rows)]
            return {"body": output["body"], "button": output.get("button"), "options": cast(JSON, options)}
        case _:
            own = {"id", "run_at", "cron", "interval_seconds", "grace_seconds", "data"}
            return {name: value for name, value in effect.items() if name not in own}


def _rows(output: JSONObject) -> list[JSON]:
    sections = cast("list[dict[str, list[JSON]]]", output.get("sections") or [])
    return [row for section in sections for row in section["rows"]]
