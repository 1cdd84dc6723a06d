"""The pure parts: charts, the funnel, and which questions are the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_admin.observability.charts import bars, share, spark
from platform_admin.observability.models import UnansweredQuestion
from platform_admin.sight.funnel import FunnelStep, funnel
from platform_admin.sight.gaps import gaps, key_words

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def test_the_funnel_shows_where_most_people_leave() -> None:
    entered = [({"state": "MENU"}, 100), ({"state": "DAY"}, 60), ({"state": "DONE"}, 20)]
    ways = [({"from": "MENU", "to": "DAY"}, 60), ({"from": "DAY", "to": "DONE"}, 15), ({"from": "DAY", "to": "DAY"}, 9)]
    assert funnel(entered, ways) == (
        FunnelStep("MENU", 100, 40, 100),
        FunnelStep("DAY", 60, 45, 60, worst=True),
        FunnelStep("DONE", 20, 20, 20),
    )
    assert funnel([], []) == ()


def question(text: str, pk: int = 1) -> UnansweredQuestion:
    return UnansweredQuestion(pk=pk, question=text, language="es", at=NOON)


SAME = [
    ("¿Tenéis parking?", "hay parking cerca", True),
    ("¿Cuánto cuesta el corte?", "precio del corte", False),
    ("¿Aceptáis tarjeta?", "aceptan tarjetas", True),
    ("Do you have parking?", "Is there parking?", True),
    ("¿Abrís los domingos?", "¿Hacéis manicura?", False),
    ("👍", "👍", True),
    ("", "¿Tenéis parking?", False),
]


@pytest.mark.parametrize(("one", "other", "same"), SAME)
def test_questions_that_ask_the_same_are_put_together(one: str, other: str, same: bool) -> None:
    assert (len(gaps([question(one), question(other, 2)])) == 1) is same


def test_the_most_asked_comes_first_and_keeps_all_its_questions() -> None:
    rows = [question("¿Manicura?", 1), question("parking", 2), question("¿Hay parking?", 3)]
    first, second = gaps(rows)
    assert (first.question, first.count, first.ids, first.examples) == ("parking", 2, (2, 3), ("¿Hay parking?",))
    assert second.count == 1


@given(st.lists(st.text(), max_size=20))
def test_no_question_is_lost_whatever_was_asked(texts: list[str]) -> None:
    found = gaps([question(text, number) for number, text in enumerate(texts)])
    assert sorted(pk for gap in found for pk in gap.ids) == list(range(len(texts)))
    assert all(len(word) <= 5 for text in texts for word in key_words(text))


@given(st.lists(st.integers(0, 10**9), max_size=60))
def test_every_bar_stands_inside_its_chart(values: list[int]) -> None:
    chart = bars(values)
    assert len(chart.bars) == len(values)
    for bar, value in zip(chart.bars, values, strict=True):
        assert 0 <= bar.x <= chart.width
        assert 0 <= bar.y <= chart.height
        assert (bar.height > 0) is (value > 0)
    assert spark(values).count("z") == sum(value > 0 for value in values)


def test_a_share_of_nothing_is_nothing() -> None:
    assert (share(1, 0), share(1, 3)) == (0, 33)
