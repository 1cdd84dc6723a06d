"""Short texts that follow each other: which ones are held back to become one turn, and what they become.

Whoever writes "hello", "I'd like", "a haircut" in three messages wants one answer. Only free texts are held; a tap is
answered at once and ends the wait of the texts before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import MessageType
from runtime.wish import WISH

SHORT_TEXT_CHARS: Final = 200
"""Three lines on a phone. Whoever writes more in one message has said it."""

LONGEST_WAIT_WINDOWS: Final = 4
"""Times the window, counted from the first text: somebody who never pauses is answered too."""


@dataclass(frozen=True, slots=True)
class BurstWindow:
    """How long a text waits for the next one, and the longest that the first may wait."""

    window: timedelta

    @property
    def longest(self) -> timedelta:
        return self.window * LONGEST_WAIT_WINDOWS


def may_be_joined(message: InternalMessage) -> bool:
    """Whether this is a short free text that came in time."""
    return (
        message.type is MessageType.TEXT
        and message.payload is None
        and not message.late
        and WISH not in message.content
        and 0 < len(message.text) <= SHORT_TEXT_CHARS
    )


def joined(messages: Sequence[InternalMessage]) -> InternalMessage:
    """One message of all texts, a line each, under the first one's id and the last one's time."""
    first, last = messages[0], messages[-1]
    return replace(last, id=first.id, text="\n".join(message.text for message in messages))
