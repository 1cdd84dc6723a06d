"""The order in which a report is written down, and that it is written down once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from platform_admin.observability.models import ReceivedReport, RuntimeSighting
from platform_admin.observability.report_reading import Report
from platform_admin.observability.taking_in.counts import add_counts
from platform_admin.observability.taking_in.hand_offs import note_hand_offs
from platform_admin.observability.taking_in.questions import note_unanswered
from platform_admin.observability.taking_in.tasks import replace_tasks
from platform_admin.observability.taking_in.trouble import note_dead_letters, note_notices
from platform_admin.observability.taking_in.turns import add_turns
from platform_admin.tenants.models import Tenant

_A_DAY_S: Final = 86_400

type ColumnValue = str | int | bool | datetime | dict[str, Any] | dict[str, list[int]] | list[str] | None


@dataclass(frozen=True, slots=True)
class Taken:
    """``first_time`` is false for a report that had been taken in before; then nothing was added."""

    first_time: bool
    sighting: RuntimeSighting


@transaction.atomic
def take_in(*, tenant: Tenant, report: Report, now: datetime) -> Taken:
    """Everything of a report, or nothing. Reports of one tenant wait for each other, those of others do not."""
    sighting = _locked_sighting(tenant)
    if not is_quiet(report):  # a heartbeat alone says how things are, so that taking it in twice adds nothing
        received = ReceivedReport.objects.for_tenant(tenant)
        if received.filter(report_id=report.report_id).exists():
            return Taken(first_time=False, sighting=sighting)
        ReceivedReport.objects.create(tenant=tenant, report_id=report.report_id, received_at=now)
    columns = sighting_columns(report, slug=tenant.slug, now=now)
    same_lists = columns["lists_digest"] == sighting.lists_digest
    for name, value in columns.items():
        setattr(sighting, name, value)
    sighting.save(update_fields=columns)
    add_counts(tenant=tenant, counters=report.counters, now=now)
    add_turns(tenant=tenant, turns=report.turns)
    note_hand_offs(tenant=tenant, hand_offs=report.hand_offs)
    note_unanswered(tenant=tenant, questions=report.unanswered)
    note_notices(tenant=tenant, notices=report.notices)
    if report.dead_letters is not None and not same_lists:
        note_dead_letters(tenant=tenant, dead_letters=report.dead_letters)
    if report.scheduled_tasks is not None and not same_lists:
        replace_tasks(tenant=tenant, tasks=report.scheduled_tasks, now=now)
    return Taken(first_time=True, sighting=sighting)


def is_quiet(report: Report) -> bool:
    """Whether nothing happened since the report before: a heartbeat, gauges, and lists that are given as a whole."""
    events = (report.counters, report.turns, report.hand_offs, report.unanswered, report.notices)
    refusal = None if report.heartbeat is None else report.heartbeat.refusal
    return not any((*events, report.command_results)) and refusal is None


def sighting_columns(report: Report, *, slug: str, now: datetime) -> dict[str, ColumnValue]:
    """What the report says of the runtime itself, by column of its ``RuntimeSighting``."""
    columns: dict[str, ColumnValue] = {
        "last_report_at": now,
        "version": report.runtime.version,
        "build": report.runtime.build,
        "started_at": report.runtime.started_at,
        "formats": report.runtime.formats,
        "lists_digest": _digest_of_lists(report, slug=slug, now=now),
    }
    if report.gauges:
        columns["gauges"] = report.gauges
    beat = report.heartbeat
    if beat is not None:
        columns |= {
            "serial": beat.serial,
            "staged_serial": beat.staged_serial,
            "ready": beat.ready,
            "suspended": beat.suspended,
            "degraded": list(beat.degraded),
            "refusal_code": beat.refusal.code if beat.refusal else "",
            "refusal_reason": beat.refusal.reason if beat.refusal else "",
            "last_inbound_at": beat.last_inbound_at,
            # The time a report travels counts as the clock being behind: a second or two, of no interest here.
            "clock_ahead_ms": round((beat.at - now).total_seconds() * 1000),
        }
    return columns


def _digest_of_lists(report: Report, *, slug: str, now: datetime) -> str:
    """Usually the same as in the report before. The day is part of it, so that what is kept for days is looked at.

    Each tenant's day begins at a moment of its own: with one midnight for all, every runtime's next report would be
    taken in the long way within one minute.
    """
    begins = timedelta(seconds=int.from_bytes(hashlib.sha256(slug.encode()).digest()[:4]) % _A_DAY_S)
    lists = (report.dead_letters, report.scheduled_tasks)
    plain = [None if one is None else [item.model_dump(mode="json") for item in one] for one in lists]
    return hashlib.sha256(json.dumps([f"{now.astimezone(UTC) - begins:%Y-%m-%d}", plain]).encode()).hexdigest()


def _locked_sighting(tenant: Tenant) -> RuntimeSighting:
    """The tenant's row, which is the lock of everything below it."""
    rows = RuntimeSighting.objects.for_tenant(tenant).select_for_update()
    found = rows.first()
    if found is None:
        # Two first reports at once: one insert is ignored, both then read the same row.
        RuntimeSighting.objects.bulk_create([RuntimeSighting(tenant=tenant)], ignore_conflicts=True)
        found = rows.get()
    return found
