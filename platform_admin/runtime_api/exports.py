"""``POST exports/<command>``: the archive of one contact, as an ``export_contact`` asked for it."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import ClassVar, Final

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from platform_admin.errors import ConflictError, NotThereError
from platform_admin.privacy.exports import take_export
from platform_admin.runtime_api.answers import ApiError, ExportReceipt
from platform_admin.runtime_api.door import RuntimeView, tenant_behind
from platform_admin.runtime_api.raw_body import ExportBody, raw_body
from platform_admin.tenants.models import Scope

_ARCHIVE_SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""A zip file with entries, and one without (APPNOTE 4.3.7 and 4.3.16)."""


class NotAnArchive(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "not_an_archive"


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class RuntimeExport(RuntimeView):
    """Keep the archive. The same bytes again are fine; 409 for others, 404 for a command that asked for none."""

    token_scope: ClassVar = Scope.EXPORTS
    parser_classes = [ExportBody]
    http_method_names = ["post"]

    @extend_schema(
        operation_id="export",
        request={"application/zip": OpenApiTypes.BINARY},
        responses={
            HTTPStatus.CREATED: ExportReceipt,
            HTTPStatus.BAD_REQUEST: ApiError,
            HTTPStatus.CONFLICT: ApiError,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ApiError,
        },
    )
    def post(self, request: Request, slug: str, command_id: uuid.UUID) -> Response:
        tenant = tenant_behind(request, slug)
        content = raw_body(request)
        if not content.startswith(_ARCHIVE_SIGNATURES):
            raise NotAnArchive
        try:
            kept = take_export(tenant=tenant, command_id=command_id, content=content, now=timezone.now())
        except NotThereError as error:
            raise NotFound from error
        except ConflictError as error:
            raise Conflict from error
        return Response({"sha256": kept.sha256}, status=status.HTTP_201_CREATED)
