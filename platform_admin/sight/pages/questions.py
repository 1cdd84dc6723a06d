"""What customers asked and nobody could answer: the gap list of the FAQ document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platform_admin.observability.queries import unanswered_of
from platform_admin.sight.access import of_tenant, show
from platform_admin.sight.gaps import MOST_QUESTIONS, gaps
from platform_admin.tenants.models import Tenant


@require_safe
@of_tenant
def questions(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    found = gaps(list(unanswered_of(tenant)[:MOST_QUESTIONS]))
    return show(request, tenant, "questions", _("unanswered questions"), gaps=found)
