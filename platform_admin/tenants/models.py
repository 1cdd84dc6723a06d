"""Tenants, people, runtime tokens and the audit trail. Who there is stands in ``identity``."""

from __future__ import annotations

from django.db import models

from platform_admin.tenants.identity import Membership, Role, Tenant, User
from platform_admin.tenants.immutable import ImmutableQuerySet, WrittenOnce
from platform_admin.tenants.scoping import TenantOwned

__all__ = ["AuditEntry", "Membership", "Role", "RuntimeToken", "Scope", "Tenant", "User"]

_SHA256_HEX_DIGITS = 64


class Scope(models.TextChoices):
    """What a token opens. A runtime has all; a monitor that only reads the bundle needs one."""

    BUNDLE = "bundle", "Fetch the bundle and the signing keys"
    REPORT = "report", "Report"
    COMMANDS = "commands", "Fetch requests"
    EXPORTS = "exports", "Hand in exports"


def every_scope() -> list[str]:
    """What a runtime's own token has."""
    return [str(scope) for scope in Scope]


class RuntimeToken(TenantOwned):
    """What one tenant's runtime shows at every request. Only its hash is stored; the token is shown once."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="runtime_tokens")
    digest = models.CharField(max_length=_SHA256_HEX_DIGITS, unique=True, editable=False)
    prefix = models.CharField(max_length=16, editable=False)
    label = models.CharField(max_length=80, blank=True)
    scopes = models.JSONField(default=every_scope)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class AuditEntry(WrittenOnce):
    """Who did what to which object, when. Written by actions, never changed, holds no secret."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=254)
    tenant = models.ForeignKey(Tenant, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=64)
    subject = models.CharField("object", max_length=200)
    details = models.JSONField(default=dict)

    objects = ImmutableQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "audit entry"
        verbose_name_plural = "audit trail"

    def __str__(self) -> str:
        return f"{self.actor_label} {self.verb} {self.subject}"
