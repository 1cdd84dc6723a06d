"""The queue of requests to runtimes, and what came back."""

from __future__ import annotations

import uuid

from django.db import models

from platform_admin.commands.kinds import CommandKind
from platform_admin.tenants.models import User
from platform_admin.tenants.scoping import TenantOwned

_SHA256_HEX_DIGITS = 64
MAX_DETAIL_CHARACTERS = 500


class RuntimeCommand(TenantOwned):
    """One request to one tenant's runtime, which fetches it, does it once and reports what became of it."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting for the runtime"
        DELIVERED = "delivered", "With the runtime"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        REFUSED = "refused", "Refused"
        EXPIRED = "expired", "Too late"

    id: models.BigAutoField[int, int]
    public_id = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=32, choices=CommandKind)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    detail = models.CharField(max_length=MAX_DETAIL_CHARACTERS, blank=True)
    result = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "request to a runtime"
        verbose_name_plural = "requests to runtimes"
        indexes = [
            models.Index(fields=["tenant", "state"], name="command_tenant_state"),
            models.Index(fields=["tenant", "-id"], name="command_tenant_newest"),
            # What one look for all waiting runtimes reads, twice a second: as small as the queue is.
            models.Index(fields=["tenant"], name="command_queued", condition=models.Q(state="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.DELIVERED)


class ContactExport(TenantOwned):
    """The archive a runtime handed in for an ``export_contact``. Kept for days, not for ever, and never in clear.

    ``content`` is a Fernet token under the platform's keys, bound to the tenant and to ``field`` (``exports.opened``).
    ``sha256`` is that of the archive itself.
    """

    command = models.OneToOneField(RuntimeCommand, on_delete=models.CASCADE, related_name="export")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=_SHA256_HEX_DIGITS)
    received_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-received_at"]

    @property
    def field(self) -> str:
        """The place that the token is bound to."""
        return f"contact_export.{self.command_id}"

    def __str__(self) -> str:
        return f"export of {self.received_at:%Y-%m-%d %H:%M}"
