"""A Telegram message's id as ours: ``<chat>:<number>``. Numbers are unique within a chat only."""

from __future__ import annotations

import re
from typing import Final

_SHAPE: Final = re.compile(r"-?\d{1,20}:(\d{1,18})", re.ASCII)


def message_id_of(chat_id: str, number: str) -> str:
    return f"{chat_id}:{number}"


def message_number(message_id: str) -> int | None:
    """The number within its chat; ``None`` for what is no message (a tap, an id of another channel)."""
    found = _SHAPE.fullmatch(message_id)
    return int(found[1]) if found else None
