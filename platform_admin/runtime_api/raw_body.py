"""Bodies taken as they come, up to a limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, ClassVar

from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from platform_admin.observability.report_reading import MAX_REPORT_BYTES

MAX_EXPORT_BYTES = 20 * 1024 * 1024
"""A contact of some years with pictures left out is a few megabytes."""


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class RawBody(BaseParser):
    """``request.data`` is the bytes. What says it is too long is not read at all."""

    limit: ClassVar[int]

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 - the stubs know parsers of forms only
        body: bytes = stream.read(self.limit + 1)
        if len(body) > self.limit:
            raise TooLarge
        return body


class ReportBody(RawBody):
    media_type = "application/json"
    limit: ClassVar[int] = MAX_REPORT_BYTES


class ExportBody(RawBody):
    media_type = "application/zip"
    limit: ClassVar[int] = MAX_EXPORT_BYTES


def raw_body(request: Request) -> bytes:
    """What ``RawBody`` read; nothing at all when there was no body (DRF then asks no parser)."""
    data: Any = request.data
    return data if isinstance(data, bytes) else b""
