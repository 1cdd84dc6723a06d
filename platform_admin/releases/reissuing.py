"""What is live and what is staged, once more in another wrapping: the same content, today's secrets."""

from __future__ import annotations

from platform_admin.releases.actions import pass_gate_again, rollback, staged_mark
from platform_admin.releases.content import Content
from platform_admin.releases.models import Release, StagedRelease
from platform_admin.releases.queries import staged_release
from platform_admin.releases.sealing import Wrapping, make_release
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor


def issue_again(*, live: Release, by: Actor, note: str) -> Release:
    """The new live release; what is staged follows it. The caller holds the tenant's lock.

    Going back to what is live is no step back: a runtime that refuses it brings about no other one by itself. Raises
    ``HasFaultsError`` when the content no longer fits together.
    """
    staged = staged_release(live.tenant)  # asked before: a trial ends with the next release
    issued = rollback(tenant=live.tenant, to_serial=live.serial, by=by, note=note)
    if staged is not None:
        _stage_again(staged, by=by, note=note)
    return issued


def _stage_again(staged: Release, *, by: Actor, note: str) -> None:
    tenant, content, before = staged.tenant, Content.pinned_by(staged), staged_mark(staged.tenant)
    gate = pass_gate_again(tenant=tenant, content=content)
    wrapping = Wrapping(note=note, staged_for=staged.staged_for)
    release = make_release(tenant=tenant, by=by, content=content, gate=gate, wrapping=wrapping)
    StagedRelease.objects.for_tenant(tenant).update(release=release)
    audit.record(by=by, verb="staged", subject=release, tenant=tenant, before=before, after=staged_mark(tenant))
