"""What the runtime still has to do, and what it gave up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platform_admin.commands.queries import recent_commands
from platform_admin.observability.queries import open_dead_letters, tasks_of
from platform_admin.sight.access import of_tenant, show
from platform_admin.tenants.models import Tenant

_SHOWN = 200
_COMMANDS_SHOWN = 20


@require_safe
@of_tenant
def work(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    tasks = list(tasks_of(tenant)[: 2 * _SHOWN])
    return show(
        request,
        tenant,
        "work",
        _("waiting"),
        planned=[task for task in tasks if task.state != "missed"],
        missed=[task for task in tasks if task.state == "missed"],
        dead_letters=open_dead_letters(tenant)[:_SHOWN],
        commands=recent_commands(tenant)[:_COMMANDS_SHOWN],
    )
