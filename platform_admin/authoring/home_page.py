"""Where people of a business land after they have signed in, and the first page of each business.

::

    GET /            to the business somebody was at last, or their only one; operators to the overview of all
    GET <slug>/      what needs a look, how the week goes, what stands where
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone as clock
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from platform_admin.authoring.first_day.progress import first_steps
from platform_admin.authoring.home.attention import attention_of, standing_of
from platform_admin.authoring.places import LAST_VISITED, Visit, businesses_of, frame, place, signed_in_only
from platform_admin.observability.charts import Bars, bars
from platform_admin.observability.figures import daily, label_sums
from platform_admin.releases.queries import live_release_with_parts
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.scoped_admin import signed_in

DAYS: Final = 14
_MOST_OUTCOMES: Final = 4


@signed_in_only
@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """Nobody needs to know addresses. Who belongs to no business is told so, and is not shown anybody else's."""
    user = signed_in(request)
    if user.is_superuser:
        return redirect("admin:index")
    businesses = businesses_of(user)
    last = businesses.filter(slug=request.session.get(LAST_VISITED, "")).first()
    chosen = last or businesses.first()
    if chosen is None:
        return TemplateResponse(request, "authoring/nowhere.html", {})
    return redirect("authoring:home", chosen.slug)


@place
@require_GET
def home_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    live, row = live_release_with_parts(visit.tenant), standing_of(visit.tenant)
    week = _today(visit.tenant) - timedelta(days=6)
    steps = first_steps(visit.tenant)
    outcomes = [(labels.get("outcome", ""), count) for labels, count in label_sums(visit.tenant, "outcome", since=week)]
    context = frame(visit, "home") | {
        "live": live,
        "attention": attention_of(visit, row, live),
        "row": row,
        "steps": steps if any(not step.done for step in steps) else (),
        "done": sum(step.done for step in steps),
        "days": _days(visit.tenant),
        "outcomes": outcomes[:_MOST_OUTCOMES],
    }
    return TemplateResponse(request, "authoring/home.html", context)


def _days(tenant: Tenant) -> Bars:
    """Messages of the last two weeks, day by day in the tenant's own days."""
    first = _today(tenant) - timedelta(days=DAYS - 1)
    per_day = dict.fromkeys((first + timedelta(days=n) for n in range(DAYS)), 0)
    for day, _name, _labels, count in daily(tenant, ["messages_in"], since=first):
        per_day[day] = per_day.get(day, 0) + count
    return bars(list(per_day.values()), [date_format(day, "SHORT_DATE_FORMAT") for day in per_day], height=72)


def _today(tenant: Tenant) -> date:
    return clock.now().astimezone(ZoneInfo(tenant.timezone)).date()
