from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.observability.models import DailyCount, HourlyCount, ReceivedReport, RuntimeSighting, Turn
from platform_admin.observability.report_reading import MAX_REPORT_BYTES
from platform_admin.releases.actions import publish
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND, sources
from tests.platform_admin.reports import HEARTBEAT, REPORT_URL, TURN, report, send

pytestmark = pytest.mark.django_db

HOUR = timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def token(luna: Tenant) -> str:
    return issue_runtime_token(tenant=luna, by=COMMAND).clear


def rows_stored() -> int:
    models = [model for model in apps.get_models() if model._meta.app_label == "observability"]
    return sum(model.objects.across_tenants("this test").count() for model in models)  # type: ignore[attr-defined] # every one is scoped


def counter(count: int, hour: datetime = HOUR, **labels: str) -> dict[str, Any]:
    return {"name": "turns", "labels": labels, "hour": hour.isoformat(), "count": count}


def test_a_report_is_acknowledged_and_answered_with_what_is_wanted(client: Client, token: str, luna: Tenant) -> None:
    publish(tenant=luna, by=COMMAND, sources=sources())
    body = report()
    answer = send(client, token, body)
    assert answer.status_code == 200
    assert answer.json() == {
        "acknowledged": body["report_id"],
        "suspended": False,
        "serial": 1,
        "staged_serial": None,
        "commands": [],
        "poll_after_s": 15,
        "refused": [],
    }


def test_the_heartbeat_is_kept_as_the_runtimes_last_word(client: Client, token: str, luna: Tenant) -> None:
    beat = {**HEARTBEAT, "serial": 7, "ready": False, "degraded": ["the disk is nearly full"],
            "refusal": {"code": "compile", "reason": "No such state."}}  # fmt: skip
    send(client, token, report(heartbeat=beat, gauges={"dead_letters": 3}))
    seen = RuntimeSighting.objects.for_tenant(luna).get()
    assert (seen.serial, seen.ready, seen.degraded) == (7, False, ["the disk is nearly full"])
    assert (seen.refusal_code, seen.refusal_reason) == ("compile", "No such state.")
    assert (seen.version, seen.build, seen.gauges) == ("0.1.0", "abc", {"dead_letters": 3})
    send(client, token, report())
    seen.refresh_from_db()
    assert (seen.ready, seen.refusal_code, seen.degraded) == (True, "", [])


def test_counts_add_up_by_hour_and_by_day(client: Client, token: str, luna: Tenant) -> None:
    sent = [counter(2, channel="web"), counter(3, channel="web"), counter(1, channel="wa")]
    too_old, ahead = HOUR - timedelta(days=41), HOUR + timedelta(hours=3)
    send(client, token, report(counters=sent))
    send(client, token, report(counters=[counter(4, channel="web"), counter(9, too_old), counter(9, ahead)]))
    for model in (HourlyCount, DailyCount):
        rows = model.objects.for_tenant(luna).values_list("labels", "count").order_by("labels")
        assert list(rows) == [('{"channel":"wa"}', 1), ('{"channel":"web"}', 9)]


def test_a_count_belongs_to_the_day_of_the_tenants_clock(client: Client, token: str, luna: Tenant) -> None:
    late_evening = (timezone.now() - timedelta(days=2)).replace(hour=23, minute=30, second=0, microsecond=0)
    send(client, token, report(counters=[counter(1, hour=late_evening)]))
    count = DailyCount.objects.for_tenant(luna).get()
    assert count.day == late_evening.date() + timedelta(days=1)


def test_a_report_that_comes_again_is_answered_again_and_adds_nothing(client: Client, token: str, luna: Tenant) -> None:
    body = report(counters=[counter(5)], turns=[TURN])
    first, second = send(client, token, body), send(client, token, body)
    assert first.json() == second.json()
    assert HourlyCount.objects.for_tenant(luna).get().count == 5
    assert Turn.objects.for_tenant(luna).count() == 1
    assert ReceivedReport.objects.for_tenant(luna).count() == 1


@pytest.mark.parametrize(
    "report_id", ["6f9619ff8b86d011b42d00cf4fc964ff", "6F9619FF-8B86-D011-B42D-00CF4FC964FF", "r1"]
)
def test_an_id_is_acknowledged_to_the_letter(report_id: str, client: Client, token: str, luna: Tenant) -> None:
    for _ in range(2):
        assert send(client, token, report(report_id, counters=[counter(1)])).json()["acknowledged"] == report_id
    assert HourlyCount.objects.for_tenant(luna).get().count == 1


def test_two_tenants_may_use_the_same_report_id(client: Client, token: str, luna: Tenant, sol: Tenant) -> None:
    other = issue_runtime_token(tenant=sol, by=COMMAND).clear
    shared = str(uuid.uuid4())
    send(client, token, report(shared, counters=[counter(1)]))
    send(client, other, report(shared, counters=[counter(1)]), url=REPORT_URL.replace("luna", "sol"))
    assert HourlyCount.objects.for_tenant(luna).get().count == 1
    assert HourlyCount.objects.for_tenant(sol).get().count == 1


def test_items_that_are_wrong_are_left_out_and_named_and_the_rest_is_kept(
    client: Client, token: str, luna: Tenant
) -> None:
    body = report(
        counters=[counter(1), {"name": "BAD NAME", "hour": "x", "count": -1}],
        turns=["no object", {**TURN, "at": "yesterday"}, TURN],
        notices=[{"id": "", "kind": "x", "at": HEARTBEAT["at"]}],
    )
    answer = send(client, token, body)
    refused = [(item["part"], item["index"]) for item in answer.json()["refused"]]
    assert (answer.status_code, refused) == (200, [("counters", 1), ("turns", 0), ("turns", 1), ("notices", 0)])
    assert HourlyCount.objects.for_tenant(luna).get().count == 1
    assert Turn.objects.for_tenant(luna).get().turn_id == TURN["id"]


UNREADABLE = {
    "nothing": b"",
    "no JSON": b"hello",
    "no UTF-8": b'{"format": 1, "report_id": "\xff"}',
    "a number that is none": b'{"format": NaN}',
    "another format": b'{"format": 2, "report_id": "6f9619ff-8b86-d011-b42d-00cf4fc964ff"}',
    "no id": b'{"format": 1}',
    "a list": b"[]",
    "nested without end": b"[" * 100_000,
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_frame_that_is_wrong_is_refused_with_a_reason_and_nothing_is_stored(
    body: bytes, client: Client, token: str
) -> None:
    before = rows_stored()
    answer = send(client, token, body)
    assert answer.status_code == 400
    assert answer.json()["error"] == "bad_report"
    assert answer.json()["reason"]
    assert rows_stored() == before


def test_a_report_that_is_too_long_is_refused_so_that_the_runtime_splits_it(client: Client, token: str) -> None:
    before = rows_stored()
    answer = send(client, token, b" " * (MAX_REPORT_BYTES + 1))
    assert (answer.status_code, answer.json()) == (413, {"error": "too_large"})
    assert rows_stored() == before


def test_characters_that_no_database_holds_are_replaced(client: Client, token: str, luna: Tenant) -> None:
    body = report(turns=[{**TURN, "heard": "a\x00b\ud800", "trace": {"x\x00": "\udfff"}}])
    assert send(client, token, body).status_code == 200
    turn = Turn.objects.for_tenant(luna).get()
    assert (turn.heard, turn.trace) == ("a�b�", {"x�": "�"})


def test_another_tenants_report_is_not_taken(client: Client, token: str, sol: Tenant) -> None:
    answer = send(client, token, report(), url=REPORT_URL.replace("luna", "sol"))
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})
    assert not RuntimeSighting.objects.for_tenant(sol).exists()


def test_the_answer_brings_commands_and_the_next_report_their_results(client: Client, token: str, luna: Tenant) -> None:
    command = queue_command(tenant=luna, kind=CommandKind.RUN_TASK, payload={"task_id": "t1"}, by=COMMAND)
    (received,) = send(client, token, report()).json()["commands"]
    assert received == {
        "id": str(command.public_id), "kind": "run_task", "payload": {"task_id": "t1"},
        "issued_at": command.issued_at.isoformat(), "expires_at": None,
    }  # fmt: skip
    done = {"id": received["id"], "status": "done", "detail": "", "result": {"state": "fired"}}
    assert send(client, token, report(command_results=[done])).json()["commands"] == []
    command.refresh_from_db()
    assert (command.state, command.result) == (RuntimeCommand.State.DONE, {"state": "fired"})


def test_a_suspended_tenants_runtime_is_told_so(client: Client, token: str, luna: Tenant) -> None:
    Tenant.objects.filter(pk=luna.pk).update(status=Tenant.Status.SUSPENDED)
    assert send(client, token, report()).json()["suspended"] is True


def test_the_number_of_queries_does_not_grow_with_the_report(client: Client, token: str) -> None:
    def queries(size: int) -> int:
        body = report(
            counters=[counter(1, channel=str(n)) for n in range(size)],
            turns=[{**TURN, "id": f"{size}-{n}", "conversation": f"c{size}-{n}"} for n in range(size)],
        )
        with CaptureQueriesContext(connection) as captured:
            assert send(client, token, body).status_code == 200
        return len(captured)

    queries(1)
    assert queries(2) == queries(40) <= 30
