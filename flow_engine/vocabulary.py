"""The words that every part of the engine shares: plain JSON and the closed enumerations.

Only names and shapes live here. Nothing in this file computes anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None
"""A value that survives ``json.dumps`` and ``json.loads`` unchanged."""

type JSONObject = dict[str, JSON]
type ReadOnlyJSON = Mapping[str, JSON]


class MessageType(StrEnum):
    """What kind of thing a customer sent, whatever the channel (the values of ``on_type``)."""

    TEXT = "text"
    BUTTON = "button"
    LIST = "list"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    ORDER = "order"
    FORM = "form"
    WELCOME = "welcome"
    UNSUPPORTED = "unsupported"


class MediaType(StrEnum):
    """What kind of file the bot sends."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"


class FailureKind(StrEnum):
    """Why a connector call gave no result. The same words as the connectors' error tree."""

    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate_limited"
    UNAUTHORIZED = "unauthorized"
    REJECTED = "rejected"
    CONFLICT = "conflict"


class AnswerOutcome(StrEnum):
    """How a free question to the knowledge document ended."""

    ANSWERED = "answered"
    OUT_OF_SCOPE = "out_of_scope"
    QUOTA_EXCEEDED = "quota_exceeded"
    UNAVAILABLE = "unavailable"


class Timer(StrEnum):
    """What a conversation can be woken for. A contact has at most one timer of each name."""

    TIMEOUT = "timeout"
    SESSION = "session"
    RESUME = "resume"
