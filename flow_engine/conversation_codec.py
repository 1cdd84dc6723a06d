"""``ConversationState`` as JSON and back: ``decode_state(encode_state(x)) == x``.

Writing is strict. Reading is lenient, so that an older runtime opens what a newer one wrote: keys
that are not known are dropped, and a question or call of a kind that is not known is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, cast

from flow_engine.conversation_state import (
    CallFrame,
    ConversationState,
    Frame,
    Interruption,
    WaitingFor,
)
from flow_engine.decoding import count, items, json_object, named_texts, optional_text, text, texts
from flow_engine.effect_codec import decode_effect, encode_effect
from flow_engine.effects import AskLLM, CallConnector
from flow_engine.errors import CodecError
from flow_engine.outputs.codec import decode_output, encode_output
from flow_engine.outputs.output import Output
from flow_engine.position_codec import decode_call_frame, decode_interruption, encode_call_frame, encode_interruption
from flow_engine.vocabulary import JSON, JSONObject


def encode_state(state: ConversationState) -> JSONObject:
    """Every field of the snapshot under its own name; of the later fields those that say something.

    Values in ``data`` are shared: do not change them.
    """
    question = state.kept_question
    encoded: JSONObject = {
        "conversation_id": state.conversation_id,
        "channel": state.channel,
        "contact_id": state.contact_id,
        "state": state.state,
        "data": dict(state.data),
        "contact": dict(state.contact),
        "turn": state.turn,
        "next_effect": state.next_effect,
        "waiting": _encode_waiting(state.waiting) if state.waiting else None,
        "question": question if question is None or isinstance(question, dict) else encode_output(question),
    }
    _encode_later(state, encoded)
    return encoded


def _encode_later(state: ConversationState, encoded: JSONObject) -> None:
    """The fields that most conversations never fill cost nothing in their rows."""
    if state.language is not None:
        encoded["language"] = state.language
    if state.history:
        encoded["history"] = list(state.history)
    if state.question_turn:
        encoded["question_turn"] = state.question_turn
    if state.last_message_id is not None:
        encoded["last_message_id"] = state.last_message_id
    if state.timers:
        encoded["timers"] = dict(state.timers)
    if state.last_at is not None:
        encoded["last_at"] = state.last_at.isoformat()
    if state.calls:
        encoded["calls"] = [encode_call_frame(frame) for frame in state.calls]
    _encode_troubles(state, encoded)


def _encode_troubles(state: ConversationState, encoded: JSONObject) -> None:
    if state.interrupted is not None:
        encoded["interrupted"] = encode_interruption(state.interrupted)
    if state.tries:
        encoded["tries"] = state.tries
    if state.paused:
        encoded["paused"] = True
    if state.unanswered:
        encoded["unanswered"] = state.unanswered
    if state.doubt is not None:
        encoded["doubt"] = encode_output(state.doubt)


def decode_state(value: JSONObject) -> ConversationState:
    """Reads what ``encode_state`` wrote. Raises ``CodecError`` when an identity is missing or a type is wrong.

    Parts of ``value`` are shared with the snapshot: do not change them.
    """
    try:
        get = value.get
        conversation_id, channel, contact_id = value["conversation_id"], value["channel"], value["contact_id"]
        # Looked at here, not one by one in functions: the names are read in every step (measured: 1 µs of 3).
        if not (isinstance(conversation_id, str) and isinstance(channel, str) and isinstance(contact_id, str)):
            raise TypeError("an identity is no text")
        state, turn, next_effect, question_turn = get("state"), get("turn"), get("next_effect"), get("question_turn")
        waiting, question, language = get("waiting"), get("question"), get("language")
        # To look for all of the rare fields at once is four times as fast as one by one (measured).
        rare = _NOTHING_RARE if _RARE.isdisjoint(value) else _decode_rare(value)
        calls, interrupted, tries, timers, paused, last_at, unanswered, doubt = rare
        return ConversationState(
            conversation_id,
            channel,
            contact_id,
            state if state is None or isinstance(state, str) else text(state),
            json_object(get("data")),
            json_object(get("contact")),
            turn if isinstance(turn, int) and turn > 0 else 0,
            next_effect if isinstance(next_effect, int) and next_effect > 0 else 0,
            None if waiting is None else _or_forget(_decode_waiting, waiting),
            question if isinstance(question, dict) else None,  # type: ignore[arg-type]  # see kept_question
            language if language is None or isinstance(language, str) else text(language),
            texts(get("history")),
            calls,
            interrupted,
            tries,
            timers,
            paused,
            question_turn if isinstance(question_turn, int) and question_turn > 0 else 0,
            optional_text(get("last_message_id")),
            last_at,
            unanswered,
            doubt,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise CodecError(f"not a conversation: {fault!r}") from fault


type _Rare = tuple[
    tuple[CallFrame, ...], Interruption | None, int, Mapping[str, str], bool, datetime | None, int, Output | None
]
"""What most conversations never fill: the fields of ``_RARE``, in this order."""

_RARE: Final = frozenset(("calls", "interrupted", "tries", "timers", "paused", "last_at", "unanswered", "doubt"))
_NOTHING_RARE: Final[_Rare] = ((), None, 0, {}, False, None, 0, None)


def _decode_rare(value: JSONObject) -> _Rare:
    get = value.get
    interrupted, last_at, doubt = get("interrupted"), get("last_at"), get("doubt")
    return (
        tuple([decode_call_frame(frame) for frame in items(get("calls"))]),
        None if interrupted is None else _or_forget(decode_interruption, interrupted),
        count(get("tries")),
        named_texts(get("timers")),
        get("paused") is True,
        None if last_at is None else datetime.fromisoformat(text(last_at)),
        count(get("unanswered")),
        None if doubt is None else _or_forget(decode_output, doubt),
    )


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
        "gave_up": frame.gave_up,
    }


def _decode_waiting(value: JSON) -> WaitingFor:
    try:
        fields = cast("JSONObject", value)
        call = decode_effect(fields["call"])
        frame = fields.get("frame")
        if isinstance(call, AskLLM) and frame is None:
            return WaitingFor(call, None)
        if isinstance(call, AskLLM):
            return WaitingFor(call, _decode_frame(cast("JSONObject", frame)))
        if isinstance(call, CallConnector):
            return WaitingFor(call, _decode_frame(cast("JSONObject", frame)))
    except (KeyError, TypeError, AttributeError) as fault:
        raise CodecError(f"nothing that can be waited for: {fault!r}") from fault
    raise CodecError(f"nothing that can be waited for: {type(call).__name__}")


def _decode_frame(fields: JSONObject) -> Frame:
    data = fields.get("data")
    return Frame(
        text(fields["kind"]),
        text(fields["name"]),
        count(fields["next_action"]),
        optional_text(fields.get("result_key")),
        None if data is None else json_object(data),
        texts(fields.get("entered")),
        fields.get("gave_up") is True,
    )
