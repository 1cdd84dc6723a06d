from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.trace import TraceEntry, encode_trace
from flow_engine.trace_reading import decode_trace

ENTRIES = get_args(TraceEntry.__value__)


@pytest.mark.parametrize("kind", ENTRIES, ids=lambda entry: entry.__name__)
@given(data=st.data())
def test_every_entry_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    entry: Any = data.draw(st.from_type(kind))
    assert decode_trace(encode_trace(entry)) == entry


STRANGE: list[Any] = [
    None, [], "state_entered", {}, {"kind": "from_the_future"}, {"kind": "state_entered"},
    {"kind": "state_entered", "state": "A", "because": "no such reason"},
    {"kind": "transitions_tried", "state": 7, "verdicts": []},
    {"kind": "output_degraded", "effect_index": 0, "changes": [3]},
]  # fmt: skip


@pytest.mark.parametrize("value", STRANGE, ids=str)
def test_what_is_not_understood_is_nothing_and_no_error(value: Any) -> None:
    assert decode_trace(value) is None
