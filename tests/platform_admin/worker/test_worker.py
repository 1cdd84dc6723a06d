"""The queue, the clock and the lead, with time handed in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from flow_engine.vocabulary import JSONObject
from platform_admin.jobs.actions import LEASE, MOST_ATTEMPTS, STALLED, again, claim, enqueue, lead, step_down
from platform_admin.jobs.housekeeping import DONE_KEPT, forget_done
from platform_admin.jobs.models import Job
from platform_admin.observability.models import Turn
from platform_admin.observability.retention import DAYS, forget_old
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.retention import BY_KEY
from platform_admin.worker.loop import Stepped, Worker
from platform_admin.worker.registry import JOB_KINDS, JobKind

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class Log:
    """What ran, and an error to raise."""

    def __init__(self) -> None:
        self.ran: list[JSONObject] = []
        self.error: Exception | None = None

    def run(self, payload: JSONObject, _now: datetime) -> str:
        self.ran.append(payload)
        if self.error:
            raise self.error
        return "done"


def state(kind: str) -> list[str]:
    return list(Job.objects.filter(kind=kind).order_by("due_at").values_list("state", flat=True))


def test_what_is_put_in_twice_is_done_once() -> None:
    log, clock = Log(), Clock()
    worker = Worker([JobKind("mail", log.run)], holder="a", now=clock)
    for _ in range(2):
        enqueue(kind="mail", key="welcome:1", due_at=START, payload={"to": 1})
    assert worker.step() == Stepped(leads=True, done=1)
    enqueue(kind="mail", key="welcome:1", due_at=START, payload={"to": 1})
    assert worker.step() == Stepped(leads=True)
    assert log.ran == [{"to": 1}]


def test_a_recurring_job_comes_once_a_slot_and_missed_slots_are_left_out() -> None:
    log, clock = Log(), Clock()
    worker = Worker([JobKind("watch", log.run, every=timedelta(minutes=1))], holder="a", now=clock)
    worker.step(), worker.step()
    assert len(log.ran) == 1
    clock.now += timedelta(hours=3)
    worker.step()
    assert len(log.ran) == 2


def test_a_job_that_fails_stops_no_other_and_is_tried_again_with_growing_pauses() -> None:
    log, good, clock = Log(), Log(), Clock()
    log.error = ValueError("no mail server")
    worker = Worker([JobKind("mail", log.run), JobKind("other", good.run)], holder="a", now=clock)
    enqueue(kind="mail", key="1", due_at=START)
    enqueue(kind="other", key="1", due_at=START)
    assert worker.step() == Stepped(leads=True, done=1, failed=1)
    assert worker.step() == Stepped(leads=True)
    tries = 1
    for _ in range(20):
        clock.now += timedelta(minutes=10)
        tries += worker.step().failed
    assert (tries, state("mail")) == (MOST_ATTEMPTS, ["failed"])
    failed = Job.objects.get(kind="mail")
    assert failed.told == "ValueError: no mail server"
    log.error = None
    again(job=failed, now=clock.now)
    assert worker.step() == Stepped(leads=True, done=1)


def test_one_leads_and_another_takes_over_when_it_is_gone() -> None:
    log, clock = Log(), Clock()
    first, second = (Worker([JobKind("mail", log.run)], holder=name, now=clock) for name in "ab")
    enqueue(kind="mail", key="1", due_at=START + timedelta(seconds=1))
    assert first.step().leads
    clock.now += timedelta(seconds=2)
    assert second.step() == Stepped(leads=False)
    assert log.ran == []
    clock.now += LEASE + timedelta(seconds=1)
    assert second.step() == Stepped(leads=True, done=1)
    assert first.step() == Stepped(leads=False)


def test_who_steps_down_leaves_the_lead_at_once() -> None:
    assert lead(holder="a", now=START)
    step_down(holder="b", now=START)
    assert not lead(holder="b", now=START)
    step_down(holder="a", now=START)
    assert lead(holder="b", now=START)


def test_a_job_that_a_killed_worker_left_behind_is_done_by_the_next() -> None:
    enqueue(kind="mail", key="1", due_at=START)
    assert claim(now=START) is not None
    assert claim(now=START + STALLED) is None
    left = claim(now=START + STALLED + timedelta(seconds=1))
    assert left is not None
    assert left.attempts == 2


def test_a_job_of_a_kind_nobody_knows_fails_and_says_so() -> None:
    enqueue(kind="from_the_future", key="1", due_at=START)
    assert Worker([], holder="a", now=Clock()).step() == Stepped(leads=True, failed=1)
    assert Job.objects.get().told == "This worker does not know such a job."


def test_done_jobs_are_forgotten_and_failed_ones_stay() -> None:
    for name, kept in (("done", Job.State.DONE), ("failed", Job.State.FAILED)):
        Job.objects.create(kind="x", key=name, due_at=START, state=kept, finished_at=START)
    assert forget_done(now=START + DONE_KEPT + timedelta(seconds=1)) == 1
    assert [job.key for job in Job.objects.all()] == ["failed"]


def test_the_shipped_jobs_all_run_on_an_empty_platform_and_again(luna: Tenant) -> None:
    for _ in range(2):
        out = StringIO()
        call_command("run_worker", "--once", "--json", stdout=out)
        assert json.loads(out.getvalue())["failed"] == 0
    assert {job.kind for job in Job.objects.all()} == {kind.name for kind in JOB_KINDS if kind.every}
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_a_failed_job_shows_in_the_exit_code() -> None:
    enqueue(kind="unknown", key="1", due_at=START)
    with pytest.raises(CommandError) as ended:
        call_command("run_worker", "--once", stdout=StringIO())
    assert ended.value.returncode == 1


def turn(tenant: Tenant, days: int) -> Turn:
    return Turn.objects.create(
        tenant=tenant, turn_id=f"t{days}", conversation="c", contact="c-1", channel="web",
        at=START - timedelta(days=days),
    )  # fmt: skip


def test_turns_are_kept_as_long_as_the_tenant_says(luna: Tenant, sol: Tenant) -> None:
    luna.settings.policies = {"retention": {"turns_days": 3}}
    luna.settings.save()
    for tenant in (luna, sol):
        for days in (1, 5, BY_KEY["turns_days"].default + 1):
            turn(tenant, days)
    assert forget_old(now=START) == {"Turn": 3}
    assert [row.turn_id for row in Turn.objects.for_tenant(luna)] == ["t1"]
    assert [row.turn_id for row in Turn.objects.for_tenant(sol)] == ["t1", "t5"]


def test_the_columns_that_ages_are_told_by_exist() -> None:
    assert all(model._meta.get_field(column) for model, column, _ in DAYS)
