"""The tables of the audit trail: entries, the head of each chain, and signed notes of how far a chain had come."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platform_admin.tenants.identity import Tenant, User
from platform_admin.tenants.immutable import ImmutableQuerySet, WrittenOnce

_SHA256_HEX_DIGITS = 64
_LONGEST_CHAIN = 80
LONGEST_CONTACT = 200
LONGEST_SUBJECT = 200


class AuditEntry(WrittenOnce):
    """Who did what to which object, when, and what it was before. Written by actions, holds no secret.

    ``contact``, ``before`` and ``after`` may have to be forgotten: what the chain goes over is ``private_digest``, and
    dropping them with their ``salt`` leaves it whole (``tenants.audit_digest``). Everything else never changes.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=254)
    tenant = models.ForeignKey(Tenant, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=64)
    object_kind = models.CharField("kind of object", max_length=60, blank=True, default="", db_default="")
    subject = models.CharField("object", max_length=LONGEST_SUBJECT)
    details = models.JSONField(default=dict)

    contact = models.CharField(max_length=LONGEST_CONTACT, blank=True, default="", db_default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    salt = models.CharField(max_length=64, blank=True, default="", db_default="")
    private_digest = models.CharField(max_length=_SHA256_HEX_DIGITS, default="", db_default="")
    erased_at = models.DateTimeField(null=True)

    # Null is what a process of a version before the chain writes; proving the chain names such a row.
    chain = models.CharField(max_length=_LONGEST_CHAIN, default="", db_default="")
    number = models.PositiveBigIntegerField(null=True)
    previous = models.CharField(max_length=_SHA256_HEX_DIGITS, default="", db_default="")
    digest = models.CharField(max_length=_SHA256_HEX_DIGITS, default="", db_default="")

    objects = ImmutableQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "audit entry"
        verbose_name_plural = "audit trail"
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="one_audit_entry_per_number")]
        indexes = [
            models.Index(fields=["tenant", "-at", "-id"], name="audit_newest"),
            models.Index(fields=["tenant", "contact"], name="audit_about_contact", condition=~models.Q(contact="")),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.verb} {self.subject}"


class AuditChain(models.Model):
    """How far a chain has come. The row is the lock under which entries get their number."""

    name = models.CharField(max_length=_LONGEST_CHAIN, unique=True)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=_SHA256_HEX_DIGITS)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class AuditCheckpoint(models.Model):
    """A head that the platform's signing key signed. The same line is kept in a file outside of the database."""

    chain = models.CharField(max_length=_LONGEST_CHAIN)
    number = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=_SHA256_HEX_DIGITS)
    at = models.DateTimeField()
    keyid = models.CharField(max_length=16)
    signature = models.CharField(max_length=100)

    class Meta:
        ordering = ["chain", "-number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number", "keyid"], name="one_checkpoint_per_key")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"
