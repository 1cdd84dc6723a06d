"""Connectors and breakers, free questions against their quota, notices and incidents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platform_admin.observability.charts import bars
from platform_admin.observability.figures import daily
from platform_admin.observability.queries import recent_incidents, recent_notices, sighting_of
from platform_admin.observability.standing import quota_of
from platform_admin.sight.access import of_tenant, show
from platform_admin.sight.category_titles import category_title
from platform_admin.sight.connector_lines import connector_lines
from platform_admin.tenants.models import Tenant

_DAYS: Final = 30
_LLM: Final = ("llm_tokens", "llm_answers", "llm_refusals")


@require_safe
@of_tenant
def health(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    now = timezone.now()
    sighting = sighting_of(tenant)
    gauges: Mapping[str, Any] = {} if sighting is None else sighting.gauges
    since = now.astimezone(ZoneInfo(tenant.timezone)).date() - timedelta(days=_DAYS - 1)
    tokens = dict.fromkeys((since + timedelta(days=n) for n in range(_DAYS)), 0)
    totals = dict.fromkeys(_LLM, 0)
    kinds = {"input": 0, "output": 0}
    for day, name, labels, count in daily(tenant, _LLM, since=since):
        totals[name] += count
        if name == "llm_tokens":
            tokens[day] = tokens.get(day, 0) + count
            if (kind := labels.get("kind")) in kinds:  # an older runtime does not split them
                kinds[kind] += count
    return show(
        request,
        tenant,
        "health",
        _("health"),
        sighting=sighting,
        quota=None if sighting is None else quota_of(gauges, now=now),
        tokens=bars(list(tokens.values()), [date_format(day, "SHORT_DATE_FORMAT") for day in tokens]),
        kinds=kinds,
        answers=totals["llm_answers"],
        refusals=totals["llm_refusals"],
        breakers=connector_lines(_objects(gauges.get("breakers"))),
        latency=[
            {**row, "title": category_title(str(row.get("connector", "")))}
            for row in _objects(gauges.get("connector_latency"))
        ],
        waiting={name: gauges.get(name) for name in ("inbox_waiting", "outbox_waiting", "dead_letters")},
        notices=recent_notices(tenant),
        incidents=recent_incidents(tenant),
    )


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
