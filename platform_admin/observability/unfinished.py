"""What a runtime still has to do, or could not do: scheduled tasks and dead letters."""

from __future__ import annotations

from django.db import models

from platform_admin.observability.conversations import LONGEST_ID
from platform_admin.tenants.scoping import TenantOwned


class ScheduledTask(TenantOwned):
    """A task a runtime has planned (its next ones), or missed lately. Replaced by every report."""

    task_id = models.CharField(max_length=LONGEST_ID)
    task = models.CharField(max_length=LONGEST_ID)
    contact = models.CharField(max_length=LONGEST_ID, blank=True)
    channel = models.CharField(max_length=LONGEST_ID, blank=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=20)

    class Meta:
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["tenant", "task_id"], name="one_row_per_task")]
        indexes = [models.Index(fields=["tenant", "due_at"], name="task_due")]

    def __str__(self) -> str:
        return self.task


class DeadLetter(TenantOwned):
    """A message, in or out, that was given up after its attempts."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SETTLED = "settled", "Settled"

    dead_letter_id = models.CharField(max_length=LONGEST_ID)
    kind = models.CharField(max_length=20)
    error = models.CharField(max_length=500, blank=True)
    contact = models.CharField(max_length=LONGEST_ID, blank=True)
    channel = models.CharField(max_length=LONGEST_ID, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["tenant", "dead_letter_id"], name="one_row_per_dead_letter")]
        indexes = [models.Index(fields=["tenant", "state", "-at"], name="dead_letter_open_newest")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.at:%Y-%m-%d %H:%M}"
