"""Times of tasks: relative to what data says, outside quiet hours, on days that have 23 or 25 hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.effects import ScheduleTask
from flow_engine.events import MessageReceived
from flow_engine.interpreter import advance, start
from flow_engine.interpreter.quiet_hours import outside
from flow_engine.messages import InternalMessage
from flow_engine.program import ProgramError, ProgramSettings, load_program
from flow_engine.program.actions.schedule_task import QuietHours
from flow_engine.vocabulary import JSON, JSONObject, MessageType
from tests.flow_engine.normalised import program, state

MADRID = ZoneInfo("Europe/Madrid")
NIGHT = QuietHours(time(21), time(9))
NOON = QuietHours(time(13), time(15))
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


@pytest.mark.parametrize(
    ("case", "quiet", "moment", "later", "earlier"),
    [
        ("in the afternoon", NIGHT, "2026-03-02T17:00", "2026-03-02T17:00", "2026-03-02T17:00"),
        ("late in the evening", NIGHT, "2026-03-02T23:00", "2026-03-03T09:00", "2026-03-02T21:00"),
        ("early in the morning", NIGHT, "2026-03-03T07:00", "2026-03-03T09:00", "2026-03-02T21:00"),
        ("at the first quiet minute", NIGHT, "2026-03-02T21:00", "2026-03-03T09:00", "2026-03-02T21:00"),
        ("at the last", NIGHT, "2026-03-03T09:00", "2026-03-03T09:00", "2026-03-03T09:00"),
        ("at noon", NOON, "2026-03-02T14:00", "2026-03-02T15:00", "2026-03-02T13:00"),
        ("in the night that loses an hour", NIGHT, "2026-03-29T03:30", "2026-03-29T09:00", "2026-03-28T21:00"),
        ("in the night that has an hour twice", NIGHT, "2026-10-25T02:30", "2026-10-25T09:00", "2026-10-24T21:00"),
    ],
)
def test_a_moment_leaves_the_quiet_hours(case: str, quiet: QuietHours, moment: str, later: str, earlier: str) -> None:
    assert outside(quiet, local(moment), MADRID, earlier=False) == local(later)
    assert outside(quiet, local(moment), MADRID, earlier=True) == local(earlier)


CLOCKS = st.times().map(lambda clock: clock.replace(microsecond=0))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given UTC


@given(CLOCKS, CLOCKS, MOMENTS)
def test_what_was_moved_is_not_moved_again_and_never_by_more_than_a_long_day(
    start_at: time, end: time, moment: datetime
) -> None:
    quiet = QuietHours(start_at, end)
    later = outside(quiet, moment, MADRID, earlier=False)
    earlier = outside(quiet, moment, MADRID, earlier=True)
    assert earlier <= moment <= later
    assert later - earlier <= timedelta(hours=25)
    if start_at != end:
        assert outside(quiet, later, MADRID, earlier=False) == later


def scheduled(**fields: JSON) -> ScheduleTask | None:
    """The one task that a flow with this ``schedule_task`` schedules for an appointment at 8 in Madrid."""
    action: JSONObject = {
        "action": "schedule_task", "task": "remind", "idempotency_key": "r",
        "run_at": "2026-03-05T08:00:00", "cron": None, "interval_seconds": None, **fields,
    }  # fmt: skip
    flow = program({"MENU": state(action)}, tasks={"remind": []})
    loaded = load_program(flow, ProgramSettings(timezone="Europe/Madrid"))
    said = MessageReceived(NOW, InternalMessage("m", "ana", MessageType.TEXT, NOW, "hola"))
    found = [
        effect
        for effect in advance(loaded, start("c", "http_dev", "ana"), said).effects
        if isinstance(effect, ScheduleTask)
    ]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("case", "fields", "due_at"),
    [
        ("as it is", {}, "2026-03-05T08:00"),
        ("two hours before", {"before": 7200}, "2026-03-05T06:00"),
        ("half an hour after", {"after": 1800}, "2026-03-05T08:30"),
        (
            "before, and earlier than the night",
            {"before": 7200, "quiet_hours": {"start": "21:00", "end": "09:00"}},
            "2026-03-04T21:00",
        ),
        ("after the night", {"quiet_hours": {"start": "21:00", "end": "09:00"}}, "2026-03-05T09:00"),
    ],
)
def test_a_task_is_due(case: str, fields: JSONObject, due_at: str) -> None:
    task = scheduled(**fields)
    assert task is not None
    assert task.run_at == local(due_at)
    assert task.grace_seconds is None


def test_a_task_carries_how_late_it_may_run() -> None:
    task = scheduled(grace=1800)
    assert task is not None
    assert task.grace_seconds == 1800


@pytest.mark.parametrize(
    ("case", "fields"),
    [
        ("both ways at once", {"before": 1, "after": 1}),
        ("a rhythm that is moved", {"run_at": None, "interval_seconds": 60, "before": 1}),
        ("a rhythm with quiet hours", {"run_at": None, "cron": "0 9 * * *", "quiet_hours": {"start": "1", "end": "2"}}),
        ("an hour that is none", {"quiet_hours": {"start": "25:00", "end": "09:00"}}),
    ],
)
def test_a_program_with_it_does_not_load(case: str, fields: JSONObject) -> None:
    with pytest.raises(ProgramError):
        scheduled(**fields)


def test_a_time_beyond_all_days_is_refused_and_no_error() -> None:
    assert scheduled(run_at="9999-12-31T23:00:00", after=86_400) is None
