"""What goes the fast way is answered as the ordinary way answers it, and leaves the same behind."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.utils import timezone

from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.observability.models import HourlyCount, ReceivedReport, RuntimeSighting, ScheduledTask, Turn
from platform_admin.releases.actions import publish
from platform_admin.releases.provisioning import provision
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.runtime_api.fast_lane.asgi import FastLane
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import RuntimeToken, Scope, Tenant
from tests.platform_admin.reports import AT, TURN, report
from tests.platform_admin.runtime_api.lane import Django, Lane

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

BY = CommandActor("test")
BASE = "/api/runtime/v1/tenants/luna"
FLOW = """\
id: greeting
initial_state: MENU
states:
  MENU:
    on_enter: [{action: send_text, text: "Hola"}]
    fallback: MENU
"""


@dataclass(frozen=True, slots=True)
class Given:
    """A tenant with a release, and its token."""

    tenant: Tenant
    token: str
    etag: str


@pytest.fixture
def luna() -> Given:
    tenant, secrets = provision(
        slug="luna", name="Luna", language="es", timezone="Europe/Madrid", channel="http_dev", by=BY
    )
    release = publish(tenant=tenant, by=BY, sources=Sources(flow=SourceText(FLOW, "flow.yaml"), knowledge="# FAQ\n\nx"))
    del secrets
    token = issue_runtime_token(tenant=tenant, by=BY, label="test").clear
    RuntimeSighting.objects.create(tenant=tenant)
    return Given(tenant, token, f'"{release.etag}"')


@pytest.fixture
async def lane() -> AsyncIterator[Lane]:
    django = Django()
    application = FastLane(django)
    yield Lane(django, application)
    application.close()
    # The thread of asynchronous queries keeps a connection, and the test database could not be dropped.
    await sync_to_async(connections.close_all)()


def bearer(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **more}


async def test_a_runtime_that_has_the_live_release_is_told_so(lane: Lane, luna: Given, client: Client) -> None:
    headers = bearer(luna.token, **{"If-None-Match": luna.etag})
    status, said, body = await lane.ask("GET", f"{BASE}/bundle", headers)
    assert (status, said["etag"], said["cache-control"], body) == (304, luna.etag, "private, no-cache", b"")
    assert lane.django.asked == []
    seen = await RuntimeSighting.objects.across_tenants("test").aget(tenant=luna.tenant)
    token = await RuntimeToken.objects.across_tenants("test").aget(label="test")
    assert seen.last_pull_at is not None
    assert (seen.serial, token.last_used_at) == (1, seen.last_pull_at)


HANDED_ON: dict[str, tuple[str, str, dict[str, str]]] = {
    "no token": ("GET", "bundle", {"Authorization": ""}),
    "an unknown token": ("GET", "bundle", {"Authorization": "Bearer fdrt_unknown"}),
    "another scheme": ("GET", "bundle", {"Authorization": "Basic fdrt"}),
    "two words for a token": ("GET", "bundle", {"Authorization": "Bearer a b"}),
    "another release": ("GET", "bundle", {"If-None-Match": '"other"'}),
    "no release named": ("GET", "bundle", {"If-None-Match": ""}),
    "another method": ("HEAD", "bundle", {}),
    "another address": ("GET", "keys", {}),
    "a packed body": ("POST", "report", {"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize(("method", "door", "changed"), HANDED_ON.values(), ids=HANDED_ON)
async def test_what_is_unusual_goes_the_ordinary_way_and_changes_nothing(
    lane: Lane, luna: Given, method: str, door: str, changed: dict[str, str]
) -> None:
    headers = bearer(luna.token, **{"If-None-Match": luna.etag}) | changed
    status, _, _ = await lane.ask(method, f"{BASE}/{door}", headers, body=b"{}")
    assert status == 299
    assert lane.django.asked == [(f"{BASE}/{door}", b"{}")]
    assert not await RuntimeSighting.objects.across_tenants("test").filter(last_pull_at__isnull=False).aexists()


async def test_anothers_tenant_is_not_opened(lane: Lane, luna: Given) -> None:
    headers = bearer(luna.token, **{"If-None-Match": luna.etag})
    status, _, _ = await lane.ask("GET", BASE.replace("luna", "sol") + "/bundle", headers)
    assert status == 299


@pytest.mark.parametrize("change", ["revoked", "expired", "narrow"])
async def test_a_token_is_looked_at_every_time(lane: Lane, luna: Given, change: str) -> None:
    headers = bearer(luna.token, **{"If-None-Match": luna.etag})
    assert (await lane.ask("GET", f"{BASE}/bundle", headers))[0] == 304
    tokens = RuntimeToken.objects.across_tenants("test").filter(label="test")
    now = timezone.now()
    match change:
        case "revoked":
            await tokens.aupdate(revoked_at=now)
        case "expired":
            await tokens.aupdate(expires_at=now)
        case _:
            await tokens.aupdate(scopes=[Scope.REPORT])
    assert (await lane.ask("GET", f"{BASE}/bundle", headers))[0] == 299


async def test_a_report_is_taken_in_and_answered_as_the_ordinary_way_does(
    lane: Lane, luna: Given, async_client: Any
) -> None:
    task = {"id": "7", "task": "reminder", "contact": "c-5f1c0a9be2d4-41", "channel": "http_dev", "due_at": AT,
            "state": "scheduled"}  # fmt: skip
    counter = {"name": "turns", "labels": {}, "hour": timezone.now().isoformat(), "count": 2}
    parts: dict[str, Any] = {"turns": [TURN], "counters": [counter], "scheduled_tasks": [task], "dead_letters": []}
    first = json.dumps(report("first", **parts, notices=[{"id": 1}])).encode()
    status, said, body = await lane.ask("POST", f"{BASE}/report", bearer(luna.token), body=first)
    assert (status, said["content-type"]) == (200, "application/json")
    assert lane.django.asked == []
    second = report("second", notices=[{"id": 1}])
    ordinary = await async_client.post(
        f"{BASE}/report", data=json.dumps(second), content_type="application/json", headers=bearer(luna.token)
    )
    assert json.loads(body) == {**ordinary.json(), "acknowledged": "first"}
    assert json.loads(body)["serial"] == 1
    assert [item["part"] for item in json.loads(body)["refused"]] == ["notices"]
    assert await Turn.objects.across_tenants("test").acount() == 1
    assert await ScheduledTask.objects.across_tenants("test").acount() == 1
    again = await lane.ask("POST", f"{BASE}/report", bearer(luna.token), body=first)
    assert again[2] == body
    assert await ReceivedReport.objects.across_tenants("test").acount() == 1  # that of the quiet one is not kept
    assert (await HourlyCount.objects.across_tenants("test").aget()).count == 2


MORE_THAN_A_REPORT: dict[str, bytes] = {
    "no JSON": b"{",
    "results of commands": json.dumps(
        report("r", command_results=[{"id": str(uuid.uuid4()), "status": "done", "detail": "", "result": None}])
    ).encode(),
    "a release it refused": json.dumps(
        report("r") | {"heartbeat": {**report()["heartbeat"], "refusal": {"code": "x", "reason": "y"}}}
    ).encode(),
    "too long": b" " * (1024 * 1024 + 1),
}


@pytest.mark.parametrize("body", MORE_THAN_A_REPORT.values(), ids=MORE_THAN_A_REPORT)
async def test_a_report_that_is_more_goes_the_ordinary_way_whole(lane: Lane, luna: Given, body: bytes) -> None:
    status, _, _ = await lane.ask("POST", f"{BASE}/report", bearer(luna.token), body=body)
    assert status == 299
    assert lane.django.asked == [(f"{BASE}/report", body)]
    assert not await ReceivedReport.objects.across_tenants("test").aexists()


async def test_nothing_to_do_is_said_after_the_wait(lane: Lane, luna: Given) -> None:
    status, _, body = await lane.ask("GET", f"{BASE}/commands?wait=1", bearer(luna.token))
    assert (status, body) == (200, b'{"commands":[]}')


@pytest.mark.parametrize("state", ["queued", "lost"])
async def test_who_has_something_to_do_goes_the_ordinary_way(lane: Lane, luna: Given, state: str) -> None:
    command = await sync_to_async(queue_command)(tenant=luna.tenant, kind=CommandKind.BACKUP, payload={}, by=BY)
    if state == "lost":
        long_ago = timezone.now() - timedelta(minutes=5)
        rows = RuntimeCommand.objects.across_tenants("test").filter(pk=command.pk)
        await rows.aupdate(state="delivered", delivered_at=long_ago)
    for method, door, body in (("GET", "commands?wait=1", b""), ("POST", "report", json.dumps(report()).encode())):
        assert (await lane.ask(method, f"{BASE}/{door}", bearer(luna.token), body=body))[0] == 299


async def test_plain_http_is_left_to_django_where_only_https_is_served(lane: Lane, luna: Given, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    headers = bearer(luna.token, **{"If-None-Match": luna.etag})
    assert (await lane.ask("GET", f"{BASE}/bundle", headers))[0] == 299
    assert (await lane.ask("GET", f"{BASE}/bundle", headers, scheme="https"))[0] == 304


async def test_one_that_runs_wild_is_left_to_django(lane: Lane, luna: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("platform_admin.tenants.api.RuntimeThrottle.THROTTLE_RATES", {"runtime": "2/min"})
    headers = bearer(luna.token, **{"If-None-Match": luna.etag})
    statuses = [(await lane.ask("GET", f"{BASE}/bundle", headers))[0] for _ in range(3)]
    cache.clear()
    assert statuses == [304, 304, 299]


async def test_a_quiet_report_is_noted_in_one_statement_and_leaves_no_id(lane: Lane, luna: Given) -> None:
    quiet = json.dumps(report("first", gauges={"dead_letters": 0}, dead_letters=[], scheduled_tasks=[])).encode()
    for number in (1, 2, 3):  # the first brings the lists, the others are the same again
        body = quiet.replace(b'"first"', f'"r{number}"'.encode())
        status, _, answer = await lane.ask("POST", f"{BASE}/report", bearer(luna.token), body=body)
        assert (status, json.loads(answer)["acknowledged"]) == (200, f"r{number}")
    seen = await RuntimeSighting.objects.across_tenants("test").aget(tenant=luna.tenant)
    assert (seen.version, seen.build, seen.serial, seen.ready) == ("0.1.0", "abc", 1, True)
    assert (seen.gauges, seen.formats) == ({"dead_letters": 0}, {"bundle": [1]})
    assert seen.last_report_at is not None
    assert seen.last_inbound_at is not None
    assert lane.django.asked == []
    assert not await ReceivedReport.objects.across_tenants("test").aexists()


async def test_a_quiet_report_with_other_lists_is_taken_in_whole(lane: Lane, luna: Given) -> None:
    task = {"id": "7", "task": "reminder", "contact": "c-5f1c0a9be2d4-41", "channel": "http_dev", "due_at": AT,
            "state": "scheduled"}  # fmt: skip
    tasks = ScheduledTask.objects.across_tenants("test")
    for listed, expected in (([task], 1), ([task], 1), ([], 0)):
        body = json.dumps(report(scheduled_tasks=listed)).encode()
        assert (await lane.ask("POST", f"{BASE}/report", bearer(luna.token), body=body))[0] == 200
        assert await tasks.acount() == expected


async def test_a_runtime_that_leaves_half_way_is_let_go(lane: Lane, luna: Given) -> None:
    pieces: list[Any] = [
        {"type": "http.request", "body": b'{"format":', "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return pieces.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    authorization = (b"authorization", f"Bearer {luna.token}".encode())
    scope = {"type": "http", "method": "POST", "path": f"{BASE}/report", "headers": [authorization], "scheme": "http"}
    await lane.application(scope, receive, send)
    assert (sent, lane.django.asked) == ([], [])
    assert not await ReceivedReport.objects.across_tenants("whatever there is").aexists()
