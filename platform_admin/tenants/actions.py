"""What can be done to tenants, people and runtime tokens. Each verb: check, do, audit, in one transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone as clock

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import AlreadyThereError
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator, require_role
from platform_admin.tenants.models import Membership, Role, RuntimeToken, Scope, Tenant, User

_TOKEN_BYTES = 32
"""256 bits of randomness: guessing is hopeless, so a plain SHA-256 of the token is enough to store."""

_PREFIX_LENGTH = 11
"""``fdrt_`` and six characters: enough to tell tokens apart in a list, useless to an attacker."""

_USE_NOTED_EVERY_S = 60
"""A polling runtime must not cost a write per poll."""

_PASSWORD_BYTES = 15
"""120 bits; twenty characters to type once."""


@dataclass(frozen=True, slots=True, repr=False)
class IssuedToken:
    """A token in clear, for its only appearance, and the row that remembers its hash."""

    clear: str
    row: RuntimeToken


@transaction.atomic
def create_first_operator(*, email: str, password: str | None, by: Actor) -> tuple[User, str]:
    """The platform's first operator and their password (a random one if none is given).

    Raises ``AlreadyThereError`` when an operator exists, ``ValidationError`` for a bad address or a weak password.
    """
    if User.objects.filter(is_superuser=True).exists():
        raise AlreadyThereError("There is an operator already; they can invite others.")
    chosen = password or secrets.token_urlsafe(_PASSWORD_BYTES)
    user = User(email=email, is_staff=True, is_superuser=True)
    validate_password(chosen, user)
    user.set_password(chosen)
    user.full_clean()
    user.save()
    audit.record(by=by, verb="created operator", subject=user.email)
    return user, chosen


@transaction.atomic
def create_tenant(*, slug: str, name: str, language: str, timezone: str, by: Actor) -> Tenant:
    """A new business. Raises ``AlreadyThereError`` or ``ValidationError`` (all fields at once)."""
    require_operator(by)
    if Tenant.objects.filter(slug=slug).exists():
        raise AlreadyThereError(f"The tenant {slug} exists already.")
    tenant = Tenant(slug=slug, name=name, language=language, timezone=timezone)
    tenant.full_clean()
    tenant.save()
    audit.record(by=by, verb="created tenant", subject=slug, tenant=tenant, details={"name": name})
    return tenant


@transaction.atomic
def save_tenant(*, tenant: Tenant, changed: Sequence[str], by: Actor) -> Tenant:
    """Store an edited tenant; ``changed`` names the edited fields for the trail. Raises ``ValidationError``."""
    require_operator(by)
    tenant.full_clean()
    before = Tenant.objects.filter(pk=tenant.pk).values(*changed).first() if changed else {}
    tenant.save()
    after = {name: getattr(tenant, name) for name in changed}
    details: JSONObject = {"fields": list(changed)}
    audit.record(
        by=by, verb="changed tenant", subject=tenant.slug, tenant=tenant, details=details, before=before, after=after
    )
    return tenant


@transaction.atomic
def save_user(*, user: User, changed: Sequence[str], by: Actor) -> User:
    """Store a new or edited person; ``changed`` names the edited fields for the trail. Raises ``ValidationError``."""
    require_operator(by)
    user.full_clean()
    user.save()
    audit.record(by=by, verb="changed user", subject=user.email, details={"fields": list(changed)})
    return user


@transaction.atomic
def save_membership(*, membership: Membership, by: Actor) -> Membership:
    """Give a person a role in a tenant, or another one. Raises ``ValidationError`` for a second membership."""
    require_role(by, tenant=membership.tenant, role=Role.OWNER)
    membership.full_clean()
    before = Membership.objects.filter(pk=membership.pk).values_list("role", flat=True).first()
    membership.save()
    subject, after = membership.user.email, {"role": str(membership.role)}
    audit.record(
        by=by, verb="set role", subject=subject, tenant=membership.tenant, details={**after}, before=before,
        after=str(membership.role),
    )  # fmt: skip
    return membership


@transaction.atomic
def remove_membership(*, membership: Membership, by: Actor) -> None:
    """Take a person's role in a tenant away."""
    require_role(by, tenant=membership.tenant, role=Role.OWNER)
    audit.record(by=by, verb="removed role", subject=membership.user.email, tenant=membership.tenant)
    membership.delete()


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
        audit.record(by=by, verb="revoked runtime token", subject=token.prefix, tenant=token.tenant)
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
