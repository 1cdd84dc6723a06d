"""What of a customer's last messages goes along with a question: words that were typed, nothing that was tapped."""

from __future__ import annotations

from collections.abc import Iterable

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import MessageType
from runtime.ports.inbox_store import DueTask


def earlier_texts(events: Iterable[InternalMessage | DueTask]) -> list[str]:
    """The texts among ``events``, in their order."""
    return [
        event.text
        for event in events
        if isinstance(event, InternalMessage) and event.type is MessageType.TEXT and event.text.strip()
    ]
