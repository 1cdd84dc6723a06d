from __future__ import annotations

from flow_engine.conversation_state import ConversationState


def start(conversation_id: str, channel: str, contact_id: str) -> ConversationState:
    """The snapshot of a conversation in which nobody has said anything yet.

    ``conversation_id`` must be unique within the tenant: ids of effects begin with it. ``channel`` is the name of a
    capability profile.
    """
    contact = {"id": contact_id, "name": None, "phone": None}
    return ConversationState(conversation_id, channel, contact_id, contact=contact)
