"""What the fake remembers: chats with their messages, open taps, faults to come, calls it took and refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.faults import Fault


@dataclass(slots=True)
class Message:
    """One message of a chat as it stands there now. ``method`` is how the bot sent it, ``None`` for the customer's."""

    chat_id: int
    number: int
    method: str | None
    parameters: dict[str, Any]

    @property
    def keyboard(self) -> list[dict[str, Any]]:
        """The inline buttons, flat."""
        rows = self.parameters.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]


@dataclass(slots=True)
class Memory:
    """Everything of one bot."""

    chats: dict[int, list[Message]] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    open_taps: set[str] = field(default_factory=set)
    answered_taps: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    _last: int = 0

    def next_number(self) -> int:
        self._last += 1
        return self._last

    def fault_for(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method in (None, method):
                self.faults.remove(fault)
                return fault
        return None

    def add(self, chat_id: int, method: str | None, parameters: dict[str, Any]) -> Message:
        message = Message(chat_id, self.next_number(), method, parameters)
        self.chats[chat_id].append(message)
        return message

    def find(self, chat_id: int, number: Any) -> Message | None:
        return next((message for message in self.chats.get(chat_id, []) if message.number == number), None)

    def said(self, chat_id: int) -> list[Message]:
        """What the bot sent to a chat, oldest first."""
        return [message for message in self.chats.get(chat_id, []) if message.method is not None]
