"""The long poll, through the whole stack of middleware."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from rest_framework.throttling import SimpleRateThrottle

from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.api import RuntimeThrottle
from platform_admin.tenants.models import Scope, Tenant
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/runtime/v1/tenants/luna/commands"


@pytest.fixture
def token(luna: Tenant) -> str:
    return issue_runtime_token(tenant=luna, by=COMMAND).clear


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def queue(tenant: Tenant) -> RuntimeCommand:
    return queue_command(tenant=tenant, kind=CommandKind.BACKUP, payload={}, by=COMMAND)


async def test_what_waits_is_answered_at_once(async_client: AsyncClient, token: str, luna: Tenant) -> None:
    command = await sync_to_async(queue)(luna)
    answer = await async_client.get(f"{URL}?wait=25", headers=bearer(token))
    (received,) = answer.json()["commands"]
    assert (answer.status_code, received["id"], received["kind"]) == (200, str(command.public_id), "backup")


async def test_what_is_queued_during_the_wait_ends_it(async_client: AsyncClient, token: str, luna: Tenant) -> None:
    waiting = asyncio.create_task(async_client.get(f"{URL}?wait=20", headers=bearer(token)))
    await asyncio.sleep(0)
    await sync_to_async(queue)(luna)
    answer = await asyncio.wait_for(waiting, timeout=15)
    assert len(answer.json()["commands"]) == 1


@pytest.mark.parametrize("query", ["", "?wait=0", "?wait=1", "?wait=-5", "?wait=soon", "?wait=99999999999"])
async def test_nothing_to_do_is_an_empty_list(query: str, async_client: AsyncClient, token: str) -> None:
    answer = await async_client.get(URL + query, headers=bearer(token))
    assert (answer.status_code, answer.json()) == (200, {"commands": []})


async def test_a_command_of_another_tenant_wakes_nobody(async_client: AsyncClient, token: str, sol: Tenant) -> None:
    command = await sync_to_async(queue)(sol)
    answer = await async_client.get(f"{URL}?wait=1", headers=bearer(token))
    assert answer.json() == {"commands": []}
    await sync_to_async(command.refresh_from_db)()
    assert command.state == RuntimeCommand.State.QUEUED


async def test_who_has_no_business_here_is_refused(async_client: AsyncClient, token: str, luna: Tenant) -> None:
    narrow = (await sync_to_async(issue_runtime_token)(tenant=luna, by=COMMAND, scopes=[Scope.BUNDLE])).clear
    answers = [
        await async_client.get(URL),
        await async_client.get(URL, headers=bearer("fdrt_unknown")),
        await async_client.get(URL, headers=bearer(narrow)),
        await async_client.get(URL.replace("luna", "sol"), headers=bearer(token)),
        await async_client.post(URL, headers=bearer(token)),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 403, 404, 405]
    assert [answer.json() for answer in answers[:4]] == [
        {"error": "invalid_token", "reason": "missing"},
        {"error": "invalid_token", "reason": "unknown"},
        {"error": "insufficient_scope", "reason": "scope"},
        {"error": "not_found"},
    ]
    assert answers[0]["WWW-Authenticate"] == 'Bearer realm="frontdesk"'


async def test_a_runtime_that_runs_wild_is_slowed_down(
    async_client: AsyncClient, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {RuntimeThrottle.scope: "1/min"})
    answers = [await async_client.get(URL, headers=bearer(token)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert 0 < int(answers[1]["Retry-After"]) <= 60
