"""``SharedDraft``: one link to a tenant's draft."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from platform_admin.tenants.scoping import TenantOwned


class SharedDraft(TenantOwned):
    """``link`` is what the address carries, beside its signature: who reads this table alone can open nothing."""

    link = models.CharField(max_length=32, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"link to the draft of {self.tenant}, {self.created_at:%Y-%m-%d %H:%M}"
