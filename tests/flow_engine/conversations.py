"""Snapshots by the fields they show, for tests that need one which no conversation led to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from flow_engine.conversation_state import ConversationState
from flow_engine.interpreter import start
from flow_engine.position_codec import encode_call_frame, encode_interruption, encode_waiting
from flow_engine.question_codec import encode_question
from flow_engine.stored_conversation import StoredConversation

_ENCODERS: Final[Mapping[str, Callable[[Any], object]]] = {
    "waiting": encode_waiting,
    "question": encode_question,
    "doubt": encode_question,
    "history": list,
    "calls": lambda calls: [encode_call_frame(frame) for frame in calls],
    "interrupted": encode_interruption,
    "last_at": lambda at: at.isoformat(),
}


def conversation(conversation_id: str, channel: str, contact_id: str, **fields: object) -> ConversationState:
    """A conversation at rest, with the given fields of ``ConversationState`` and nothing else in it."""
    stored: dict[str, object] = {**start(conversation_id, channel, contact_id).json, "contact": {}}
    for name, value in fields.items():
        if value or name in stored:
            stored[name] = _ENCODERS[name](value) if name in _ENCODERS and value is not None else value
    return ConversationState(cast("StoredConversation", stored))
