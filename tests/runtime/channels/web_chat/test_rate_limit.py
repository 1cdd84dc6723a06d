"""Token buckets: how many at once, how many over time, in how much memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.channels.web_chat.rate_limit import Allowance, RateLimit


def test_a_burst_passes_and_the_next_is_told_how_long_to_wait() -> None:
    limit = RateLimit(Allowance(burst=3, every_s=2.0))
    assert [limit.wait_s("ana", 10.0) for _ in range(4)] == [0, 0, 0, 2]
    assert limit.wait_s("bruno", 10.0) == 0
    assert limit.wait_s("ana", 11.0) == 1
    assert limit.wait_s("ana", 12.0) == 0
    assert limit.wait_s("ana", 12.0) == 2


def test_being_refused_costs_nothing() -> None:
    limit = RateLimit(Allowance(burst=1, every_s=8.0))
    assert limit.wait_s("ana", 0.0) == 0
    assert [limit.wait_s("ana", float(second)) for second in range(1, 8)] == [7, 6, 5, 4, 3, 2, 1]
    assert limit.wait_s("ana", 8.0) == 0


def test_the_key_that_was_quiet_longest_is_forgotten_first() -> None:
    limit = RateLimit(Allowance(burst=1, every_s=1000.0), most_keys=2)
    for key in ("a", "b", "a", "c"):
        limit.wait_s(key, 0.0)
    assert limit.wait_s("a", 0.0) > 0
    assert limit.wait_s("b", 0.0) == 0


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 5), st.floats(0.5, 3))
def test_never_more_pass_than_burst_and_time_allow(pauses: list[float], burst: int, every_s: float) -> None:
    limit = RateLimit(Allowance(burst=burst, every_s=every_s))
    now = passed = 0.0
    for pause in pauses:
        now += pause
        passed += limit.wait_s("ana", now) == 0
    assert passed <= burst + now / every_s + 1e-6
