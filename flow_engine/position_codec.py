"""Where a conversation goes back to, as JSON and back: open calls of sub-flows and what was interrupted."""

from __future__ import annotations

from flow_engine.conversation_state import CallFrame, Interruption
from flow_engine.decoding import count, items, json_object, named_texts, text, texts
from flow_engine.errors import CodecError
from flow_engine.outputs.codec import decode_output, encode_output
from flow_engine.outputs.output import Output
from flow_engine.vocabulary import JSON, JSONObject


def encode_call_frame(frame: CallFrame) -> JSONObject:
    return {
        "flow": frame.flow,
        "state": frame.state,
        "next_action": frame.next_action,
        "data": dict(frame.data),
        "outputs": dict(frame.outputs),
        "history": list(frame.history),
        "question": None if frame.question is None else encode_output(frame.question),
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
        question=_decode_question(fields.get("question")),
        question_turn=count(fields.get("question_turn")),
    )


def encode_interruption(interruption: Interruption) -> JSONObject:
    return {
        "state": interruption.state,
        "question": None if interruption.question is None else encode_output(interruption.question),
        "question_turn": interruption.question_turn,
        "tries": interruption.tries,
        "calls": [encode_call_frame(frame) for frame in interruption.calls],
        "data": None if interruption.data is None else dict(interruption.data),
        "history": list(interruption.history),
        "depth": interruption.depth,
    }


def decode_interruption(value: JSON) -> Interruption:
    try:
        fields = json_object(value)
        data = fields.get("data")
        return Interruption(
            state=text(fields["state"]),
            question=_decode_question(fields.get("question")),
            question_turn=count(fields.get("question_turn")),
            tries=count(fields.get("tries")),
            calls=tuple([decode_call_frame(frame) for frame in items(fields.get("calls"))]),
            data=None if data is None else json_object(data),
            history=texts(fields.get("history")),
            depth=count(fields.get("depth")),
        )
    except (KeyError, TypeError) as fault:
        raise CodecError(f"nothing that was interrupted: {fault!r}") from fault


def _decode_question(value: JSON) -> Output | None:
    """A question of a kind that is not known is forgotten."""
    if value is None:
        return None
    try:
        return decode_output(value)
    except CodecError:
        return None
