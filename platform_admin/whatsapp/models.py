"""What Meta delivered to the platform's own address."""

from __future__ import annotations

from django.db import models

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
