"""The message templates of tenants' WhatsApp accounts, as they were seen last."""

from __future__ import annotations

from django.db import models

from connectors.whatsapp.template_definition import APPROVED, LOW_QUALITY
from platform_admin.tenants.scoping import TenantOwned

LONGEST_NAME = 512
"""Characters, by Meta's own limit."""


class TemplateAccount(TenantOwned):
    """A WhatsApp business account whose templates were fetched, or at least tried to be."""

    waba_id = models.CharField("account", max_length=20)
    fetched_at = models.DateTimeField(null=True)
    fault = models.CharField("why the last try failed", max_length=500, blank=True)

    class Meta:
        ordering = ["tenant", "waba_id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "waba_id"], name="one_row_per_template_account")]

    def __str__(self) -> str:
        return f"templates of {self.waba_id}"


class MessageTemplate(TenantOwned):
    """One template in one language. The words of ``status``, ``category`` and ``quality`` are Meta's."""

    account = models.ForeignKey(TemplateAccount, on_delete=models.CASCADE, related_name="templates")
    name = models.CharField(max_length=LONGEST_NAME)
    language = models.CharField(max_length=16)
    category = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=40)
    quality = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    parameters = models.JSONField(help_text="How many blanks the body has, or their names.")
    header = models.JSONField(null=True)
    buttons = models.JSONField(default=list)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "language"]
        constraints = [models.UniqueConstraint(fields=["account", "name", "language"], name="one_row_per_template")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    @property
    def is_usable(self) -> bool:
        """Whether a step may rely on it: approved, and not on the way to being paused."""
        return self.status == APPROVED and self.quality != LOW_QUALITY
