"""What was said, as the runtimes report it: already masked there, and kept only as long as the tenant wants."""

from __future__ import annotations

from django.db import models

from platform_admin.tenants.scoping import TenantOwned

LONGEST_ID = 200
"""What the runtime API promises of ids."""

LONGEST_STATE = 120
LONGEST_TEXT = 4_096
"""WhatsApp's own limit for a text."""


class Conversation(TenantOwned):
    """The latest of each conversation, kept up to date as turns arrive, so that the list needs no grouping."""

    conversation = models.CharField(max_length=LONGEST_ID)
    contact = models.CharField(max_length=LONGEST_ID)
    channel = models.CharField(max_length=LONGEST_ID)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    turns = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=LONGEST_STATE, blank=True)
    last_heard = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["tenant", "conversation"], name="one_row_per_conversation")]
        indexes = [
            models.Index(fields=["tenant", "-last_at"], name="conversation_newest"),
            models.Index(fields=["tenant", "contact"], name="conversation_contact"),
        ]

    def __str__(self) -> str:
        return self.contact


class Turn(TenantOwned):
    """One turn: what came in, what went out, and the trace that explains why."""

    turn_id = models.CharField(max_length=LONGEST_ID)
    conversation = models.CharField(max_length=LONGEST_ID)
    contact = models.CharField(max_length=LONGEST_ID)
    channel = models.CharField(max_length=LONGEST_ID)
    at = models.DateTimeField()
    serial = models.PositiveIntegerField(null=True)
    heard = models.TextField(blank=True)
    said = models.JSONField(default=list)
    state_before = models.CharField(max_length=LONGEST_STATE, blank=True)
    state_after = models.CharField(max_length=LONGEST_STATE, blank=True)
    trace = models.JSONField(default=dict)
    error = models.JSONField(null=True)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["tenant", "turn_id"], name="one_row_per_turn")]
        indexes = [
            models.Index(fields=["tenant", "conversation", "at"], name="turn_in_conversation"),
            models.Index(fields=["tenant", "-at"], name="turn_newest"),
            models.Index(fields=["tenant", "contact"], name="turn_contact"),
        ]

    def __str__(self) -> str:
        return self.turn_id


class HandOff(TenantOwned):
    """A conversation that a person has taken over, or that waits for one."""

    hand_off_id = models.CharField(max_length=LONGEST_ID)
    conversation = models.CharField(max_length=LONGEST_ID)
    contact = models.CharField(max_length=LONGEST_ID)
    channel = models.CharField(max_length=LONGEST_ID)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    open = models.BooleanField(default=True)
    messages = models.JSONField(default=list)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["tenant", "hand_off_id"], name="one_row_per_hand_off")]
        indexes = [models.Index(fields=["tenant", "open", "-at"], name="hand_off_open_newest")]

    def __str__(self) -> str:
        return self.contact
