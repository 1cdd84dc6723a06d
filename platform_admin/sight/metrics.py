"""``GET /metrics``: for Prometheus, with the token from ``METRICS_TOKEN``; without one the address is not there."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from platform_admin.observability.metrics import CONTENT_TYPE, metrics


@require_safe
@never_cache
def metrics_page(request: HttpRequest) -> HttpResponse:
    token: str = settings.METRICS_TOKEN
    if not token:
        raise Http404
    shown = request.headers.get("Authorization", "")
    # Bytes: compare_digest refuses texts with other letters than ASCII.
    if not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="frontdesk metrics"'})
    return HttpResponse(metrics(now=timezone.now()), content_type=CONTENT_TYPE)
