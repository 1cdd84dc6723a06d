"""The door the runtimes knock on: their own newest bundle, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from flow_engine.bundle import ENVELOPE_MEDIA_TYPE
from platform_admin.observability.actions import note_pull
from platform_admin.releases.queries import live_release
from platform_admin.tenants.api import RuntimePrincipal, RuntimeThrottle, RuntimeTokenAuthentication


class OneRenderer(BaseContentNegotiation):
    """Errors are JSON and bundles are bytes, whatever ``Accept`` says."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return next(iter(parsers), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class RuntimeBundle(APIView):
    """``GET tenants/<slug>/bundle``: 200 with the signed envelope, or 304 when the runtime has it already.

    401 ``invalid_token``; 404 ``not_found`` before the first release, and for any tenant but the token's own.
    """

    authentication_classes = [RuntimeTokenAuthentication]
    throttle_classes = [RuntimeThrottle]
    content_negotiation_class = OneRenderer
    http_method_names = ["get", "head"]

    def get(self, request: Request, slug: str) -> HttpResponse:
        principal = request.auth
        if not isinstance(principal, RuntimePrincipal) or principal.tenant.slug != slug:
            raise NotFound
        release = live_release(principal.tenant)
        note_pull(tenant=principal.tenant, serial=release.serial if release else None, at=timezone.now())
        if release is None:
            raise NotFound
        etag = f'"{release.etag}"'
        wanted = parse_etags(request.headers.get("If-None-Match", ""))
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        # RFC 9110 section 13.1.2: weak comparison, so a proxy's W/ prefix does not defeat it.
        if "*" in wanted or etag in (tag.removeprefix("W/") for tag in wanted):
            return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return HttpResponse(bytes(release.envelope), content_type=ENVELOPE_MEDIA_TYPE, headers=headers)
