"""What the map shows on top of the conversation: people, and what the tests walk.

::

    GET  <slug>/conversation/people  ?days=7|30: how many people went which way since then
    GET  <slug>/conversation/tested  how the tests of the draft go, and which steps none of them enters
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from flow_engine.vocabulary import JSON
from platform_admin.authoring.draft_access import draft_of, model_of
from platform_admin.authoring.map.people import people_on_ways
from platform_admin.authoring.places import Visit, place
from platform_admin.authoring.trying.access import board_of
from platform_admin.observability.figures import label_sums
from platform_admin.releases.queries import live_release

SPANS: Final = (7, 30)
"""Days that can be looked at; the first is what an unknown number means."""


@place
@require_GET
def people(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Not before the live release: what people did on another conversation says nothing about this one."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(span) for span in SPANS} else SPANS[0]
    live = live_release(visit.tenant)
    if live is None:
        return JsonResponse({"days": days, "ways": [], "since": None})
    zone = ZoneInfo(visit.tenant.timezone)
    since = max(timezone.now().astimezone(zone) - timedelta(days=days), live.created_at.astimezone(zone)).date()
    document = model_of(draft_of(visit)).document
    renamed = document.get("renamed_states") if isinstance(document, dict) else None
    figures = people_on_ways(
        label_sums(visit.tenant, "state_entered", since=since),
        label_sums(visit.tenant, "transition", since=since),
        {old: new for old, new in renamed.items() if isinstance(new, str)} if isinstance(renamed, dict) else {},
    )
    ways: list[JSON] = [figure.as_json() for figure in figures]
    return JsonResponse({"days": days, "ways": ways, "since": since.isoformat()})


@place
@require_GET
def tested(request: HttpRequest, visit: Visit) -> HttpResponse:  # noqa: ARG001 - there is nothing to ask for
    board = board_of(visit)
    if board is None:
        return JsonResponse({"waits": True, "passed": 0, "count": 0, "untested": []})
    untested: list[JSON] = [*board.untested]
    return JsonResponse({"waits": False, "passed": board.passed, "count": len(board.cases), "untested": untested})
