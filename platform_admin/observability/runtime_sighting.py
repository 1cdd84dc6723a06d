"""The last word of each runtime about itself."""

from __future__ import annotations

from django.db import models

from platform_admin.observability.conversations import LONGEST_ID
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.scoping import TenantOwned


class RuntimeSighting(TenantOwned):
    """When a tenant's runtime was last here and how it said it was. No address, nothing about customers.

    ``serial`` is what the last pull or report left it with; the columns below ``last_report_at`` come from reports.
    """

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT, related_name="runtime_sighting")
    last_pull_at = models.DateTimeField(null=True)
    serial = models.PositiveIntegerField("serial it has", null=True)

    last_report_at = models.DateTimeField(null=True)
    staged_serial = models.PositiveIntegerField(null=True)
    version = models.CharField(max_length=40, blank=True)
    build = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField(null=True)
    ready = models.BooleanField(default=False)
    suspended = models.BooleanField(default=False)
    degraded = models.JSONField(default=list)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal_reason = models.CharField(max_length=500, blank=True)
    clock_ahead_ms = models.BigIntegerField("its clock against ours", null=True)
    last_inbound_at = models.DateTimeField(null=True)
    gauges = models.JSONField(default=dict)
    formats = models.JSONField(default=dict)
    lists_digest = models.CharField(max_length=64, blank=True, db_default="", editable=False)
    """Of the lists that a report gives as a whole, and the day: the same again need not be compared row by row."""

    class Meta:
        ordering = ["tenant"]
        verbose_name = "runtime seen"
        verbose_name_plural = "runtimes seen"

    def __str__(self) -> str:
        return f"runtime of {self.tenant}"


class ReceivedReport(TenantOwned):
    """A report that was taken in. One that comes again (its answer was lost) adds nothing."""

    report_id = models.CharField(max_length=LONGEST_ID)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "report_id"], name="one_report_per_id")]

    def __str__(self) -> str:
        return self.report_id
