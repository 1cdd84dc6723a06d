"""What the authoring templates need beyond Django's own filters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flow_engine.vocabulary import JSON
from platform_admin.changes.step_title import step_title as title_of_step

register = template.Library()


@register.filter
def entry(mapping: Mapping[str, object], key: str) -> object:
    """The value under a key that is only known while the page is made."""
    return mapping.get(key)


@register.filter
def as_words(value: JSON) -> str:
    """A text as it is, a list with commas, nothing as a dash; anything else as JSON."""
    if value is None:
        return "—"
    if isinstance(value, list):
        return ", ".join(as_words(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_TOLD_APART: Final = 4
"""Characters of a channel's address."""

_CHANNELS: Final[Mapping[str, str | Promise]] = {
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "webchat": _("Website"),
    "http_dev": _("Test page"),
}

_ASKED: Final[Mapping[str, str | Promise]] = {
    "staff_reply": _("To send an answer"),
    "pause_contact": _("To be silent"),
    "resume_contact": _("To answer again"),
}
_STATES: Final[Mapping[str, str | Promise]] = {
    "queued": _("on its way"),
    "delivered": _("with the bot"),
    "done": _("done"),
    "failed": _("failed"),
    "refused": _("not possible"),
    "expired": _("came too late"),
}
_REFUSALS: Final[Mapping[str, str | Promise]] = {
    "unknown_contact": _("The bot does not know this customer any more."),
    "ambiguous_contact": _("The customer is known on several channels."),
    "window_closed": _("The customer wrote more than 24 hours ago: only a template may be sent."),
    "empty_text": _("There was nothing to say."),
    "too_long": _("It was too long for the channel."),
    "expired": _("The bot was not there in time."),
}
"""The words a runtime refuses with (docs/runtime-api.md), for people."""


@register.filter
def step_title(name: str, titles: Mapping[str, str] | None = None) -> str:
    """A step as its author calls it: as the map does, where ``titles`` are at hand."""
    return (titles or {}).get(name) or title_of_step(name)


@register.filter
def channel_words(channel: str) -> str:
    """Where a customer writes; the end of the number or name tells two of a kind apart."""
    kind, _colon, address = channel.partition(":")
    name = str(_CHANNELS.get(kind, kind))
    return f"{name} ···{address[-_TOLD_APART:]}" if address else name


@register.filter
def command_words(kind: str) -> str:
    """What was asked of the bot."""
    return str(_ASKED.get(kind, kind.replace("_", " ")))


@register.filter
def state_words(state: str) -> str:
    """What became of it."""
    return str(_STATES.get(state, state))


@register.filter
def refusal_words(detail: str) -> str:
    """``window_closed: …`` in the reader's language; anything else as it came."""
    word, colon, _rest = detail.partition(":")
    return str(_REFUSALS[word]) if colon and word in _REFUSALS else detail
