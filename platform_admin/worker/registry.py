"""Everything the worker does, as a list. A kind with ``every`` comes by itself; the others are put into the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.management import call_command

from flow_engine.vocabulary import JSONObject
from platform_admin.audit.anchoring import anchor
from platform_admin.audit.verifying import verify_all
from platform_admin.jobs.housekeeping import forget_done
from platform_admin.observability.notifying import tell, untold_incidents
from platform_admin.observability.retention import forget_old
from platform_admin.observability.watch import watch
from platform_admin.people.doors import forget_old as forget_old_attempts
from platform_admin.people.letters import send_letter
from platform_admin.people.posting import JOB_KIND as LETTER
from platform_admin.privacy.carrying_on import carry_on
from platform_admin.privacy.keeping import forget_audit_parts
from platform_admin.releases.letters.posting import JOB_KIND as PROPOSAL_LETTER
from platform_admin.releases.letters.sending import send_proposal_letter
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.lifecycle import delete_now
from platform_admin.tenants.models import Tenant
from platform_admin.whatsapp.deliveries import forget_deliveries, take_in_waiting
from platform_admin.whatsapp.template_sync import sync_all_templates

BY: Final = CommandActor("run_worker")


@dataclass(frozen=True, slots=True)
class JobKind:
    """``run`` gets the payload and the time, may be repeated, and says in a few words what came of it."""

    name: str
    run: Callable[[JSONObject, datetime], str]
    every: timedelta | None = None


def _watch(_payload: JSONObject, now: datetime) -> str:
    watched = watch(now=now)
    return f"{watched.began} incidents began, {watched.ended} ended"


def _tell(_payload: JSONObject, now: datetime) -> str:
    return f"{sum(tell(incident, now=now) for incident in untold_incidents(now=now))} mails"


def _forget(_payload: JSONObject, now: datetime) -> str:
    removed = {
        **forget_old(now=now),
        "Job": forget_done(now=now),
        "AppDelivery": forget_deliveries(now=now),
        "Attempts": forget_old_attempts(now=now),
    }
    removed["personal part of the audit trail"] = forget_audit_parts(now=now, by=BY)
    call_command("clearsessions")
    return ", ".join(f"{name} {count}" for name, count in removed.items() if count) or "nothing was old"


def _delete_tenants(_payload: JSONObject, now: datetime) -> str:
    due = list(Tenant.objects.filter(status=Tenant.Status.SUSPENDED, delete_after__lte=now))
    for tenant in due:
        delete_now(tenant=tenant, by=BY, now=now)
    return ", ".join(tenant.slug for tenant in due) or "none was due"


def _take_in_deliveries(_payload: JSONObject, now: datetime) -> str:
    return f"{take_in_waiting(now=now)} deliveries"


def _sync_templates(_payload: JSONObject, now: datetime) -> str:
    results = sync_all_templates(by=BY, now=now)
    faults = [f"{result.tenant}: {result.fault}" for result in results if result.fault]
    return "; ".join([f"{len(results)} accounts", *faults])


def _erasures(_payload: JSONObject, now: datetime) -> str:
    return carry_on(now=now)


def _anchor(_payload: JSONObject, now: datetime) -> str:
    return anchor(now=now)


def _verify_audit(_payload: JSONObject, _now: datetime) -> str:
    return verify_all()


JOB_KINDS: Final[tuple[JobKind, ...]] = (
    JobKind("watch", _watch, every=timedelta(minutes=1)),
    JobKind("tell", _tell, every=timedelta(minutes=1)),
    JobKind("app_deliveries", _take_in_deliveries, every=timedelta(minutes=1)),
    JobKind("templates", _sync_templates, every=timedelta(hours=1)),
    JobKind("erasures", _erasures, every=timedelta(minutes=5)),
    JobKind(LETTER, send_letter),
    JobKind(PROPOSAL_LETTER, send_proposal_letter),
    JobKind("forget", _forget, every=timedelta(hours=1)),
    JobKind("audit_anchor", _anchor, every=timedelta(hours=1)),
    JobKind("verify_audit", _verify_audit, every=timedelta(days=1)),
    JobKind("delete_tenants", _delete_tenants, every=timedelta(hours=1)),
)
