"""What should run, and what was last seen to run."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from platform_admin.tenants.scoping import TenantOwned

FIRST_PORT = 8002
"""The first tenant's port; the next ones count up from here."""

LOWEST_PORT, HIGHEST_PORT = 1024, 65535
"""Ports that need no privilege."""


class Deployment(TenantOwned):
    """The wanted state of one tenant's runtime, and the last look at the actual one. At most one per tenant."""

    class Desired(models.TextChoices):
        RUNNING = "running", "Running"
        STOPPED = "stopped", "Stopped"

    class Driver(models.TextChoices):
        PROCESS = "process", "Local process"

    class Seen(models.TextChoices):
        UNKNOWN = "unknown", "Not seen yet"
        RUNNING = "running", "Running"
        RESTARTING = "restarting", "Restarting"
        FAILED = "failed", "Failed"
        STOPPED = "stopped", "Stopped"

    desired = models.CharField(max_length=16, choices=Desired, default=Desired.RUNNING)
    driver = models.CharField(max_length=16, choices=Driver, default=Driver.PROCESS)
    port = models.PositiveIntegerField(
        unique=True, validators=[MinValueValidator(LOWEST_PORT), MaxValueValidator(HIGHEST_PORT)]
    )
    seen = models.CharField("last seen", max_length=16, choices=Seen, default=Seen.UNKNOWN, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        ordering = ["tenant"]
        constraints = [models.UniqueConstraint(fields=["tenant"], name="one_deployment_per_tenant")]

    def __str__(self) -> str:
        return f"{self.tenant} on port {self.port}"
