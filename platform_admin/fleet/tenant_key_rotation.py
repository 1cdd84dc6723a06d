"""Another key for one tenant's secrets, without a moment in which its runtime cannot open what it gets.

Where a rotation stands is read from the keys themselves, so a run that was stopped goes on where it was: a key is
handed out first, then it encrypts and what is live goes out again under it, then the older ones are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction

from flow_engine.vocabulary import JSONObject
from platform_admin.credentials.actions import create_tenant_key
from platform_admin.credentials.models import TenantKey
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.queries import deployment_of
from platform_admin.observability.queries import sighting_of
from platform_admin.releases.queries import live_release, staged_release
from platform_admin.releases.reissuing import issue_again
from platform_admin.releases.sealing import lock
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator
from platform_admin.tenants.models import Tenant

HANDED_OUT_WITHIN: Final = timedelta(minutes=3)
"""After a key was made: a pass of the orchestrator, and on Kubernetes the kubelet's, which looks for changed secrets
once a minute and may believe what it last read for another one."""


class Step(StrEnum):
    """Where a rotation has come to."""

    PREPARED = "prepared"
    ISSUED = "issued"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class KeyRotation:
    """``serial`` is the release under the new key. ``waits_for`` says what has to happen before the next step.

    ``moved`` is false where nothing was done because it has not happened yet.
    """

    step: Step
    moved: bool
    serial: int | None = None
    waits_for: str = ""


@transaction.atomic
def rotate_tenant_key(
    *, tenant: Tenant, by: Actor, now: datetime, handed_out: bool = False, retire: bool = False
) -> KeyRotation:
    """The next step, or more of them where nothing has to happen in between.

    ``handed_out``: somebody gave the keys file to a runtime that the fleet does not run. ``retire``: all steps at once,
    and the older keys are dropped whatever the runtime has. Raises ``HasFaultsError`` when what is live no longer fits
    together; then nothing has changed.
    """
    require_operator(by)
    lock(tenant)
    if len(keys := _live_keys(tenant)) < 2:  # noqa: PLR2004 - the one in use, and one that follows it
        create_tenant_key(tenant=tenant, by=by, waits=bool(keys))
        if keys and not retire:
            return KeyRotation(Step.PREPARED, moved=True, waits_for=_until_handed_out(tenant))
        keys = _live_keys(tenant)
    newest = keys[0]
    if retire:
        _drop_older(keys, by=by, now=now)  # before the new one is used: perhaps nothing opens the old ones any more
    if newest.waits or newest.first_serial is None:
        if newest.waits and not (retire or handed_out or _is_handed_out(newest)):
            return KeyRotation(Step.PREPARED, moved=False, waits_for=_until_handed_out(tenant))
        _put_to_use(newest, by=by)
        if newest.first_serial is not None and not retire:
            return KeyRotation(Step.ISSUED, moved=True, serial=newest.first_serial, waits_for=_until_reported(newest))
    if not retire:
        if not _is_reported(newest):
            return KeyRotation(Step.ISSUED, moved=False, serial=newest.first_serial, waits_for=_until_reported(newest))
        _drop_older(keys, by=by, now=now)
    return KeyRotation(Step.DONE, moved=True, serial=newest.first_serial)


def _live_keys(tenant: Tenant) -> list[TenantKey]:
    """Newest first, also one that waits."""
    return list(TenantKey.objects.for_tenant(tenant).filter(retired_at=None).select_related("tenant"))


def _put_to_use(key: TenantKey, *, by: Actor) -> None:
    tenant, before = key.tenant, _mark(key)
    key.waits = False
    key.save(update_fields=["waits"])
    live = live_release(tenant)
    if live is not None:
        key.first_serial = issue_again(live=live, by=by, note="Secrets under a new key").serial
        key.save(update_fields=["first_serial"])
    audit.record(
        by=by, verb="put tenant key to use", subject=tenant.slug, tenant=tenant, before=before, after=_mark(key)
    )


def _drop_older(keys: list[TenantKey], *, by: Actor, now: datetime) -> None:
    newest, *older = keys
    tenant = newest.tenant
    TenantKey.objects.for_tenant(tenant).filter(pk__in=[key.pk for key in older]).update(retired_at=now)
    audit.record(
        by=by, verb="retired tenant keys", subject=tenant.slug, tenant=tenant, before={"keys": len(keys)},
        after={"keys": 1},
    )  # fmt: skip


def _mark(key: TenantKey) -> JSONObject:
    return {"waits": key.waits, "first_serial": key.first_serial}


def _is_handed_out(key: TenantKey) -> bool:
    """By the fleet: its orchestrator was there since, or starts the runtime with the files of then."""
    deployment = deployment_of(key.tenant)
    if deployment is None:
        return False
    if deployment.desired != Deployment.Desired.RUNNING:
        return True
    # By when it was seen, not by now: one whose orchestrator ended meanwhile may have the files of before.
    seen_since = deployment.seen_at is not None and deployment.seen_at - key.created_at >= HANDED_OUT_WITHIN
    return seen_since and deployment.ready


def _until_handed_out(tenant: Tenant) -> str:
    if deployment_of(tenant) is None:
        return "the keys file: give it to the runtime (--output-file), then say --handed-out"
    return f"the orchestrator: it hands both keys out within {HANDED_OUT_WITHIN.seconds // 60} minutes"


def _is_reported(key: TenantKey) -> bool:
    """Whether the runtime said that it runs what was made under the key, live and staged."""
    seen, live, staged = sighting_of(key.tenant), live_release(key.tenant), staged_release(key.tenant)
    if live is None:
        return True
    if seen is None or seen.last_report_at is None or (seen.serial or 0) < (key.first_serial or 0):
        return False
    return staged is None or seen.staged_serial == staged.serial


def _until_reported(key: TenantKey) -> str:
    return f"the runtime: it has to report release {key.first_serial}"
