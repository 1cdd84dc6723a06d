"""Pages of a business tell times as its own clocks show them, whatever the time zone of the machine."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from platform_admin.tenants.models import Tenant


def in_local_time(tenant: Tenant, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """What ``answer`` returns, with its template filled in: afterwards the time zone is that of whoever comes next."""
    with timezone.override(ZoneInfo(tenant.timezone)):
        response = answer()
        if isinstance(response, SimpleTemplateResponse):
            response.render()
    return response
