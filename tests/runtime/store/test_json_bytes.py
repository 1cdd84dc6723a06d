"""JSON of snapshots and messages: the same value comes back, whatever it is made of."""

from __future__ import annotations

import pytest
from hypothesis import given

from flow_engine.vocabulary import JSONObject
from runtime.store.json_bytes import from_bytes, to_bytes
from tests.flow_engine.strategies import json_objects


@given(value=json_objects)
def test_what_is_written_is_read(value: JSONObject) -> None:
    assert from_bytes(to_bytes(value)) == value


@pytest.mark.parametrize(
    "value",
    [{"half": "\ud83d"}, {"id": 2**70}, {"id": -(2**70)}, {"deep": [{"id": 2**64}]}],
    ids=["half of a surrogate pair", "a large number", "a small one", "a large one within"],
)
def test_what_orjson_refuses_is_kept_exactly(value: JSONObject) -> None:
    assert from_bytes(to_bytes(value)) == value


def test_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="unexpected"):
        from_bytes(b"{")
