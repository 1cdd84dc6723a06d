"""``POST report``: what a runtime has to tell; the answer brings what it is to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from platform_admin.commands.actions import CommandResult, as_wire, hand_out, note_results
from platform_admin.observability.actions import settle_dead_letter
from platform_admin.observability.report_document import ReportFrame
from platform_admin.observability.report_reading import UnreadableReportError, read_report
from platform_admin.observability.taking_in import take_in
from platform_admin.privacy.actions import settle_erasure
from platform_admin.releases.failed_activation import go_back_if_refused
from platform_admin.releases.queries import live_release, staged_release
from platform_admin.runtime_api.answers import ApiError, ReportAnswer
from platform_admin.runtime_api.door import RuntimeView, tenant_behind
from platform_admin.runtime_api.pace import poll_after_s
from platform_admin.runtime_api.raw_body import ReportBody, raw_body
from platform_admin.tenants.models import Scope, Tenant


class BadReport(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad_report"

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class RuntimeReport(RuntimeView):
    """Take in a report and answer with what waits. The same ``report_id`` again adds nothing.

    400 ``bad_report`` with the reason, 413 ``too_large`` (split it), 429 ``throttled`` with ``Retry-After``.
    """

    token_scope: ClassVar = Scope.REPORT
    parser_classes = [ReportBody]
    http_method_names = ["post"]

    @extend_schema(
        operation_id="report",
        request={"application/json": ReportFrame},
        responses={
            HTTPStatus.OK: ReportAnswer,
            HTTPStatus.BAD_REQUEST: ApiError,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ApiError,
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        tenant, now = tenant_behind(request, slug), timezone.now()
        try:
            report = read_report(raw_body(request))
        except UnreadableReportError as error:
            raise BadReport(error.message) from error
        taken = take_in(tenant=tenant, report=report, now=now)
        results = [CommandResult(seen.id, seen.status, seen.detail, seen.result) for seen in report.command_results]
        for command in note_results(tenant=tenant, results=results, now=now) if results else ():
            settle_dead_letter(command)
            settle_erasure(command, now=now)
        if taken.first_time and report.heartbeat is not None and report.heartbeat.refusal is not None:
            go_back_if_refused(tenant=tenant, beat=report.heartbeat, now=now)
        live, staged = live_release(tenant), staged_release(tenant)
        return Response(
            {
                "acknowledged": report.report_id,  # to the letter: the runtime compares
                "suspended": tenant.status == Tenant.Status.SUSPENDED,
                "serial": None if live is None else live.serial,
                "staged_serial": None if staged is None else staged.serial,
                "commands": as_wire(hand_out(tenant=tenant, now=now)),
                "poll_after_s": poll_after_s(),
                "refused": [item.to_json() for item in report.refused],
            }
        )
