from __future__ import annotations

from datetime import UTC, datetime

import pytest

from runtime.ports.conversation_store import PlannedTask
from runtime.scheduler.recurrence import next_due, next_of_cron

MADRID = "Europe/Madrid"


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        pytest.param("0 9 * * *", "UTC", "2026-03-02T08:59:59", "2026-03-02T09:00:00", id="later today"),
        pytest.param("0 9 * * *", "UTC", "2026-03-02T09:00:00", "2026-03-03T09:00:00", id="never the same moment"),
        pytest.param("0 9 * * *", MADRID, "2026-03-02T07:00:00", "2026-03-02T08:00:00", id="in the tenant's zone"),
        pytest.param("0 9 * * *", MADRID, "2026-07-02T06:00:00", "2026-07-02T07:00:00", id="in summer too"),
        pytest.param("30 2 * * *", MADRID, "2026-03-29T00:00:00", "2026-03-29T01:30:00", id="skipped wall time"),
        pytest.param("30 2 * * *", MADRID, "2026-10-25T00:00:00", "2026-10-25T00:30:00", id="doubled wall time, once"),
        pytest.param("30 2 * * *", MADRID, "2026-10-25T00:30:00", "2026-10-26T01:30:00", id="and not again that day"),
        pytest.param("30 * * * *", MADRID, "2026-10-25T00:30:00", "2026-10-25T01:30:00", id="every hour, both times"),
        pytest.param("0 8 * * 1", "UTC", "2026-03-02T08:00:00", "2026-03-09T08:00:00", id="1 is Monday"),
        pytest.param("0 8 * * 0", "UTC", "2026-03-02T08:00:00", "2026-03-08T08:00:00", id="0 is Sunday"),
        pytest.param("0 8 * * 7", "UTC", "2026-03-02T08:00:00", "2026-03-08T08:00:00", id="7 is Sunday"),
        pytest.param("0 8 * * 1-5", "UTC", "2026-03-06T08:00:00", "2026-03-09T08:00:00", id="working days"),
        pytest.param("0 8 * * 5-7", "UTC", "2026-03-07T09:00:00", "2026-03-08T08:00:00", id="a range up to 7"),
        pytest.param("0 8 * * 6-1", "UTC", "2026-03-08T09:00:00", "2026-03-09T08:00:00", id="a range that wraps"),
        pytest.param("0 8 * * */3", "UTC", "2026-03-02T08:00:00", "2026-03-04T08:00:00", id="steps count from Sunday"),
        pytest.param("0 8 * * mon,WED", "UTC", "2026-03-02T08:00:00", "2026-03-04T08:00:00", id="names"),
        pytest.param("*/15 * * * *", "UTC", "2026-03-02T08:07:00", "2026-03-02T08:15:00", id="every quarter"),
        pytest.param("0 0 29 2 *", "UTC", "2026-03-02T00:00:00", "2028-02-29T00:00:00", id="leap day"),
    ],
)
def test_the_next_moment_of_a_cron_line(cron: str, zone: str, after: str, expected: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert next_of_cron(cron, zone, moment) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "cron", ["", "0 9 * *", "0 9 * * * *", "61 * * * *", "0 9 * * 8", "0 9 * * x", "0 9 * * 1-5/0"]
)
def test_what_is_no_cron_line_is_refused(cron: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        next_of_cron(cron, "UTC", datetime(2026, 3, 2, tzinfo=UTC))


def test_a_cron_line_that_never_comes_has_no_next_moment() -> None:
    assert next_of_cron("0 0 30 2 *", "UTC", datetime(2026, 3, 2, tzinfo=UTC)) is None


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_at", "after", "expected"),
    [
        pytest.param(at(9), at(9), at(9, 10), id="the next one"),
        pytest.param(at(9), at(9, 35), at(9, 40), id="keeps its phase over turns that were missed"),
        pytest.param(at(9), at(8), at(9), id="not before the first one"),
    ],
)
def test_the_next_moment_of_an_interval(due_at: datetime, after: datetime, expected: datetime) -> None:
    assert next_due(PlannedTask("t", "k", due_at, interval_seconds=600), after) == expected


def test_a_task_that_runs_once_has_no_next_moment() -> None:
    assert next_due(PlannedTask("t", "k", at(9)), at(10)) is None
