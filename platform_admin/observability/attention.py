"""What somebody should look at: questions without an answer, notices of the runtimes, incidents."""

from __future__ import annotations

from django.db import models

from platform_admin.observability.conversations import LONGEST_ID
from platform_admin.observability.trouble_words import said_of
from platform_admin.tenants.scoping import TenantOwned


class UnansweredQuestion(TenantOwned):
    """A free question that got the canned sentence, masked."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ANSWERED = "answered", "Answered in the document"
        DISMISSED = "dismissed", "Not for us"

    question_id = models.CharField(max_length=LONGEST_ID)
    question = models.CharField(max_length=1_000)
    language = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["tenant", "question_id"], name="one_row_per_question")]
        indexes = [models.Index(fields=["tenant", "state", "-at"], name="question_open_newest")]

    def __str__(self) -> str:
        return self.question


class Notice(TenantOwned):
    """Something a runtime wants known: a token that expired, a channel that stopped, a loop it broke."""

    notice_id = models.CharField(max_length=LONGEST_ID)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["tenant", "notice_id"], name="one_row_per_notice")]
        indexes = [models.Index(fields=["tenant", "-at"], name="notice_newest")]

    def __str__(self) -> str:
        return self.kind

    @property
    def said(self) -> str:
        """In the reader's language; what it is about in the runtime's words."""
        return said_of(self.kind, self.detail)


class Incident(TenantOwned):
    """Something that is wrong from one moment to another. At most one of a kind is open for a tenant."""

    kind = models.CharField(max_length=60)
    detail = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind"], condition=models.Q(ended_at=None), name="one_open_incident_of_a_kind"
            )
        ]
        indexes = [models.Index(fields=["tenant", "-started_at"], name="incident_newest")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.tenant}"

    @property
    def said(self) -> str:
        """In the reader's language; what it is about as it was told."""
        return said_of(self.kind, self.detail)
