"""Conversations as people write them: a draft that may be broken, and versions that never change."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

from platform_admin.tenants.immutable import TenantVersion
from platform_admin.tenants.models import Tenant, User
from platform_admin.tenants.scoping import TenantOwned

MAX_SOURCE_BYTES = 256 * 1024
"""The language reader's own limit; a longer text is refused before it is stored."""


class Flow(TenantOwned):
    """One conversation of one tenant, by the name its file would have."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="flows")
    name = models.CharField(
        max_length=80,
        default="main",
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9_-]*\Z", "Small letters, digits, _ and -.")],
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["tenant", "name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="flow_name_per_tenant")]

    def __str__(self) -> str:
        return f"{self.name} of {self.tenant}"

    @property
    def file_name(self) -> str:
        """What faults call this text."""
        return f"{self.name}.yaml"


class FlowDraft(TenantOwned):
    """What is being written, with the faults found in it. Saved even when broken: nobody's work is lost."""

    flow = models.OneToOneField(Flow, on_delete=models.CASCADE, related_name="draft")
    text = models.TextField(blank=True)
    faults = models.JSONField(default=list, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "flow draft"

    def __str__(self) -> str:
        return f"draft of {self.flow}"


CASE_NAME_PATTERN = r"^([a-z0-9][a-z0-9_-]{0,59}/)?[a-z0-9][a-z0-9_.-]{0,79}\.yaml\Z"
"""A file, or a file in one folder: where reusable pieces stand."""

MAX_CASE_CHARACTERS = 64 * 1024
MAX_CASES = 300
"""Of one flow. A case runs in milliseconds, so a gate still answers while somebody waits for it."""


class FlowCase(TenantOwned):
    """One conversation test (or a piece that tests use), by the name its file would have below ``cases``."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="cases")
    name = models.CharField(
        max_length=145,
        validators=[RegexValidator(CASE_NAME_PATTERN, "A file name such as books_a_day.yaml, in one folder at most.")],
    )
    text = models.TextField(max_length=MAX_CASE_CHARACTERS)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]
        verbose_name = "conversation test"
        constraints = [models.UniqueConstraint(fields=["flow", "name"], name="one_case_per_name")]

    def __str__(self) -> str:
        return self.name


class FlowVersion(TenantVersion):
    """A text without errors, its normalised program, its tests, and a number. Never changes."""

    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    program = models.JSONField()
    cases = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        verbose_name = "flow version"
        constraints = [models.UniqueConstraint(fields=["flow", "number"], name="flow_version_number")]

    def __str__(self) -> str:
        return f"{self.flow.name} {self.number}"
