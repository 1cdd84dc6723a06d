"""Snapshots and effects as JSON: exact both ways, and lenient towards what a newer version wrote."""
# ruff: noqa: E501  # one line per case reads better than eight

from __future__ import annotations

import json
from typing import cast

import pytest
from hypothesis import given

from flow_engine.conversation_codec import decode_state, encode_state
from flow_engine.conversation_state import ConversationState
from flow_engine.effect_codec import decode_effect, encode_effect
from flow_engine.effects import Effect
from flow_engine.errors import CodecError
from flow_engine.interpreter import start
from flow_engine.outputs.codec import decode_output
from flow_engine.vocabulary import JSON, JSONObject
from tests.flow_engine.conversations import conversation
from tests.flow_engine.strategies import effects, snapshots

FRESH = encode_state(start("whatsapp:ana", "whatsapp", "ana"))


def through_text(value: JSONObject) -> JSONObject:
    return cast("JSONObject", json.loads(json.dumps(value)))


@given(snapshot=snapshots)
def test_a_snapshot_survives_its_json(snapshot: ConversationState) -> None:
    assert decode_state(through_text(encode_state(snapshot))) == snapshot


@given(effect=effects)
def test_an_effect_survives_its_json(effect: Effect) -> None:
    assert decode_effect(through_text(encode_effect(effect))) == effect


FOREIGN: JSONObject = {**FRESH, "format": 2}
"""What another build wrote: it is looked at field by field."""

FIELDS = tuple(name for name, member in vars(ConversationState).items() if isinstance(member, property))

LENIENT: list[tuple[str, JSONObject]] = [
    ("an unknown key is dropped", {"from_the_future": 1}),
    ("a question of an unknown kind is forgotten", {"question": {"kind": "carousel"}}),
    ("a question without its fields is forgotten", {"question": {"kind": "buttons"}}),
    ("a call of an unknown kind is forgotten", {"waiting": {"call": {"kind": "teleport", "id": "1"}, "frame": None}}),
    ("an effect that nobody can wait for is forgotten", {"waiting": {"call": {"kind": "cancel_task", "id": "1", "idempotency_key": "k"}}}),
    ("a call without a frame is forgotten", {"waiting": {"call": {"kind": "call_connector", "id": "1", "connector": "c", "operation": "o", "params": {}}}}),
    ("a count below zero is zero", {"turn": -1}),
    ("a count that is none is zero", {"next_effect": "x"}),
]  # fmt: skip


@pytest.mark.parametrize("change", [case[1] for case in LENIENT], ids=[case[0] for case in LENIENT])
def test_reading_is_lenient(change: JSONObject) -> None:
    found, fresh = decode_state(FOREIGN | change), start("whatsapp:ana", "whatsapp", "ana")
    assert [getattr(found, name) for name in FIELDS] == [getattr(fresh, name) for name in FIELDS]


def test_only_the_identity_is_needed() -> None:
    bare: JSONObject = {"conversation_id": "c", "channel": "whatsapp", "contact_id": "ana"}
    assert decode_state(bare) == conversation("c", "whatsapp", "ana")


@pytest.mark.parametrize(
    "change", [{"conversation_id": None}, {"channel": 1}, {"state": 1}, {"data": []}, {"contact": "ana"}]
)
def test_a_wrong_type_is_refused(change: JSONObject) -> None:
    with pytest.raises(CodecError):
        decode_state(FOREIGN | change)


@pytest.mark.parametrize(
    "value", [None, 1, "text", [], {}, {"kind": "teleport"}, {"kind": "text"}, {"kind": "text", "body": 1}]
)
def test_what_is_no_output_or_effect_is_refused(value: JSON) -> None:
    with pytest.raises(CodecError):
        decode_output(value)
    with pytest.raises(CodecError):
        decode_effect(value)
