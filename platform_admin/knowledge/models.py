"""The business's own FAQ document and its immutable versions."""

from __future__ import annotations

from django.db import models

from platform_admin.tenants.immutable import TenantVersion
from platform_admin.tenants.models import Tenant, User
from platform_admin.tenants.scoping import TenantOwned

MAX_MARKDOWN_CHARACTERS = 512 * 1024
"""The whole document goes into a prompt; a small business's FAQ is a hundredth of this."""


class KnowledgeDocument(TenantOwned):
    """What is being written: one document per tenant, saved as often as one likes."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT, related_name="knowledge")
    draft = models.TextField("text (Markdown)", blank=True, max_length=MAX_MARKDOWN_CHARACTERS)
    revision = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "knowledge document"

    def __str__(self) -> str:
        return f"Knowledge of {self.tenant}"


MAX_QUESTION_CHARACTERS = 1_000
"""As long as a question that a runtime reports."""

MAX_QUESTIONS = 300
"""Of one tenant; asking them all takes less time than somebody notices."""


class EvaluationQuestion(TenantOwned):
    """A question that must be right before anything is published: answered from below a heading, or not at all."""

    question = models.CharField(max_length=MAX_QUESTION_CHARACTERS)
    heading = models.CharField("answered under", max_length=MAX_QUESTION_CHARACTERS, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = "evaluation question"
        constraints = [models.UniqueConstraint(fields=["tenant", "question"], name="one_expectation_per_question")]

    def __str__(self) -> str:
        return self.question


class KnowledgeVersion(TenantVersion):
    """The document as it was at one moment: ``v1``, ``v2`` and so on."""

    document = models.ForeignKey(KnowledgeDocument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    markdown = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        verbose_name = "knowledge version"
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="knowledge_version_number")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name used in bundles and settings."""
        return f"v{self.number}"
