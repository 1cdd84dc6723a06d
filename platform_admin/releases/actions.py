"""What can be done to releases: check, publish, stage, promote, roll back, change the settings they are made from.

What two people do together stands in ``proposals``.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.errors import ConflictError, HasFaultsError, NotThereError, SecondPersonNeededError
from platform_admin.releases.content import Content
from platform_admin.releases.gate import AGAIN, GateReport, run_gate
from platform_admin.releases.models import Release, StagedRelease, TenantSettings
from platform_admin.releases.queries import live_release, staged_release
from platform_admin.releases.sealing import Wrapping, lock, make_release
from platform_admin.releases.settings_reading import check_settings
from platform_admin.releases.sources import (
    Gathered,
    Sources,
    Written,
    candidate_of,
    keep,
    read_written,
    retention_of,
    store_settings,
)
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_role
from platform_admin.tenants.models import Role, Tenant


def check_release(
    *, tenant: Tenant, by: Actor, sources: Sources | None = None, written: Written | None = None
) -> GateReport:
    """What the gate says of everything that is written now, or of ``written``, read just before. Stores nothing."""
    require_role(by, tenant=tenant, role=Role.VIEWER)
    written = written or read_written(tenant=tenant, sources=sources or Sources())
    return run_gate(candidate_of(tenant=tenant, written=written))


def publish(
    *,
    tenant: Tenant,
    by: Actor,
    sources: Sources | None = None,
    note: str = "",
    people_in_flight: JSONObject | None = None,
) -> Release:
    """Everything that is written now, checked together, as one signed release with the next serial.

    ``sources`` replaces drafts first; whatever it leaves out is taken as stored.

    Raises:
        NotAllowedError: below publisher.
        SecondPersonNeededError: this tenant's releases need two people (``proposals``).
        HasFaultsError: every fault of flow, settings and their combination; then nothing at all has changed.
        ConflictError: somebody saved while it was being checked.
    """
    require_role(by, tenant=tenant, role=Role.PUBLISHER)
    if tenant.needs_second_person and not isinstance(by, CommandActor):
        raise SecondPersonNeededError(
            _("In %(business)s a second person publishes. Propose it instead.") % {"business": tenant.name}
        )
    sources = sources or Sources()
    written, gate = pass_gate(tenant=tenant, sources=sources)
    with transaction.atomic():
        lock(tenant)
        before = live_mark(tenant)
        parts = keep_unchanged(tenant=tenant, written=written, sources=sources, by=by)
        content = Content.gathered(parts, people_in_flight or {})
        release = make_release(tenant=tenant, by=by, content=content, gate=gate, wrapping=Wrapping(note=note))
        details: JSONObject = {"serial": release.serial, "note": note}
        if tenant.needs_second_person:
            details["without_second_person"] = True
        after = live_mark(tenant)
        audit.record(
            by=by, verb="published", subject=release, tenant=tenant, details=details, before=before, after=after
        )
    return release


def stage(
    *,
    tenant: Tenant,
    contacts: Sequence[str],
    by: Actor,
    sources: Sources | None = None,
    note: str = "",
    people_in_flight: JSONObject | None = None,
) -> Release:
    """The same for ``contacts`` alone, beside what is live. Raises what ``publish`` raises."""
    require_role(by, tenant=tenant, role=Role.EDITOR)
    sources = sources or Sources()
    written, gate = pass_gate(tenant=tenant, sources=sources)
    with transaction.atomic():
        lock(tenant)
        parts = keep_unchanged(tenant=tenant, written=written, sources=sources, by=by)
        before = staged_mark(tenant)
        wrapping = Wrapping(note=note, staged_for=sorted(set(contacts)))
        content = Content.gathered(parts, people_in_flight or {})
        release = make_release(tenant=tenant, by=by, content=content, gate=gate, wrapping=wrapping)
        StagedRelease.objects.for_tenant(tenant).update_or_create(tenant=tenant, defaults={"release": release})
        details: JSONObject = {"serial": release.serial, "contacts": len(contacts)}
        after = staged_mark(tenant)
        audit.record(by=by, verb="staged", subject=release, tenant=tenant, details=details, before=before, after=after)
    return release


def promote(*, tenant: Tenant, by: Actor, note: str = "") -> Release:
    """What is staged goes out to everybody, as a release of its own; ``NotThereError`` when nothing is staged."""
    require_role(by, tenant=tenant, role=Role.PUBLISHER)
    if tenant.needs_second_person and not isinstance(by, CommandActor):
        raise SecondPersonNeededError(
            _("In %(business)s a second person publishes. Propose it instead.") % {"business": tenant.name}
        )
    staged = staged_release(tenant)
    if staged is None:
        raise NotThereError(_("%(slug)s has nothing staged.") % {"slug": tenant.slug})
    content = Content.pinned_by(staged)
    gate = pass_gate_again(tenant=tenant, content=content)
    with transaction.atomic():
        lock(tenant)
        before = live_mark(tenant)
        wrapping = Wrapping(note=note or staged.note)
        release = make_release(tenant=tenant, by=by, content=content, gate=gate, wrapping=wrapping)
        StagedRelease.objects.for_tenant(tenant).update(release=None)
        details: JSONObject = {"serial": release.serial, "content_of": staged.serial}
        after = live_mark(tenant)
        audit.record(
            by=by, verb="promoted", subject=release, tenant=tenant, details=details, before=before, after=after
        )
    return release


@transaction.atomic
def discard_staged(*, tenant: Tenant, by: Actor) -> None:
    """Test contacts go on with what is live. Raises ``NotThereError`` when nothing is staged."""
    require_role(by, tenant=tenant, role=Role.PUBLISHER)
    staged = staged_release(tenant)
    if staged is None:
        raise NotThereError(_("%(slug)s has nothing staged.") % {"slug": tenant.slug})
    before = staged_mark(tenant)
    StagedRelease.objects.for_tenant(tenant).update(release=None)
    queue_command(tenant=tenant, kind=CommandKind.DISCARD_STAGED, payload={}, by=by)
    after = staged_mark(tenant)
    audit.record(by=by, verb="discarded staged", subject=staged, tenant=tenant, before=before, after=after)


def rollback(*, tenant: Tenant, to_serial: int, by: Actor, note: str = "") -> Release:
    """A new release with the content of an old one. The secrets are today's: old ones may have been revoked.

    One person is enough, also where publishing needs two: going back is for when customers suffer. Raises
    ``NotThereError`` for a serial that never was live, ``HasFaultsError`` when the old content no longer fits together,
    for example because a credential it needs was removed.
    """
    require_role(by, tenant=tenant, role=Role.PUBLISHER)
    old = Release.objects.for_tenant(tenant).filter(serial=to_serial, staged_for__isnull=True).first()
    if old is None:
        raise NotThereError(_("%(slug)s has no release %(serial)s.") % {"slug": tenant.slug, "serial": to_serial})
    content = Content.pinned_by(old).without_people_in_flight()
    gate = pass_gate_again(tenant=tenant, content=content)
    with transaction.atomic():
        lock(tenant)
        before = live_mark(tenant)
        wrapping = Wrapping(note=note, rolled_back_to=old)
        release = make_release(tenant=tenant, by=by, content=content, gate=gate, wrapping=wrapping)
        details: JSONObject = {"serial": release.serial, "content_of": to_serial}
        after = live_mark(tenant)
        audit.record(
            by=by, verb="rolled back", subject=release, tenant=tenant, details=details, before=before, after=after
        )
    return release


@transaction.atomic
def save_settings(
    *, tenant: Tenant, document: JSONObject, by: Actor, over_revision: int | None = None
) -> TenantSettings:
    """Replace the tenant's settings. Raises ``HasFaultsError``; then nothing has changed.

    ``over_revision`` is the revision the writer started from; ``EditConflictError`` when somebody else saved meanwhile.
    """
    require_role(by, tenant=tenant, role=Role.EDITOR)
    reading = check_settings(document)
    if reading.document is None:
        raise HasFaultsError(reading.faults)
    if reading.document.policies.retention != retention_of(tenant):
        require_role(by, tenant=tenant, role=Role.OWNER)  # what is forgotten is gone before anything is published
    return store_settings(tenant=tenant, document=reading.document, by=by, over_revision=over_revision)


def live_mark(tenant: Tenant) -> JSONObject:
    """What is live, for the trail."""
    return _mark_of(live_release(tenant))


def staged_mark(tenant: Tenant) -> JSONObject:
    """What is staged, for the trail."""
    return _mark_of(staged_release(tenant))


def _mark_of(release: Release | None) -> JSONObject:
    return {"serial": None} if release is None else {"serial": release.serial, "digest": release.digest}


def pass_gate(*, tenant: Tenant, sources: Sources) -> tuple[Written, GateReport]:
    """What is written, and the gate it passed. Takes no lock: the tests take seconds. Raises ``HasFaultsError``."""
    written = read_written(tenant=tenant, sources=sources)
    gate = run_gate(candidate_of(tenant=tenant, written=written))
    if not gate.passed:
        raise HasFaultsError(gate.faults)
    return written, gate


def pass_gate_again(*, tenant: Tenant, content: Content) -> GateReport:
    """The same for content that is pinned. Raises ``HasFaultsError``."""
    gate = run_gate(content.candidate(tenant), AGAIN)
    if not gate.passed:
        raise HasFaultsError(gate.faults)
    return gate


def keep_unchanged(*, tenant: Tenant, written: Written, sources: Sources, by: Actor) -> Gathered:
    """Versions of what passed the gate. The caller holds the lock; ``ConflictError`` if it is not the same now."""
    again = read_written(tenant=tenant, sources=sources)
    if again != written:
        raise ConflictError(_("Somebody saved while this was being checked. Look at it again, then publish."))
    return keep(tenant=tenant, written=again, sources=sources, by=by)
