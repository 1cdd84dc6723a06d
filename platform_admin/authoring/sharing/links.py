"""Make a link, take it back, find the tenant behind one."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext as _

from platform_admin.authoring.sharing.shared_draft import SharedDraft
from platform_admin.errors import LimitReachedError
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_role
from platform_admin.tenants.models import Role, Tenant

VALID_FOR: Final = timedelta(days=7)
"""Long enough to ask a friend, too short to become a second bot."""
MAX_OPEN: Final = 10
"""Links of one tenant that work at a time."""
LINK_BYTES: Final = 16
"""Of chance; with the signature nobody guesses one."""

_SIGNER: Final = Signer(salt="authoring.shared-draft", sep=".")


@transaction.atomic
def share(*, tenant: Tenant, by: Actor, now: datetime) -> SharedDraft:
    """Raises ``LimitReachedError`` when too many links work already."""
    require_role(by, tenant=tenant, role=Role.EDITOR)
    Tenant.objects.select_for_update().get(pk=tenant.pk)
    if len(open_links(tenant, now)) >= MAX_OPEN:
        raise LimitReachedError(_("There are %(count)s links already. Take one back first.") % {"count": MAX_OPEN})
    shared = SharedDraft.objects.create(
        tenant=tenant,
        link=secrets.token_urlsafe(LINK_BYTES),
        created_by=None if isinstance(by, CommandActor) else by,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    audit.record(by=by, verb="shared draft", subject=f"until {shared.expires_at:%Y-%m-%d %H:%M}", tenant=tenant)
    return shared


@transaction.atomic
def take_back(*, shared: SharedDraft, by: Actor, now: datetime) -> None:
    """From now on the address answers like one that never was."""
    require_role(by, tenant=shared.tenant, role=Role.EDITOR)
    if shared.revoked_at is None:
        shared.revoked_at = now
        shared.save(update_fields=["revoked_at"])
        audit.record(
            by=by, verb="took back shared draft", subject=f"of {shared.created_at:%Y-%m-%d %H:%M}", tenant=shared.tenant
        )


def open_links(tenant: Tenant, now: datetime) -> list[SharedDraft]:
    """Those that still work, the newest first."""
    rows = SharedDraft.objects.for_tenant(tenant).filter(revoked_at=None, expires_at__gt=now)
    return list(rows.select_related("created_by"))


def token_of(shared: SharedDraft) -> str:
    """What stands in the address."""
    return _SIGNER.sign(shared.link)


def find(token: str, now: datetime) -> SharedDraft | None:
    """The link behind an address; ``None`` for one that is forged, over, or taken back."""
    try:
        link = _SIGNER.unsign(token)
    except BadSignature:
        return None
    rows = SharedDraft.objects.across_tenants("the link itself names its tenant")
    return (
        rows.filter(link=link, revoked_at=None, expires_at__gt=now, tenant__status=Tenant.Status.ACTIVE)
        .select_related("tenant")
        .first()
    )
