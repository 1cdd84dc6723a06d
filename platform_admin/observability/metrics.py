"""The platform in Prometheus's text format (version 0.0.4), for whoever watches the watchers.

One line a tenant at most, so that 500 tenants make a page of 200 kB. Nothing in it is about customers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db.models import Count

from platform_admin.commands.models import RuntimeCommand
from platform_admin.jobs.models import Job
from platform_admin.jobs.queries import leader
from platform_admin.observability.models import Incident
from platform_admin.observability.standing import Standing, standings
from platform_admin.tenants.models import Tenant

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})

type Sample = tuple[dict[str, str], float]


def metrics(*, now: datetime) -> str:
    """Nine queries."""
    rows = standings(Tenant.objects.exclude(status=Tenant.Status.DELETED), now=now)
    families = (
        _family("frontdesk_tenants", "Tenants by status.", _by_status(rows)),
        _family("frontdesk_runtime_seen_seconds", "Seconds since the runtime was last here.", _seen(rows, now)),
        _family("frontdesk_runtime_ready", "Whether the runtime says it is ready.", _ready(rows)),
        _family("frontdesk_release_live", "Serial of the live release.", _live(rows)),
        _family("frontdesk_release_running", "Serial the runtime has.", _running(rows)),
        _family("frontdesk_messages_in_24h", "Messages of the last 24 hours.", _counted(rows, "messages_in")),
        _family("frontdesk_errors_24h", "Failed turns of the last 24 hours.", _counted(rows, "errors")),
        _family("frontdesk_fallbacks_24h", "Messages not understood, last 24 hours.", _counted(rows, "fallbacks")),
        _family("frontdesk_quota_tokens", "Tokens of free questions this month.", _quota(rows)),
        _family("frontdesk_incidents_open", "Incidents that are going on, by kind.", _incidents()),
        _family("frontdesk_commands_open", "Requests that runtimes have not finished.", _commands()),
        _family("frontdesk_jobs", "Jobs of the worker by state.", _jobs()),
        _family("frontdesk_worker_leads", "Whether a worker leads.", [({}, float(leader(now=now) is not None))]),
    )
    return "".join(line for family in families for line in family)


def _family(name: str, text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {text}\n# TYPE {name} gauge\n"
    for labels, value in samples:
        inner = ",".join(f'{key}="{text.translate(_ESCAPES)}"' for key, text in labels.items())
        yield f"{name}{{{inner}}} {value:g}\n" if inner else f"{name} {value:g}\n"


def _by_status(rows: list[Standing]) -> Iterator[Sample]:
    for status in Tenant.Status:
        if status != Tenant.Status.DELETED:
            yield {"status": str(status)}, sum(row.tenant.status == status for row in rows)


def _seen(rows: list[Standing], now: datetime) -> Iterator[Sample]:
    for row in rows:
        if row.last_seen_at is not None:
            yield {"tenant": row.tenant.slug}, (now - row.last_seen_at).total_seconds()


def _ready(rows: list[Standing]) -> Iterator[Sample]:
    for row in rows:
        if row.sighting is not None:
            yield {"tenant": row.tenant.slug}, float(row.sighting.ready)


def _live(rows: list[Standing]) -> Iterator[Sample]:
    for row in rows:
        if row.live_serial is not None:
            yield {"tenant": row.tenant.slug}, row.live_serial


def _running(rows: list[Standing]) -> Iterator[Sample]:
    for row in rows:
        if row.runtime_serial is not None:
            yield {"tenant": row.tenant.slug}, row.runtime_serial


def _counted(rows: list[Standing], name: str) -> Iterator[Sample]:
    for row in rows:
        yield {"tenant": row.tenant.slug}, getattr(row, name)


def _quota(rows: list[Standing]) -> Iterator[Sample]:
    for row in rows:
        if row.quota is not None:
            yield {"tenant": row.tenant.slug}, row.quota.tokens


def _incidents() -> Iterator[Sample]:
    rows = Incident.objects.across_tenants("counted for the platform").filter(ended_at=None).order_by()
    for kind, count in rows.values_list("kind").annotate(n=Count("pk")):
        yield {"kind": kind}, count


def _commands() -> Iterator[Sample]:
    rows = RuntimeCommand.objects.across_tenants("counted for the platform")
    waiting = rows.filter(state__in=[RuntimeCommand.State.QUEUED, RuntimeCommand.State.DELIVERED]).order_by()
    for state, count in waiting.values_list("state").annotate(n=Count("pk")):
        yield {"state": state}, count


def _jobs() -> Iterator[Sample]:
    for state, count in Job.objects.order_by().values_list("state").annotate(n=Count("pk")):
        yield {"state": state}, count
