"""Whether a person may still answer in words of her own: WhatsApp's customer service window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max

from platform_admin.observability.models import Turn
from platform_admin.tenants.models import Tenant

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
    return window_since(channel, next((turn.at for turn in turns if turn.heard), None), now=now)


def window_since(channel: str, heard: datetime | None, *, now: datetime) -> Window:
    """From when the customer last said something, ``None`` where that is not known."""
    if not channel.startswith(_WINDOWED):
        return Window(windowed=False, until=None, is_open=True)
    until = None if heard is None else heard + OPEN_FOR
    return Window(windowed=True, until=until, is_open=until is not None and now < until)


def last_heard(tenant: Tenant, contacts: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """When each contact last said something, by channel and contact; one query."""
    turns = Turn.objects.for_tenant(tenant).filter(contact__in=set(contacts)).exclude(heard="").order_by()
    rows = turns.values_list("channel", "contact").annotate(last=Max("at"))
    return {(channel, contact): at for channel, contact, at in rows}
