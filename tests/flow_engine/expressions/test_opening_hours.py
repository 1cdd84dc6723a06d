"""Opening hours are times on the wall, whatever the clocks do, and no settings make them raise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.expressions import compile_condition, locale_for
from flow_engine.expressions.opening_hours import WEEKDAYS, is_open
from flow_engine.vocabulary import JSON, JSONObject
from tests.flow_engine.strategies import json_values

MADRID = ZoneInfo("Europe/Madrid")
OPEN = compile_condition("business.open_at(data.now)", locale_for("es", "Europe/Madrid"))
ALL_DAYS: JSONObject = {"hours": {day: ["10:00-14:00", "21:30-01:00"] for day in WEEKDAYS}}


def open_at(moment: datetime) -> bool:
    scope: JSONObject = {"data": {"now": moment.isoformat()}, "business": ALL_DAYS}
    return OPEN.test(scope)


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-11-24"])
def test_the_hours_are_those_on_the_wall_also_when_the_clocks_change(day: str) -> None:
    midnight = datetime.fromisoformat(day).replace(tzinfo=MADRID)
    moments = [(midnight.astimezone(UTC) + timedelta(minutes=minute)).astimezone(MADRID) for minute in range(24 * 60)]
    for moment in moments:
        wall = moment.hour * 60 + moment.minute
        assert open_at(moment) == (600 <= wall < 840 or wall >= 1290 or wall < 60), moment


moments = st.datetimes(timezones=st.just(UTC))
spans: list[JSON] = ["10:00-14:00"]
days: st.SearchStrategy[JSON] = st.dictionaries(st.dates().map(str), json_values)
told_of_a_day: st.SearchStrategy[JSON] = st.one_of(json_values, st.just(spans), days)
hours = st.dictionaries(st.sampled_from([*WEEKDAYS, "holidays", "special_days"]), told_of_a_day)


@given(told=hours, moment=moments)
def test_any_settings_give_an_answer(told: JSONObject, moment: datetime) -> None:
    minute = moment.hour * 60 + moment.minute
    assert isinstance(is_open(told, moment.date(), minute), bool)
    assert isinstance(is_open(told, moment.date(), None), bool)
