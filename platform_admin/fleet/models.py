"""What should run, what was last seen to run, and how the fleet comes to another version."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from platform_admin.tenants.scoping import TenantOwned

FIRST_PORT = 8002
"""The first tenant's port; the next ones count up from here."""

LOWEST_PORT, HIGHEST_PORT = 1024, 65535
"""Ports that need no privilege."""

LONGEST_IMAGE = 200
_LONGEST_PLACE = 200


class Deployment(TenantOwned):
    """The wanted state of one tenant's runtime, and the last look at the actual one. At most one per tenant."""

    class Desired(models.TextChoices):
        RUNNING = "running", "Running"
        STOPPED = "stopped", "Stopped"
        REMOVED = "removed", "Removed"

    class Driver(models.TextChoices):
        PROCESS = "process", "Local process"
        DOCKER = "docker", "Container"
        KUBERNETES = "kubernetes", "Kubernetes"

    class Seen(models.TextChoices):
        UNKNOWN = "unknown", "Not seen yet"
        RUNNING = "running", "Running"
        RESTARTING = "restarting", "Restarting"
        FAILED = "failed", "Failed"
        STOPPED = "stopped", "Stopped"
        ABSENT = "absent", "Not there"

    desired = models.CharField(max_length=16, choices=Desired, default=Desired.RUNNING)
    driver = models.CharField(max_length=16, choices=Driver, default=Driver.PROCESS)
    image = models.CharField(
        max_length=LONGEST_IMAGE,
        blank=True,
        default="",
        db_default="",  # here and below: rows that the version before this one writes have to be whole
        help_text="Empty: the image that the orchestrator was given.",
    )
    image_since = models.DateTimeField(null=True, editable=False)
    canary = models.BooleanField(default=False, db_default=False, help_text="Gets a new version before the others.")
    port = models.PositiveIntegerField(
        unique=True, validators=[MinValueValidator(LOWEST_PORT), MaxValueValidator(HIGHEST_PORT)]
    )
    place = models.CharField(
        max_length=_LONGEST_PLACE,
        blank=True,
        default="",
        db_default="",
        help_text="Where it runs: the orchestrator that took it first. Its volume is there and nowhere else.",
    )
    sealed_token = models.TextField(blank=True, default="", db_default="", editable=False)
    volume_until = models.DateTimeField("the volume is kept until", null=True, blank=True, editable=False)
    seen = models.CharField("last seen", max_length=16, choices=Seen, default=Seen.UNKNOWN, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    seen_image = models.CharField(max_length=LONGEST_IMAGE, blank=True, default="", db_default="", editable=False)
    ready = models.BooleanField(default=False, db_default=False, editable=False)
    ready_changed_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(max_length=500, blank=True, editable=False)
    wish = models.JSONField(null=True, editable=False)

    class Meta:
        ordering = ["tenant"]
        constraints = [models.UniqueConstraint(fields=["tenant"], name="one_deployment_per_tenant")]

    def __str__(self) -> str:
        return f"{self.tenant} on port {self.port}"


class Rollout(models.Model):
    """Bringing the fleet to another image, canaries first. One at a time; a row of the platform, not of a tenant.

    Without an image it brings what runs on ``driver`` at ``place`` to that orchestrator's present settings.
    """

    class State(models.TextChoices):
        ROLLING = "rolling", "Rolling"
        PAUSED = "paused", "Paused"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Done"
        REPLACED = "replaced", "Replaced"

    image = models.CharField(max_length=LONGEST_IMAGE, blank=True)
    driver = models.CharField(
        max_length=16, choices=Deployment.Driver, blank=True, default="", db_default="", help_text="Empty: everywhere."
    )
    place = models.CharField(max_length=_LONGEST_PLACE, blank=True, default="", db_default="")
    batch = models.PositiveIntegerField(default=10)
    patience_s = models.PositiveIntegerField(default=180)
    soak_s = models.PositiveIntegerField(default=60, db_default=60)
    state = models.CharField(max_length=16, choices=State, default=State.ROLLING)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.aim}: {self.get_state_display()}"

    @property
    def aim(self) -> str:
        """What the fleet goes to, in words."""
        return self.image or f"the settings of {self.driver}"
