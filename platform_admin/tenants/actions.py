"""What can be done to tenants and runtime tokens. Each verb: check, do, audit, in one transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import AlreadyThereError, ConflictError
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator, require_role
from platform_admin.tenants.models import Role, RuntimeToken, Scope, Tenant

_LIFECYCLE: Final = frozenset({"status", "delete_after", "deleted_at"})
"""What ``lifecycle`` alone decides: deleting takes a typed slug and a time for second thoughts."""

_TOKEN_BYTES = 32
"""256 bits of randomness: guessing is hopeless, so a plain SHA-256 of the token is enough to store."""

_PREFIX_LENGTH = 11
"""``fdrt_`` and six characters: enough to tell tokens apart in a list, useless to an attacker."""

_USE_NOTED_EVERY_S = 60
"""A polling runtime must not cost a write per poll."""


@dataclass(frozen=True, slots=True, repr=False)
class IssuedToken:
    """A token in clear, for its only appearance, and the row that remembers its hash."""

    clear: str
    row: RuntimeToken


@transaction.atomic
def create_tenant(*, slug: str, name: str, language: str, timezone: str, by: Actor) -> Tenant:
    """A new business. Raises ``AlreadyThereError`` or ``ValidationError`` (all fields at once)."""
    require_operator(by)
    if Tenant.objects.filter(slug=slug).exists():
        raise AlreadyThereError(_("The tenant %(slug)s exists already.") % {"slug": slug})
    tenant = Tenant(slug=slug, name=name, language=language, timezone=timezone)
    tenant.full_clean()
    tenant.save()
    audit.record(by=by, verb="created tenant", subject=slug, tenant=tenant, details={"name": name})
    return tenant


@transaction.atomic
def save_tenant(*, tenant: Tenant, changed: Sequence[str], by: Actor) -> Tenant:
    """Store the edited fields of a tenant (``changed``), and no other.

    Raises ``ValidationError``; ``ConflictError`` for its state, which the verbs of ``lifecycle`` change.
    """
    require_operator(by)
    if decided := sorted(_LIFECYCLE & set(changed)):
        raise ConflictError(
            _("%(fields)s of %(slug)s is not changed here: use suspend_tenant or delete_tenant.")
            % {"fields": ", ".join(decided), "slug": tenant.slug}
        )
    tenant.full_clean()
    before = Tenant.objects.filter(pk=tenant.pk).values(*changed).first() if changed else {}
    tenant.save(update_fields=list(changed))
    after = {name: getattr(tenant, name) for name in changed}
    details: JSONObject = {"fields": list(changed)}
    audit.record(
        by=by, verb="changed tenant", subject=tenant.slug, tenant=tenant, details=details, before=before, after=after
    )
    return tenant


@transaction.atomic
def issue_runtime_token(
    *,
    tenant: Tenant,
    by: Actor,
    label: str = "",
    scopes: Collection[Scope] = tuple(Scope),
    expires_at: datetime | None = None,
    others_end_at: datetime | None = None,
) -> IssuedToken:
    """A fresh token for the tenant's runtime.

    Older ones stay valid, so that rotation has no gap; ``others_end_at`` bounds how long. One that ends sooner anyway,
    or opens other doors, is left as it is.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    clear = f"fdrt_{secrets.token_urlsafe(_TOKEN_BYTES)}"
    wanted = sorted(map(str, scopes))
    if others_end_at is not None:
        for other in RuntimeToken.objects.for_tenant(tenant).select_for_update().filter(revoked_at=None):
            ends_sooner = other.expires_at is not None and other.expires_at <= others_end_at
            if sorted(other.scopes) == wanted and not ends_sooner:
                other.expires_at = others_end_at
                other.save(update_fields=["expires_at"])
    row = RuntimeToken.objects.create(
        tenant=tenant,
        digest=token_digest(clear),
        prefix=clear[:_PREFIX_LENGTH],
        label=label,
        scopes=wanted,
        expires_at=expires_at,
    )
    details: JSONObject = {"scopes": [*wanted], "expires_at": expires_at.isoformat() if expires_at else None}
    audit.record(by=by, verb="issued runtime token", subject=row.prefix, tenant=tenant, details=details)
    return IssuedToken(clear=clear, row=row)


@transaction.atomic
def revoke_runtime_token(*, token: RuntimeToken, by: Actor) -> RuntimeToken:
    """End a token at once. Doing it twice keeps the first time."""
    require_role(by, tenant=token.tenant, role=Role.OWNER)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        before: JSONObject = {"label": token.label, "scopes": [*token.scopes]}
        audit.record(by=by, verb="revoked runtime token", subject=token.prefix, tenant=token.tenant, before=before)
    return token


def note_token_use(*, token: RuntimeToken, at: datetime) -> None:
    """Remember roughly when a token was last shown."""
    if token.last_used_at is not None and token.last_used_at > at - timedelta(seconds=_USE_NOTED_EVERY_S):
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - timedelta(seconds=_USE_NOTED_EVERY_S))
    RuntimeToken.objects.for_tenant(token.tenant).filter(stale, pk=token.pk).update(last_used_at=at)


def token_digest(clear: str) -> str:
    """SHA-256, hex. The lookup goes by this digest, so no comparison sees the token itself."""
    return hashlib.sha256(clear.encode("utf-8", "surrogatepass")).hexdigest()
