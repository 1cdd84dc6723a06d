"""What is asked about releases."""

from __future__ import annotations

from django.db.models import QuerySet

from platform_admin.releases.models import Proposal, Release, StagedRelease
from platform_admin.tenants.models import Tenant


def live_release(tenant: Tenant) -> Release | None:
    """The newest release that is for everybody, with its big parts left in the database until somebody reads them."""
    rows = Release.objects.for_tenant(tenant).defer("envelope", "settings", "gate")
    return _newest_for_everybody(rows, tenant)


def live_release_with_parts(tenant: Tenant) -> Release | None:
    """The same, for whoever compares it with what is written: its versions and settings come with it, in one query."""
    rows = Release.objects.for_tenant(tenant).defer("envelope", "gate")
    return _newest_for_everybody(rows.select_related("flow_version", "knowledge_version", "business_version"), tenant)


def _newest_for_everybody(rows: QuerySet[Release], tenant: Tenant) -> Release | None:
    found = rows.filter(staged_for__isnull=True).order_by("-serial").first()
    if found is not None:
        found.tenant = tenant  # known already: nobody need ask for it
    return found


def staged_release(tenant: Tenant) -> Release | None:
    """What test contacts have; ``None`` also when something newer is live for everybody."""
    pointer = StagedRelease.objects.for_tenant(tenant).select_related("release").first()
    staged = None if pointer is None else pointer.release
    if staged is None:
        return None
    live = live_release(tenant)
    return None if live is not None and live.serial > staged.serial else staged


def open_proposal(tenant: Tenant) -> Proposal | None:
    rows = Proposal.objects.for_tenant(tenant).select_related("proposed_by", "flow_version", "knowledge_version")
    return rows.filter(state=Proposal.State.OPEN).first()


def release_before(release: Release) -> Release | None:
    """What was live before ``release``, whatever test contacts had meanwhile."""
    rows = Release.objects.for_tenant(release.tenant).defer("envelope", "settings", "gate")
    return rows.filter(staged_for__isnull=True, serial__lt=release.serial).order_by("-serial").first()


def releases_of(tenant: Tenant) -> QuerySet[Release]:
    """Newest first, without their big parts."""
    rows = Release.objects.for_tenant(tenant).defer("envelope", "settings", "gate")
    names = (
        "flow_version__flow",
        "knowledge_version",
        "business_version",
        "created_by",
        "approved_by",
        "rolled_back_to",
    )
    return rows.select_related(*names).defer("flow_version__source", "flow_version__program", "flow_version__cases")


def release_by_serial(tenant: Tenant, serial: int) -> Release | None:
    rows = Release.objects.for_tenant(tenant).defer("envelope")
    return rows.select_related("flow_version", "knowledge_version", "created_by").filter(serial=serial).first()
