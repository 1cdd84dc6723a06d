"""Whether a person may still answer in words of her own: WhatsApp's customer service window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from platform_admin.observability.models import Turn

OPEN_FOR: Final = timedelta(hours=24)
"""After the customer's last message (Meta: "customer service window"). The runtime refuses what comes later."""

_WINDOWED: Final = "whatsapp"
"""The channels with such a window: their names begin so."""


@dataclass(frozen=True, slots=True)
class Window:
    """``until`` is ``None`` where there is no window, and while nobody has written."""

    windowed: bool
    until: datetime | None
    is_open: bool


def window_of(channel: str, turns: Iterable[Turn], *, now: datetime) -> Window:
    """From the newest turn in which the customer said something. ``turns`` come newest first."""
    if not channel.startswith(_WINDOWED):
        return Window(windowed=False, until=None, is_open=True)
    heard = next((turn.at for turn in turns if turn.heard), None)
    until = None if heard is None else heard + OPEN_FOR
    return Window(windowed=True, until=until, is_open=until is not None and now < until)
