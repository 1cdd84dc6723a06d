"""No page of a control plane is for a search engine."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
