"""How a tenant is configured, and every release that ever went out."""

from __future__ import annotations

from django.db import models

from platform_admin.business.models import BusinessVersion
from platform_admin.flows.models import FlowVersion
from platform_admin.knowledge.models import KnowledgeVersion
from platform_admin.tenants.immutable import TenantVersion
from platform_admin.tenants.models import Tenant, User
from platform_admin.tenants.scoping import TenantOwned

_SHA256_HEX_DIGITS = 64
LONGEST_NOTE = 200
"""Characters of what somebody says about a release."""


class TenantSettings(TenantOwned):
    """What binds a tenant's flow to the world. The shapes are those of ``settings_document``; no secrets in here."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT, related_name="settings")
    channels = models.JSONField(default=list, blank=True)
    connectors = models.JSONField(default=dict, blank=True)
    llm = models.JSONField("free questions (LLM)", default=dict, blank=True)
    sentences = models.JSONField(default=dict, blank=True)
    policies = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "tenant settings"
        verbose_name_plural = "tenant settings"

    def __str__(self) -> str:
        return f"Settings of {self.tenant}"


class Release(TenantVersion):
    """One signed bundle: what was live from this serial on, to the byte."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="releases")
    serial = models.PositiveIntegerField()
    flow_version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="+")
    knowledge_version = models.ForeignKey(KnowledgeVersion, null=True, on_delete=models.PROTECT, related_name="+")
    business_version = models.ForeignKey(BusinessVersion, null=True, on_delete=models.PROTECT, related_name="+")
    settings = models.JSONField()
    staged_for = models.JSONField("contacts it is tried on", null=True)
    people_in_flight = models.JSONField(default=dict)
    gate = models.JSONField("checks before it went out", default=list)
    envelope = models.BinaryField()
    digest = models.CharField("content (SHA-256)", max_length=_SHA256_HEX_DIGITS)
    etag = models.CharField("envelope (SHA-256)", max_length=_SHA256_HEX_DIGITS)
    keyid = models.CharField("signed by", max_length=16)
    rolled_back_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-serial"]
        constraints = [models.UniqueConstraint(fields=["tenant", "serial"], name="one_release_per_serial")]

    def __str__(self) -> str:
        return f"release {self.serial} of {self.tenant}"


class StagedRelease(TenantOwned):
    """Which release a tenant's test contacts have at present, if any. Releases never change; this pointer does."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT, related_name="staged")
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"staged: {self.release}"


class Proposal(TenantOwned):
    """A release that one person made ready and another one is to let out. Its parts are fixed when it is made."""

    class State(models.TextChoices):
        OPEN = "open", "Waits for a second person"
        APPROVED = "approved", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    flow_version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="+")
    knowledge_version = models.ForeignKey(KnowledgeVersion, null=True, on_delete=models.PROTECT, related_name="+")
    business_version = models.ForeignKey(BusinessVersion, null=True, on_delete=models.PROTECT, related_name="+")
    settings = models.JSONField()
    people_in_flight = models.JSONField(default=dict)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-proposed_at"]

    def __str__(self) -> str:
        return f"proposal of {self.proposed_at:%Y-%m-%d %H:%M}"
