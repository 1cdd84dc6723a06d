"""First steps: a new business is led from a template to a bot that is tried and live. Resumable at any time.

::

    GET  <slug>/start/         the steps, each done or not by what is really there
    POST <slug>/start/begin    industry=hairdresser | clinic | restaurant
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from platform_admin.authoring.first_day.beginning import begin_from
from platform_admin.authoring.first_day.industries import BY_NAME, INDUSTRIES
from platform_admin.authoring.first_day.progress import first_steps
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.errors import ControlPlaneError
from platform_admin.releases.queries import live_release


@place
@require_GET
def start_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    steps = first_steps(visit.tenant)
    context = frame(visit, "start") | {
        "live": live_release(visit.tenant),
        "steps": steps,
        "done": sum(step.done for step in steps),
        "next": next((step.name for step in steps if not step.done), ""),
        "offers": [(industry, industry.edition_for(visit.tenant.language)) for industry in INDUSTRIES],
        "spoken": visit.tenant.language.partition("-")[0],
    }
    return TemplateResponse(request, "authoring/start.html", context)


@place
@require_POST
def begin(request: HttpRequest, visit: Visit) -> HttpResponse:
    industry = BY_NAME.get(request.POST.get("industry", ""))
    if industry is None:
        messages.error(request, _("Choose one of the templates."))
        return redirect("authoring:start", visit.tenant.slug)
    try:
        begin_from(industry, tenant=visit.tenant, by=visit.user)
    except ControlPlaneError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("It is all there, as a draft. Nothing is live before you publish."))
    return redirect("authoring:start", visit.tenant.slug)
