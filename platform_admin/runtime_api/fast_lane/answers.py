"""The three answers, each from one look. ``None`` stands for: go the ordinary way, nothing has been done."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.views import APIView

from flow_engine.vocabulary import JSONObject
from platform_admin.observability.report_reading import Report, UnreadableReportError, read_report
from platform_admin.observability.taking_in import is_quiet, sighting_columns, take_in
from platform_admin.runtime_api.fast_lane.look import Look, look, look_and_note_report
from platform_admin.runtime_api.fast_lane.request import FastRequest
from platform_admin.runtime_api.pace import poll_after_s
from platform_admin.tenants.api import RuntimeThrottle
from platform_admin.tenants.models import Scope, Tenant


@dataclass(frozen=True, slots=True)
class Answer:
    """``content`` is sent as JSON; ``None`` sends no body. ``tenant`` is whose answer it is."""

    tenant: int
    status: int
    content: JSONObject | None = None
    headers: tuple[tuple[str, str], ...] = ()


def bundle_answer(request: FastRequest, _: bytes) -> Answer | None:
    """304, for a runtime that has the live release."""
    if not request.etags:
        return None
    seen = look(request.token, request.slug, scope=Scope.BUNDLE, now=timezone.now(), etags=request.etags)
    if seen is None or not seen.has_been_here or seen.etag not in request.etags or _runs_wild(seen):
        return None
    headers = (("ETag", f'"{seen.etag}"'), ("Cache-Control", "private, no-cache"))
    return Answer(seen.tenant_id, HTTPStatus.NOT_MODIFIED, headers=headers)


def commands_answer(request: FastRequest, _: bytes) -> Answer | None:
    """Nothing to do yet."""
    seen = look(request.token, request.slug, scope=Scope.COMMANDS, now=timezone.now())
    if seen is None or seen.asked or _runs_wild(seen):
        return None
    return Answer(seen.tenant_id, HTTPStatus.OK, {"commands": []})


def report_answer(request: FastRequest, body: bytes) -> Answer | None:
    """A report that brings no results and leads to no commands, taken in as by the ordinary way.

    Most are quiet: nothing happened, and the lists are those of the report before. Those are one statement.
    """
    now = timezone.now()
    try:
        report = read_report(body)
    except UnreadableReportError:
        return None
    if _is_more_than_a_report(report):
        return None
    if is_quiet(report):
        columns = sighting_columns(report, slug=request.slug, now=now)
        seen = look_and_note_report(request.token, request.slug, now=now, columns=columns)
    else:
        seen = look(request.token, request.slug, scope=Scope.REPORT, now=now)
    if seen is None or seen.asked or _runs_wild(seen):
        return None
    if not (is_quiet(report) and seen.noted):
        take_in(tenant=seen.tenant(), report=report, now=now)
    content: JSONObject = {
        "acknowledged": report.report_id,
        "suspended": seen.status == Tenant.Status.SUSPENDED,
        "serial": seen.serial,
        "staged_serial": seen.staged_serial,
        "commands": [],
        "poll_after_s": poll_after_s(),
        "refused": [item.to_json() for item in report.refused],
    }
    return Answer(seen.tenant_id, HTTPStatus.OK, content)


def _is_more_than_a_report(report: Report) -> bool:
    refused_a_bundle = report.heartbeat is not None and report.heartbeat.refusal is not None
    return bool(report.command_results) or refused_a_bundle


def _runs_wild(seen: Look) -> bool:
    """Counted in the same bucket as by the ordinary way, which is left to say so."""
    return not RuntimeThrottle.of(seen.token).allow_request(_NO_REQUEST, _NO_VIEW)


_NO_REQUEST: Final = Request(HttpRequest())
_NO_VIEW: Final = APIView()
"""Made once: a throttle that knows its token reads neither."""
