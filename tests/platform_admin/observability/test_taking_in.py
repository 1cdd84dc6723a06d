"""What a report turns into, list by list."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from platform_admin.observability.models import (
    Conversation,
    DailyCount,
    DeadLetter,
    HandOff,
    HourlyCount,
    Notice,
    ScheduledTask,
    Turn,
)
from platform_admin.observability.report_reading import LONGEST_TRACE_BYTES, read_report
from platform_admin.observability.taking_in import sighting_columns, take_in
from platform_admin.observability.taking_in.trouble import LISTED
from platform_admin.tenants.models import Tenant
from tests.platform_admin.reports import TURN, report

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def at(minutes: int) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat()


def take(tenant: Tenant, now: datetime = NOON, **parts: Any) -> None:
    read = read_report(json.dumps(report(**parts)).encode())
    assert read.refused == ()
    take_in(tenant=tenant, report=read, now=now)


def turn(number: int, **fields: Any) -> dict[str, Any]:
    return {**TURN, "id": f"t{number}", "at": at(number), **fields}


def task(name: str, minutes: int, state: str = "scheduled") -> dict[str, Any]:
    return {"id": name, "task": "reminder", "contact": "c-1", "due_at": at(minutes), "state": state}


def letter(name: str, minutes: int) -> dict[str, Any]:
    return {"id": name, "kind": "outbound", "error": "refused", "at": at(minutes), "contact": "c-1"}


def test_a_conversation_shows_its_latest_whatever_the_order_of_arrival(luna: Tenant) -> None:
    take(luna, turns=[turn(5, heard="later", state_after="B", error={"kind": "x"}), turn(3, heard="first")])
    take(luna, turns=[turn(1, heard="earliest"), turn(5, heard="again the same"), turn(4)])
    row = Conversation.objects.for_tenant(luna).get()
    assert (row.turns, row.errors, row.last_heard, row.state) == (4, 1, "later", "B")
    assert (row.first_at, row.last_at) == (NOON + timedelta(minutes=1), NOON + timedelta(minutes=5))
    assert Turn.objects.for_tenant(luna).get(turn_id="t5").heard == "later"


def test_a_trace_that_nobody_could_read_is_left_out(luna: Tenant) -> None:
    take(luna, turns=[turn(1, trace={"entries": ["x" * LONGEST_TRACE_BYTES]}), turn(2, trace={"entries": []})])
    rows = Turn.objects.for_tenant(luna).order_by("at").values_list("trace", flat=True)
    assert list(rows) == [{"left_out": "too long"}, {"entries": []}]


def test_tasks_are_what_the_last_report_names_and_missed_ones_for_a_week(luna: Tenant) -> None:
    take(luna, scheduled_tasks=[task("a", 10), task("b", 20), task("m", -5, "missed")])
    take(luna, scheduled_tasks=[task("b", 30)])
    rows = ScheduledTask.objects.for_tenant(luna)
    assert [(row.task_id, row.due_at) for row in rows] == [
        ("m", NOON - timedelta(minutes=5)), ("b", NOON + timedelta(minutes=30)),
    ]  # fmt: skip
    take(luna)  # says nothing about tasks
    assert rows.all().count() == 2
    take(luna, now=NOON + timedelta(days=8), scheduled_tasks=[])
    assert rows.all().count() == 0


def test_a_dead_letter_is_open_until_the_runtime_no_longer_lists_it(luna: Tenant) -> None:
    rows = DeadLetter.objects.for_tenant(luna).order_by("dead_letter_id")
    take(luna, dead_letters=[letter("a", 1), letter("b", 2)])
    take(luna, dead_letters=[letter("b", 2)])
    assert list(rows.values_list("dead_letter_id", "state")) == [("a", "settled"), ("b", "open")]
    take(luna, dead_letters=[letter("a", 9)])  # sent again, failed again
    assert list(rows.values_list("dead_letter_id", "state")) == [("a", "open"), ("b", "settled")]
    take(luna)  # says nothing about dead letters
    assert list(rows.values_list("state", flat=True)) == ["open", "settled"]


def test_a_full_list_says_nothing_about_older_dead_letters(luna: Tenant) -> None:
    take(luna, dead_letters=[letter("old", 0)])
    take(luna, dead_letters=[letter(f"n{number}", number) for number in range(1, LISTED + 1)])
    assert DeadLetter.objects.for_tenant(luna).get(dead_letter_id="old").state == "open"


def test_the_last_word_about_a_hand_off_counts(luna: Tenant) -> None:
    first = {"id": "h1", "conversation": "c1", "contact": "c-1", "channel": "web", "at": at(0), "reason": "asked",
             "open": True, "messages": [{"from": "customer", "text": "hello"}]}  # fmt: skip
    take(luna, hand_offs=[first])
    take(luna, hand_offs=[{**first, "open": False, "messages": []}])
    row = HandOff.objects.for_tenant(luna).get()
    assert (row.open, row.messages, row.at) == (False, [], NOON)


def test_a_notice_is_kept_once(luna: Tenant, sol: Tenant) -> None:
    notice = {"id": "n1", "kind": "clock_stalled", "at": at(0), "detail": ""}
    for tenant in (luna, luna, sol):
        take(tenant, notices=[notice])
    assert Notice.objects.across_tenants("this test").count() == 2


def counter(name: str, count: int, *, minutes: int = 0, **labels: str) -> dict[str, Any]:
    return {"name": name, "labels": labels, "hour": at(minutes), "count": count}


def counted(model: type[HourlyCount | DailyCount], tenant: Tenant) -> dict[tuple[str, str], int]:
    rows = model.objects.for_tenant(tenant)
    return {(row.name, row.labels): row.count for row in rows}


def test_counts_are_added_to_those_of_their_hour_and_day_and_to_no_other_tenants(luna: Tenant, sol: Tenant) -> None:
    take(sol, counters=[counter("turns", 7, channel="x")])
    take(luna, counters=[counter("turns", 2, channel="x"), counter("turns", 1, channel="y")])
    take(luna, counters=[counter("turns", 3, channel="x"), counter("turns", 4, minutes=-60, channel="x")])
    hours = HourlyCount.objects.for_tenant(luna).filter(labels='{"channel":"x"}').order_by("hour")
    assert [(row.hour, row.count) for row in hours] == [(NOON - timedelta(hours=1), 4), (NOON, 5)]
    x, y = ("turns", '{"channel":"x"}'), ("turns", '{"channel":"y"}')
    assert counted(DailyCount, luna) == {x: 9, y: 1}
    assert counted(HourlyCount, sol) == counted(DailyCount, sol) == {x: 7}


def test_very_many_series_of_one_report_are_counted_each(luna: Tenant) -> None:
    many = [counter("state_entered", number + 1, state=f"S{number}") for number in range(250)]
    take(luna, counters=many)
    take(luna, counters=many[:101])
    found = counted(HourlyCount, luna)
    assert [found["state_entered", f'{{"state":"S{number}"}}'] for number in (0, 100, 101, 249)] == [2, 202, 102, 250]
    assert len(found) == 250


def digest(slug: str, now: datetime) -> object:
    read = read_report(json.dumps(report(scheduled_tasks=[], dead_letters=[])).encode())
    return sighting_columns(read, slug=slug, now=now)["lists_digest"]


def turns_of_the_day(slug: str) -> list[int]:
    """In which of 48 hours after noon its lists are looked at whatever they are."""
    digests = [digest(slug, NOON + timedelta(hours=hour)) for hour in range(49)]
    return [hour for hour in range(48) if digests[hour] != digests[hour + 1]]


def test_lists_that_do_not_change_are_looked_at_once_a_day_by_each_tenant_at_its_own_hour() -> None:
    hours = {f"t{number}": turns_of_the_day(f"t{number}") for number in range(200)}
    assert {len(turns) for turns in hours.values()} == {2}
    assert {second - first for first, second in hours.values()} == {24}
    busiest = max(Counter(first for first, _ in hours.values()).values())
    assert busiest <= 24  # of 200; with one midnight for all it would be 200
