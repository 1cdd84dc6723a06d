"""``copies/<ticket>``: a copy of a tenant's state that its runtime brings, or fetches to put it back."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, ClassVar, Final

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from platform_admin.errors import ConflictError, NotThereError
from platform_admin.fleet.backups.preparing import prepared_copy
from platform_admin.fleet.backups.store import BackupStore, CopyName, StoreError
from platform_admin.fleet.backups.tickets import Way, copy_of
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.drivers.errors import StateUnavailableError
from platform_admin.fleet.drivers.state_copy import check_copy
from platform_admin.fleet.environment import fleet_environment
from platform_admin.fleet.sent_file import sent_file
from platform_admin.fleet.substrate import store_of
from platform_admin.runtime_api.answers import ApiError
from platform_admin.runtime_api.door import RuntimeView, tenant_behind
from platform_admin.tenants.models import Scope

_PIECE_BYTES: Final = 1024 * 1024
_MEDIA_TYPE: Final = "application/gzip"

log = logging.getLogger(__name__)


class NotACopy(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "not_a_copy"


class NoPlaceForCopies(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "no_place"


class RuntimeCopy(RuntimeView):
    """A copy under a ticket: taken in once it is known to be one, handed out with everybody in it who was erased since.

    404 for a ticket that is not ours, another tenant's, for the other direction or older than an hour.
    """

    token_scope: ClassVar = Scope.EXPORTS
    http_method_names = ["get", "put"]

    @extend_schema(
        operation_id="bring_copy",
        request={_MEDIA_TYPE: OpenApiTypes.BINARY},
        responses={
            HTTPStatus.CREATED: None,
            HTTPStatus.BAD_REQUEST: ApiError,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ApiError,
            HTTPStatus.SERVICE_UNAVAILABLE: ApiError,
        },
    )
    def put(self, request: Request, slug: str, ticket: str) -> Response:
        name = _named(request, slug, ticket, Way.IN)
        with _in_words_of_the_api(), TemporaryDirectory(prefix="frontdesk-copy-") as work:
            store = _store()
            file = Path(work) / "copy.tar.gz"
            _write(request.stream, file)
            check_copy(file, tenant=slug)
            store.put(name, file)
        return Response(status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="fetch_copy",
        responses={
            (HTTPStatus.OK, _MEDIA_TYPE): OpenApiTypes.BINARY,
            HTTPStatus.NOT_FOUND: ApiError,
            HTTPStatus.SERVICE_UNAVAILABLE: ApiError,
        },
    )
    def get(self, request: Request, slug: str, ticket: str) -> HttpResponseBase:
        name = _named(request, slug, ticket, Way.OUT)
        with _in_words_of_the_api(), TemporaryDirectory(prefix="frontdesk-copy-") as work:
            # Open it stays readable when its folder is gone.
            file = prepared_copy(_store(), name, Path(work)).open("rb")
        return sent_file(file, _MEDIA_TYPE, to=request)


def _named(request: Request, slug: str, ticket: str, way: Way) -> CopyName:
    name = copy_of(ticket, way, tenant=tenant_behind(request, slug))
    if name is None:
        raise NotFound
    return name


def _store() -> BackupStore:
    return store_of(FleetConfiguration.from_environment(fleet_environment()))


def _write(stream: IO[Any] | None, file: Path) -> None:
    """How much may come is bounded where it comes in (``config/body_limit.py``)."""
    with file.open("xb") as opened:
        if stream is not None:  # no body at all
            shutil.copyfileobj(stream, opened, _PIECE_BYTES)


@contextmanager
def _in_words_of_the_api() -> Iterator[None]:
    try:
        yield
    except NotThereError as error:
        raise NotFound from error
    except StateUnavailableError as error:
        raise NotACopy from error
    except (ConflictError, StoreError) as error:
        log.error("copies of tenants have no place: %s", error)  # noqa: TRY400 - the message says all there is
        raise NoPlaceForCopies from error
