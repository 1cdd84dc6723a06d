"""``GET bundle``: a tenant's newest release. ``GET keys``: what it is signed with."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import ClassVar, Final

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from flow_engine.bundle import ENVELOPE_MEDIA_TYPE
from platform_admin.observability.actions import note_pull
from platform_admin.releases.models import Release
from platform_admin.releases.queries import live_release, staged_release
from platform_admin.releases.signing_key import public_keys_file
from platform_admin.runtime_api.answers import SigningKeys
from platform_admin.runtime_api.door import RuntimeView, tenant_behind
from platform_admin.tenants.models import Scope

_RESPONSES: Final = {
    (HTTPStatus.OK, ENVELOPE_MEDIA_TYPE): bytes,
    HTTPStatus.NOT_MODIFIED: OpenApiResponse(description="If-None-Match names this release."),
}


class RuntimeBundle(RuntimeView):
    """200 with the signed envelope, or 304 when the runtime has it already.

    401 ``invalid_token``; 404 ``not_found`` before the first release, and for any tenant but the token's own.
    """

    token_scope: ClassVar = Scope.BUNDLE
    http_method_names = ["get", "head"]

    @extend_schema(operation_id="bundle", responses=_RESPONSES)
    def get(self, request: Request, slug: str) -> HttpResponse:
        tenant = tenant_behind(request, slug)
        release = live_release(tenant)
        note_pull(tenant=tenant, serial=release.serial if release else None, at=timezone.now())
        return _answer(request, release)


class RuntimeStagedBundle(RuntimeView):
    """The release that is tried on test contacts, in the same way; 404 while there is none."""

    token_scope: ClassVar = Scope.BUNDLE
    http_method_names = ["get", "head"]

    @extend_schema(operation_id="staged_bundle", responses=_RESPONSES)
    def get(self, request: Request, slug: str) -> HttpResponse:
        return _answer(request, staged_release(tenant_behind(request, slug)))


def _answer(request: Request, release: Release | None) -> HttpResponse:
    if release is None:
        raise NotFound
    etag = f'"{release.etag}"'
    wanted = parse_etags(request.headers.get("If-None-Match", ""))
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    # RFC 9110 section 13.1.2: weak comparison, so a proxy's W/ prefix does not defeat it.
    if "*" in wanted or etag in (tag.removeprefix("W/") for tag in wanted):
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return HttpResponse(bytes(release.envelope), content_type=ENVELOPE_MEDIA_TYPE, headers=headers)


class RuntimeKeys(RuntimeView):
    """The public keys that bundles are or will be signed with, as in the file a runtime pins. For information."""

    token_scope: ClassVar = Scope.BUNDLE
    http_method_names = ["get", "head"]

    @extend_schema(operation_id="keys", responses=SigningKeys)
    def get(self, request: Request, slug: str) -> Response:
        tenant_behind(request, slug)
        return Response(json.loads(public_keys_file()))
