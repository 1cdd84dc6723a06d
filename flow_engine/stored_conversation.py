"""``StoredConversation``: the JSON of a conversation at rest, key by key."""

from __future__ import annotations

from typing import Final, TypedDict

from flow_engine.vocabulary import JSONObject

FORMAT: Final = 1
"""Of the snapshots that this build writes. One that says so was written by ``finish`` and is taken as it is."""


class _Usual(TypedDict):
    format: int
    conversation_id: str
    channel: str
    contact_id: str
    state: str | None
    data: JSONObject
    contact: JSONObject
    turn: int
    next_effect: int
    waiting: JSONObject | None
    question: JSONObject | None
    question_turn: int
    last_message_id: str | None
    language: str | None
    history: list[str]


class StoredConversation(_Usual, total=False):
    """What ``encode_state`` gives and a driver stores. The fields mean what they mean in ``ConversationState``.

    Outputs, calls and frames are in the JSON of their own codecs; ``last_at`` is ISO 8601. The fields below, which most
    conversations never fill, are there only where they say something.
    """

    timers: dict[str, str]
    last_at: str
    calls: list[JSONObject]
    interrupted: JSONObject
    tries: int
    paused: bool
    unanswered: int
    doubt: JSONObject


class Changes(TypedDict, total=False):
    """What a driver may change in a conversation at rest."""

    contact_id: str
    data: JSONObject
    contact: JSONObject


USUAL_FIELDS: Final = tuple(_Usual.__annotations__)
"""The fields that every snapshot has, in the order in which they stand there; the others come behind them."""

OPEN_FIELDS: Final = frozenset(("calls", "interrupted", "tries", "doubt"))
"""The rare fields that speak of the state a conversation is in."""
