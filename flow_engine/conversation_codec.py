"""``ConversationState`` as JSON and back: ``decode_state(encode_state(x)) == x``.

Writing is strict. Reading is lenient, so that an older runtime opens what a newer one wrote: keys
that are not known are dropped, and a question or call of a kind that is not known is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, cast

from flow_engine.conversation_state import ConversationState
from flow_engine.decoding import count, items, json_object, named_texts, optional_text, text, texts
from flow_engine.errors import CodecError
from flow_engine.position_codec import decode_call_frame
from flow_engine.stored_conversation import FORMAT, StoredConversation
from flow_engine.vocabulary import JSON, JSONObject


def encode_state(state: ConversationState) -> JSONObject:
    """Every field of the snapshot under its own name; of the later fields those that say something.

    It is the snapshot's own JSON: do not change it.
    """
    return state.json  # type: ignore[return-value]  # every typed dict is an object of JSON; a cast is a call


def decode_state(value: JSONObject) -> ConversationState:
    """Reads what ``encode_state`` wrote. Raises ``CodecError`` when an identity is missing or a type is wrong.

    A snapshot of our own format is what a step wrote, and to look at it again would take a tenth of the next step
    (measured: 1.5 µs of 20). Any other is read leniently, field by field. ``value`` becomes the snapshot's own: do not
    change it.
    """
    if value.get("format") == FORMAT:
        return ConversationState(value)  # type: ignore[arg-type]  # see above; a cast is a call
    try:
        return ConversationState(cast("StoredConversation", _read(value)))
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise CodecError(f"not a conversation: {fault!r}") from fault


def _read(value: JSONObject) -> JSONObject:
    get = value.get
    read: JSONObject = {
        "format": FORMAT,
        "conversation_id": text(value["conversation_id"]),
        "channel": text(value["channel"]),
        "contact_id": text(value["contact_id"]),
        "state": optional_text(get("state")),
        "data": json_object(get("data")),
        "contact": json_object(get("contact")),
        "turn": count(get("turn")),
        "next_effect": count(get("next_effect")),
        "waiting": _object_or_nothing(get("waiting")),
        "question": _object_or_nothing(get("question")),
        "question_turn": count(get("question_turn")),
        "last_message_id": optional_text(get("last_message_id")),
        "language": optional_text(get("language")),
        "history": list(texts(get("history"))),
    }
    for name, reader in _RARE.items():
        stored = get(name)
        kept = None if stored is None else reader(stored)
        if kept:  # these are there only where they say something
            read[name] = kept
    return read


def _object_or_nothing(value: JSON) -> JSON:
    return value if isinstance(value, dict) else None


def _moment(value: JSON) -> JSON:
    return datetime.fromisoformat(text(value)).isoformat()


def _calls(value: JSON) -> JSON:
    for frame in items(value):
        decode_call_frame(frame)  # without its frames a conversation has lost its place: better refused than resumed
    return value


def _timers(value: JSON) -> JSON:
    return dict(named_texts(value))


def _paused(value: JSON) -> JSON:
    return value is True


_RARE: Final[Mapping[str, Callable[[JSON], JSON]]] = {
    "timers": _timers,
    "last_at": _moment,
    "calls": _calls,
    "interrupted": _object_or_nothing,
    "tries": count,
    "paused": _paused,
    "unanswered": count,
    "doubt": _object_or_nothing,
}
"""The fields that are there only where they say something, and how each is read."""
