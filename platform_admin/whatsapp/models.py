"""What Meta delivered to the platform's own address, and how far tenants' numbers are set up."""

from __future__ import annotations

from django.db import models

from platform_admin.tenants.scoping import TenantOwned

_SHA256_HEX_DIGITS = 64


class AppDelivery(models.Model):
    """One signed body, kept as it came until it was taken in; of what found its owners only the digest stays.

    The same bytes are one row. It may speak of several tenants, so it belongs to none; only operators see that it is
    there, and nobody its content.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Not taken in yet"
        DONE = "done", "Taken in"
        UNREADABLE = "unreadable", "Cannot be read"

    digest = models.CharField("content (SHA-256)", max_length=_SHA256_HEX_DIGITS, unique=True)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-received_at"]
        verbose_name = "delivery of Meta"
        verbose_name_plural = "deliveries of Meta"
        indexes = [models.Index(fields=["received_at"], name="delivery_waiting", condition=models.Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M:%S} {self.get_state_display()}"


class SetUpCheck(TenantOwned):
    """What one check of one number found when it was made last. A check without a row waits to be made."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        GOOD = "good", "Good"
        MENDED = "mended", "Put right"
        WARNING = "warning", "Good for now"
        FAULT = "fault", "Fault"

    phone_number_id = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State)
    said = models.JSONField(default=list)
    """Sentences as ``[words, {blank: value}]``: in English, to be put into the language of whoever reads."""
    at = models.DateTimeField()

    class Meta:
        ordering = ["tenant", "phone_number_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "phone_number_id", "code"], name="one_row_per_set_up_check")
        ]

    def __str__(self) -> str:
        return f"{self.phone_number_id} {self.code}: {self.state}"
