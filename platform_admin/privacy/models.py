"""Erasures of contacts: asked for, carried out by the runtime and here, and remembered by the contact's keyed hash."""

from __future__ import annotations

import uuid

from django.db import models

from platform_admin.commands.models import RuntimeCommand
from platform_admin.observability.conversations import LONGEST_ID
from platform_admin.tenants.models import User
from platform_admin.tenants.scoping import TenantOwned


class Erasure(TenantOwned):
    """One contact of one tenant. ``contact`` is the pseudonym, a hash under a key that only the runtime has.

    The row stays: a backup that is restored brings the contact back, and the list says whom to erase again.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Waiting for the bot's runtime"
        DONE = "done", "Erased"
        FAILED = "failed", "Failed"

    public_id = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)
    contact = models.CharField(max_length=LONGEST_ID)
    channel = models.CharField(max_length=LONGEST_ID, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    command = models.ForeignKey(RuntimeCommand, null=True, on_delete=models.SET_NULL, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=1)
    finished_at = models.DateTimeField(null=True)
    runtime_counts = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    detail = models.CharField(max_length=500, blank=True)
    anchored_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contact", "channel"],
                condition=models.Q(state="pending"),
                name="one_pending_erasure_of_a_contact",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "-requested_at"], name="erasure_newest"),
            models.Index(fields=["tenant", "contact"], name="erasure_contact"),
        ]

    def __str__(self) -> str:
        return f"erasure of {self.contact}"
