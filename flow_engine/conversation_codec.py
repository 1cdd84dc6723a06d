"""``ConversationState`` as JSON and back: ``decode_state(encode_state(x)) == x``.

Writing is strict. Reading is lenient, so that an older runtime opens what a newer one wrote: keys
that are not known are dropped, and a question or call of a kind that is not known is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flow_engine.conversation_state import ConversationState, Frame, WaitingFor
from flow_engine.effect_codec import decode_effect, encode_effect
from flow_engine.effects import AskLLM, CallConnector
from flow_engine.errors import CodecError
from flow_engine.outputs.codec import decode_output, encode_output
from flow_engine.vocabulary import JSON, JSONObject


def encode_state(state: ConversationState) -> JSONObject:
    """Every field of the snapshot under its own name. Values in ``data`` are shared: do not change them."""
    return {
        "conversation_id": state.conversation_id,
        "channel": state.channel,
        "contact_id": state.contact_id,
        "state": state.state,
        "data": dict(state.data),
        "contact": dict(state.contact),
        "turn": state.turn,
        "next_effect": state.next_effect,
        "waiting": _encode_waiting(state.waiting) if state.waiting else None,
        "question": encode_output(state.question) if state.question else None,
    }


def decode_state(value: JSONObject) -> ConversationState:
    """Reads what ``encode_state`` wrote. Raises ``CodecError`` when an identity is missing or a type is wrong."""
    try:
        get = value.get
        waiting, question = get("waiting"), get("question")
        return ConversationState(
            _text(value["conversation_id"]),
            _text(value["channel"]),
            _text(value["contact_id"]),
            _optional_text(get("state")),
            _object(get("data")),
            _object(get("contact")),
            _count(get("turn")),
            _count(get("next_effect")),
            None if waiting is None else _or_forget(_decode_waiting, waiting),
            None if question is None else _or_forget(decode_output, question),
        )
    except (KeyError, TypeError, AttributeError) as fault:
        raise CodecError(f"not a conversation: {fault!r}") from fault


def _or_forget[T](decode: Callable[[JSON], T], value: JSON) -> T | None:
    try:
        return decode(value)
    except CodecError:
        return None


def _encode_waiting(waiting: WaitingFor) -> JSONObject:
    return {
        "call": encode_effect(waiting.call),
        "frame": _encode_frame(waiting.frame) if waiting.frame else None,
    }


def _encode_frame(frame: Frame) -> JSONObject:
    return {
        "kind": frame.kind,
        "name": frame.name,
        "next_action": frame.next_action,
        "result_key": frame.result_key,
        "data": None if frame.data is None else dict(frame.data),
        "entered": list(frame.entered),
    }


def _decode_waiting(value: JSON) -> WaitingFor:
    try:
        fields = cast("JSONObject", value)
        call = decode_effect(fields["call"])
        frame = fields.get("frame")
        if isinstance(call, AskLLM):
            return WaitingFor(call, None)
        if isinstance(call, CallConnector):
            return WaitingFor(call, _decode_frame(cast("JSONObject", frame)))
    except (KeyError, TypeError, AttributeError) as fault:
        raise CodecError(f"nothing that can be waited for: {fault!r}") from fault
    raise CodecError(f"nothing that can be waited for: {type(call).__name__}")


def _decode_frame(fields: JSONObject) -> Frame:
    data = fields.get("data")
    return Frame(
        kind=_text(fields["kind"]),
        name=_text(fields["name"]),
        next_action=_count(fields["next_action"]),
        result_key=_optional_text(fields.get("result_key")),
        data=None if data is None else _object(data),
        entered=tuple(_text(name) for name in cast("list[JSON]", fields.get("entered") or [])),
    )


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r}")
    return value


def _optional_text(value: JSON) -> str | None:
    return None if value is None else _text(value)


def _object(value: JSON) -> JSONObject:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError(f"an object was expected, not {value!r}")
    return value


def _count(value: JSON) -> int:
    return value if isinstance(value, int) and value > 0 else 0
