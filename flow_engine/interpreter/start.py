from __future__ import annotations

from flow_engine.conversation_state import ConversationState
from flow_engine.stored_conversation import FORMAT


def start(conversation_id: str, channel: str, contact_id: str) -> ConversationState:
    """The snapshot of a conversation in which nobody has said anything yet.

    ``conversation_id`` must be unique within the tenant: ids of effects begin with it. ``channel`` is the name of a
    capability profile.
    """
    return ConversationState(
        {
            "format": FORMAT,
            "conversation_id": conversation_id,
            "channel": channel,
            "contact_id": contact_id,
            "state": None,
            "data": {},
            "contact": {"id": contact_id, "name": None, "phone": None},
            "turn": 0,
            "next_effect": 0,
            "waiting": None,
            "question": None,
            "question_turn": 0,
            "last_message_id": None,
            "language": None,
            "history": [],
        }
    )
