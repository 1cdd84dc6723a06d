"""Tenants (from ``identity``), the audit trail (from ``audit_trail``), and runtime tokens."""

from __future__ import annotations

from django.db import models

from platform_admin.tenants.audit_trail import AuditChain, AuditCheckpoint, AuditEntry
from platform_admin.tenants.identity import Membership, Role, Tenant, User
from platform_admin.tenants.scoping import TenantOwned

__all__ = [
    "AuditChain",
    "AuditCheckpoint",
    "AuditEntry",
    "Membership",
    "Role",
    "RuntimeToken",
    "Scope",
    "Tenant",
    "User",
]

_SHA256_HEX_DIGITS = 64
LONGEST_LABEL = 80
"""Characters of what a token is for."""


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
    label = models.CharField(max_length=LONGEST_LABEL, blank=True)
    scopes = models.JSONField(default=every_scope)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}…"
