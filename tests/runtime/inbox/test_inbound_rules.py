"""How much one contact may send, and when it is taken for another bot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.inbound_rules import MICROS, MOST_SEEN, PAUSED, TOO_MANY, InboundRules
from runtime.limits import InboundLimits
from runtime.ports.inbox_traffic import Traffic, Verdict

LIMITS = InboundLimits(inbound_per_contact_per_minute=10, loop_messages=4, loop_window_s=30, loop_pause_s=100)
RULES = InboundRules(LIMITS, "whatsapp:1", "34600111222", "es", alerts=True)


def judged(times_s: list[float], texts: list[int], rules: InboundRules = RULES) -> list[Verdict]:
    verdicts: list[Verdict] = []
    known: Traffic | None = None
    for at_s, text in zip(times_s, texts, strict=True):
        verdicts.append(rules(known, text, int(at_s * MICROS)))
        known = verdicts[-1].traffic
    return verdicts


def refusals(times_s: list[float], texts: list[int], rules: InboundRules = RULES) -> list[str | None]:
    return [verdict.refusal for verdict in judged(times_s, texts, rules)]


def test_the_eleventh_message_at_once_is_refused_and_after_six_seconds_one_more_passes() -> None:
    times = [0.0] * 11 + [6.0, 6.0]
    assert refusals(times, list(range(13))) == [None] * 10 + [TOO_MANY, None, TOO_MANY]


def test_the_fourth_equal_message_within_the_window_pauses_the_contact_and_tells_the_staff_once() -> None:
    verdicts = judged([0, 9, 18, 27, 28, 127], [7, 7, 7, 7, 8, 9])
    assert [verdict.refusal for verdict in verdicts] == [None, None, None, PAUSED, PAUSED, None]
    alerts = [verdict.alert for verdict in verdicts if verdict.alert is not None]
    assert [alert.subject for alert in alerts] == ["Una conversación está en pausa"]
    assert alerts[0].text == "34600111222 envió el mismo mensaje 4 veces en poco tiempo por whatsapp:1."


def test_equal_messages_further_apart_are_a_person_who_repeats() -> None:
    assert refusals([0, 10.1, 20.2, 30.3, 40.4, 50.5], [7] * 6) == [None] * 6


USUAL = InboundRules(InboundLimits(), "whatsapp:1", "34600111222")


@pytest.mark.parametrize(
    ("every_s", "texts", "refused_from"),
    [
        pytest.param(4, [0 if n % 6 else n for n in range(1, 61)], 22, id="50 alike of 60 within 240 s"),
        pytest.param(4, [n % 3 for n in range(75)], 57, id="a bot whose three answers go round"),
        pytest.param(1, [n % 15 for n in range(300)], 285, id="a bot whose fifteen answers go round at the full rate"),
        pytest.param(16, [0] * 60, None, id="the same tap every 16 seconds for a quarter of an hour"),
        pytest.param(
            7, [n % 3 for n in range(60)], None, id="a person who wanders between three buttons for 7 minutes"
        ),
        pytest.param(1, list(range(300)), None, id="somebody who never repeats herself"),
        pytest.param(3, [0, *range(1, 6)] * 16, None, id="the menu's button, sixteen times between other things"),
    ],
)
def test_alike_ones_count_wherever_they_stand_within_five_minutes(
    every_s: float, texts: list[int], refused_from: int | None
) -> None:
    found = refusals([every_s * n for n in range(len(texts))], texts, USUAL)
    passed = len(texts) if refused_from is None else refused_from
    assert found == [None] * passed + [PAUSED] * (len(texts) - passed)


@given(
    arrivals=st.lists(st.tuples(st.floats(0, 8, allow_nan=False), st.integers(0, 30)), min_size=1, max_size=120),
)
def test_what_is_remembered_of_a_contact_is_bounded_and_never_finds_a_loop_that_is_none(
    arrivals: list[tuple[float, int]],
) -> None:
    rules = replace(RULES, limits=replace(LIMITS, inbound_per_contact_per_minute=0))
    times = [int(sum(gap for gap, _ in arrivals[: index + 1]) * MICROS) for index in range(len(arrivals))]
    known: Traffic | None = None
    for index, at in enumerate(times):
        verdict = rules(known, arrivals[index][1], at)
        known = verdict.traffic
        assert len(known.seen) <= MOST_SEEN
        assert all(len(moments) <= 4 for moments in known.seen.values())
        if verdict.loop_found:
            alike = [
                moment
                for moment, (_, text) in zip(times[: index + 1], arrivals, strict=False)
                if text == arrivals[index][1] and moment > at - 30 * MICROS
            ]
            assert len(alike) >= 4


def test_nobody_is_told_where_there_is_nobody_to_tell() -> None:
    assert [verdict.alert for verdict in judged([0, 1, 2, 3], [7] * 4, replace(RULES, alerts=False))] == [None] * 4


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(replace(LIMITS, loop_messages=0, inbound_per_contact_per_minute=0), id="both switched off"),
        pytest.param(InboundLimits(), id="the usual limits bear nineteen at once"),
    ],
)
def test_without_limits_in_the_way_everything_is_worked_on(limits: InboundLimits) -> None:
    assert refusals([0.0] * 19, [7] * 19, replace(RULES, limits=limits)) == [None] * 19


def test_a_clock_that_was_set_back_takes_no_allowance_away() -> None:
    assert refusals([100.0, 40.0, 41.0], [1, 2, 3]) == [None, None, None]


@given(
    gaps=st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=120),
    rate=st.integers(1, 30),
)
def test_in_no_stretch_of_time_more_pass_than_one_allowance_and_what_grew_back(gaps: list[float], rate: int) -> None:
    rules = replace(RULES, limits=InboundLimits(inbound_per_contact_per_minute=rate, loop_messages=0))
    times = [sum(gaps[: index + 1]) for index in range(len(gaps))]
    passed = [
        at for at, refusal in zip(times, refusals(times, list(range(len(times))), rules), strict=True) if not refusal
    ]
    for index, began in enumerate(passed):
        for count, at in enumerate(passed[index:], start=1):
            assert count <= rate + (at - began) / 60 * rate + 0.001


@given(gaps=st.lists(st.floats(0, 40, allow_nan=False), min_size=1, max_size=80), text=st.integers())
def test_the_pause_comes_exactly_when_so_many_equal_ones_stand_within_the_window(gaps: list[float], text: int) -> None:
    rules = replace(RULES, limits=replace(LIMITS, inbound_per_contact_per_minute=0))
    times = [int(sum(gaps[: index + 1]) * MICROS) for index in range(len(gaps))]
    known: Traffic | None = None
    for index, at in enumerate(times):
        verdict = rules(known, text, at)
        recent = [moment for moment in times[: index + 1] if moment > at - 30 * MICROS]
        if verdict.refusal is not None:
            assert len(recent) >= 4
            return
        assert len(recent) < 4
        known = verdict.traffic
