"""Where a conversation goes on, as JSON and back: open calls of sub-flows, what was interrupted, what is awaited."""

from __future__ import annotations

from typing import Any, cast

from flow_engine.decoding import count, items, json_object, named_texts, text, texts
from flow_engine.effect_codec import decode_effect, encode_effect
from flow_engine.effects import AskLLM, CallConnector
from flow_engine.errors import CodecError
from flow_engine.position import CallFrame, Frame, Interruption, WaitingFor
from flow_engine.question_codec import decode_question, encode_question
from flow_engine.vocabulary import JSON, JSONObject


def encode_call_frame(frame: CallFrame) -> JSONObject:
    return {
        "flow": frame.flow,
        "state": frame.state,
        "next_action": frame.next_action,
        "data": dict(frame.data),
        "outputs": dict(frame.outputs),
        "history": list(frame.history),
        "question": None if frame.question is None else encode_question(frame.question),
        "question_turn": frame.question_turn,
    }


def decode_call_frame(value: JSON) -> CallFrame:
    """Raises ``CodecError`` or what ``decoding`` raises: without its frames a conversation has lost its place."""
    fields = json_object(value)
    return CallFrame(
        flow=text(fields["flow"]),
        state=text(fields["state"]),
        next_action=count(fields.get("next_action")),
        data=json_object(fields.get("data")),
        outputs=named_texts(fields.get("outputs")),
        history=texts(fields.get("history")),
        question=decode_question(fields.get("question")),
        question_turn=count(fields.get("question_turn")),
    )


def encode_interruption(interruption: Interruption) -> JSONObject:
    return {
        "state": interruption.state,
        "question": None if interruption.question is None else encode_question(interruption.question),
        "question_turn": interruption.question_turn,
        "tries": interruption.tries,
        "calls": [encode_call_frame(frame) for frame in interruption.calls],
        "data": None if interruption.data is None else dict(interruption.data),
        "history": list(interruption.history),
        "depth": interruption.depth,
    }


def decode_interruption(value: JSON) -> Interruption | None:
    """``None`` for what is none: the conversation then has nothing to go back to."""
    try:
        fields = json_object(value)
        data = fields.get("data")
        return Interruption(
            state=text(fields["state"]),
            question=decode_question(fields.get("question")),
            question_turn=count(fields.get("question_turn")),
            tries=count(fields.get("tries")),
            calls=tuple([decode_call_frame(frame) for frame in items(fields.get("calls"))]),
            data=None if data is None else json_object(data),
            history=texts(fields.get("history")),
            depth=count(fields.get("depth")),
        )
    except (KeyError, TypeError):
        return None


def encode_waiting(waiting: WaitingFor) -> JSONObject:
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


def decode_waiting(value: JSON) -> WaitingFor | None:
    """``None`` for what nobody can wait for, such as a call of a kind that is not known."""
    try:
        fields = cast("JSONObject", value)
        call, frame = decode_effect(fields["call"]), fields.get("frame")
        if isinstance(call, AskLLM) and frame is None:
            return WaitingFor(call, None)
        if isinstance(call, AskLLM | CallConnector):
            return WaitingFor(call, _decode_frame(cast("JSONObject", frame)))
    except (CodecError, KeyError, TypeError, AttributeError):
        return None
    return None


def decode_frame_of(waiting: JSONObject, call_id: str) -> Frame | None:
    """The frame of the connector call ``call_id``, if ``waiting`` is for that one. The call's own fields are not read.

    Every answer of a connector comes this way, and only the first performance of a call needs its parameters.
    """
    try:
        call: Any = waiting["call"]  # what is no object is caught below
        if call["id"] != call_id or call["kind"] != "call_connector":
            return None
        frame: Any = waiting["frame"]
        return _decode_frame(frame)
    except (KeyError, TypeError, AttributeError):
        return None


def _decode_frame(fields: JSONObject) -> Frame:
    kind, name, next_action, result_key = fields["kind"], fields["name"], fields["next_action"], fields["result_key"]
    if not (isinstance(kind, str) and isinstance(name, str) and isinstance(next_action, int) and next_action >= 0):
        raise TypeError("no frame")
    data = fields["data"]
    return Frame(
        kind,
        name,
        next_action,
        None if result_key is None else text(result_key),
        None if data is None else json_object(data),
        texts(fields["entered"]),
        fields["gave_up"] is True,
    )
