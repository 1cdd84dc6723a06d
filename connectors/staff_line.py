"""``StaffLine``: how a connector puts a message into the line of a person of the business, on a channel of the runtime.

Declared here and implemented by the runtime: the message is an ordinary one of its outbox, with that channel's rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StaffMessage:
    """``to`` is a number with its country code. ``key`` names the message: the same key again sends nothing.

    ``account`` is the id of the channel's account, empty for the only one. ``template`` is (name, language) of an
    approved template with one blank, used where free words may not be sent.
    """

    to: str
    text: str
    key: str
    account: str = ""
    template: tuple[str, str] | None = None


class StaffLine(Protocol):
    """What the runtime offers."""

    async def put(self, message: StaffMessage) -> None:
        """Durable when it returns. Raises ``RejectedError`` (no such channel) or ``UnavailableError``."""
        ...
