"""``PhoneScript``: what was done on the phone, in order.

As JSON::

    {"now": "2026-11-26T17:05", "channel": "whatsapp", "contact": {"name": "Ana"},
     "moves": [{"do": "say", "text": "hola"}, {"do": "tap", "payload": "menu_book"}, {"do": "wait", "minutes": 120},
               {"do": "fault", "connector": "calendar", "kind": "unavailable"}]}
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictInt, ValidationError

from flow_engine.vocabulary import JSON, FailureKind, MessageType

MAX_MOVES = 400
"""A chat that is played anew at every tap; longer ones are started over."""

MAX_WAIT_MINUTES = 60 * 24 * 60
"""Two months: further ahead than any reminder of a small business."""

MAX_TEXT = 4096
"""WhatsApp's own limit for a text."""


class ScriptError(Exception):
    """The chat cannot be read; the argument says why."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Say(_Part):
    do: Literal["say"]
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class Tap(_Part):
    """``payload`` is the id as the flow writes it or as it was sent. ``old``: on a message that was left behind."""

    do: Literal["tap"]
    payload: Annotated[str, Field(min_length=1, max_length=256)]
    old: bool = False


class Send(_Part):
    """Anything but words: a voice note, a picture, a place."""

    do: Literal["send"]
    type: MessageType
    content: dict[str, JsonValue] = Field(default_factory=dict)


class Wait(_Part):
    """Time passes; what is due on the way happens at its own time."""

    do: Literal["wait"]
    minutes: Annotated[StrictInt, Field(ge=1, le=MAX_WAIT_MINUTES)]


class Until(_Part):
    """Time passes until the next time it is ``at`` (``HH:MM``) in the business's zone, on another day."""

    do: Literal["until"]
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Fault(_Part):
    """From here on a connector fails in this way; ``None`` mends it. ``llm`` is the FAQ."""

    do: Literal["fault"]
    connector: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    kind: FailureKind | Literal["empty", "quota"] | None


class HandBack(_Part):
    """The person who took over gives the conversation back."""

    do: Literal["hand_back"]


type Move = Annotated[Say | Tap | Send | Wait | Until | Fault | HandBack, Field(discriminator="do")]


class Contact(_Part):
    name: Annotated[str, Field(max_length=80)] | None = "Ana"
    phone: Annotated[str, Field(max_length=20)] | None = None
    language: Annotated[str, Field(max_length=12)] | None = None


class PhoneScript(_Part):
    """``now`` is the business's own wall clock at the beginning, or carries an offset of its own."""

    now: datetime
    channel: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = "whatsapp"
    contact: Contact = Contact()
    moves: Annotated[tuple[Move, ...], Field(max_length=MAX_MOVES)] = ()


def read_script(value: JSON) -> PhoneScript:
    """Raises ``ScriptError``."""
    try:
        return PhoneScript.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ScriptError(f"This chat cannot be played: {place}: {first['msg']}.") from error
