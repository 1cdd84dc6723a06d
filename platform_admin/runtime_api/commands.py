"""``GET commands?wait=<s>``: the long poll. A plain async view, because DRF's views would hold a thread each."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views import View
from rest_framework.request import Request
from rest_framework.views import APIView

from flow_engine.vocabulary import JSONObject
from platform_admin.commands.actions import as_wire, hand_out
from platform_admin.commands.queries import tenants_with_queued_commands
from platform_admin.commands.waiting_room import WaitingRoom
from platform_admin.tenants.api import CHALLENGE, RuntimePrincipal, RuntimeThrottle
from platform_admin.tenants.models import RuntimeToken, Scope, Tenant
from platform_admin.tenants.runtime_door import Refusal, open_door

LONGEST_WAIT_S: Final = 25.0
"""Proxies commonly give up at 30 s."""


async def look_into_the_queue() -> frozenset[int]:
    found: frozenset[int] = await sync_to_async(_without_keeping_the_connection)(tenants_with_queued_commands)
    return found


class RuntimeCommands(View):
    """200 ``{"commands": [...]}``, at once when something waits, else empty after ``wait`` seconds (25 at most).

    401, 403, 404 and 429 as everywhere in this API.
    """

    http_method_names = ["get"]
    room: WaitingRoom | None = None
    """Given by ``as_view``: one for all requests of a process."""

    async def get(self, request: HttpRequest, slug: str) -> JsonResponse:
        outcome = await sync_to_async(_without_keeping_the_connection)(
            open_door, request.headers.get("Authorization", ""), scope=Scope.COMMANDS, now=timezone.now()
        )
        if isinstance(outcome, Refusal):
            return _refused(outcome)
        if outcome.tenant.slug != slug:
            return JsonResponse({"error": "not_found"}, status=HTTPStatus.NOT_FOUND)
        if (retry_after_s := _runs_wild(outcome)) is not None:
            headers = {"Retry-After": f"{retry_after_s:.0f}"}
            return JsonResponse({"error": "throttled"}, status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)
        return JsonResponse({"commands": await self._wait(outcome.tenant, _seconds(request.GET.get("wait", "")))})

    async def _wait(self, tenant: Tenant, seconds: float) -> list[JSONObject]:
        hand_out_now = sync_to_async(_without_keeping_the_connection)
        # Before waiting: what was handed out but never heard of again is not in the queue.
        found = await hand_out_now(hand_out, tenant=tenant, now=timezone.now())
        if not found and seconds and self.room and await self.room.wait_for(tenant.pk, seconds=seconds):
            found = await hand_out_now(hand_out, tenant=tenant, now=timezone.now())
        return as_wire(found)


def _without_keeping_the_connection[**P, R](ask: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """A waiting runtime must not hold a database connection for its 25 seconds.

    Inside somebody's transaction the connection stays: Django would take it for a forgotten one and close it.
    """
    try:
        return ask(*args, **kwargs)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()


def _refused(reason: Refusal) -> JsonResponse:
    if reason is Refusal.SCOPE:
        return JsonResponse({"error": reason.code, "reason": reason}, status=HTTPStatus.FORBIDDEN)
    return JsonResponse(
        {"error": reason.code, "reason": reason},
        status=HTTPStatus.UNAUTHORIZED,
        headers={"WWW-Authenticate": CHALLENGE},
    )


def _runs_wild(token: RuntimeToken) -> float | None:
    """Seconds to stay away, from the same bucket as the rest of the API; ``None`` when all is well."""
    asked = Request(HttpRequest())
    asked.auth = RuntimePrincipal(token)
    throttle = RuntimeThrottle()
    return None if throttle.allow_request(asked, APIView()) else throttle.wait() or 1.0


def _seconds(text: str) -> float:
    """What cannot be read as a time to wait is none."""
    return min(float(text), LONGEST_WAIT_S) if text.isdecimal() and len(text) <= len("3600") else 0.0
