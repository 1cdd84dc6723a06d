from __future__ import annotations

import pytest

from flow_engine.vocabulary import JSON
from runtime.errors import ConfigurationError
from runtime.limits import InboundLimits, RuntimeLimits, SendPace


def test_an_absent_or_empty_block_leaves_every_limit_as_usual() -> None:
    assert RuntimeLimits.from_json(None) == RuntimeLimits.from_json({}) == RuntimeLimits()


def test_what_is_named_is_set_and_what_a_newer_control_plane_knows_is_passed_over() -> None:
    limits = RuntimeLimits.from_json({"burst_window_s": 2, "loop_messages": 5, "pair_burst": 3, "from_the_future": "x"})
    assert limits.inbound == InboundLimits(burst_window_s=2.0, loop_messages=5)
    assert limits.paced(SendPace(80, 6, 45)) == SendPace(80, 6, 3)


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        pytest.param([], "limits: must be an object", id="a list"),
        pytest.param({"burst_window_s": -1}, "limits.burst_window_s: must be a number from 0 up", id="negative"),
        pytest.param({"burst_window_s": True}, "limits.burst_window_s: must be a number from 0 up", id="a truth value"),
        pytest.param({"loop_messages": 2.5}, "limits.loop_messages: must be a number from 0 up", id="half a message"),
        pytest.param(
            {"late_after_s": 1e12}, "limits.late_after_s: must be a number from 0 up", id="an age of the world"
        ),
        pytest.param({"pair_burst": "45"}, "limits.pair_burst: must be a number from 0 up", id="a text"),
    ],
)
def test_a_value_that_is_no_limit_is_named(block: JSON, complaint: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RuntimeLimits.from_json(block)
    assert refused.value.problems == (complaint,)
