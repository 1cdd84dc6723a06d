"""The one way into the audit trail."""

from __future__ import annotations

import secrets

from django.db import models, transaction
from django.utils import timezone

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.tenants.actor import Actor, CommandActor, Stranger
from platform_admin.tenants.audit_digest import (
    PLATFORM,
    SALT_BYTES,
    bounded,
    entry_digest,
    genesis,
    plain,
    private_digest,
)
from platform_admin.tenants.audit_trail import LONGEST_CONTACT, LONGEST_SUBJECT
from platform_admin.tenants.models import AuditChain, AuditEntry, Tenant, User


@transaction.atomic
def record(
    *,
    by: Actor | Stranger,
    verb: str,
    subject: object,
    tenant: Tenant | None = None,
    details: JSONObject | None = None,
    contact: str = "",
    before: JSON = None,
    after: JSON = None,
) -> AuditEntry:
    """Append one entry, in the caller's transaction: an action that fails leaves no trace of having happened.

    ``verb`` is a past tense such as ``published``. ``details`` is kept for ever and must name no customer. What may
    have to be forgotten goes into ``contact`` (the customer's pseudonym), ``before`` and ``after``. None of them may
    hold a secret. The chain stays locked until the transaction ends, so record as the last thing.
    """
    chain = _locked(PLATFORM if tenant is None else tenant.slug)
    entry = AuditEntry(
        at=timezone.now(),
        actor=by if isinstance(by, User) else None,
        actor_label=label_of(by),
        tenant=tenant,
        verb=verb,
        object_kind=subject._meta.model_name or "" if isinstance(subject, models.Model) else "",  # noqa: SLF001 - Django documents it
        subject=str(plain(str(subject)))[:LONGEST_SUBJECT],
        details=plain(details or {}),
        contact=str(plain(contact))[:LONGEST_CONTACT],
        before=bounded(before),
        after=bounded(after),
    )
    _seal(entry)
    append(entry, chain)
    return entry


def append(entry: AuditEntry, chain: AuditChain) -> None:
    """Give ``entry`` the next place of ``chain``, which the caller has locked, and store both."""
    entry.chain, entry.number, entry.previous = chain.name, chain.number + 1, chain.digest
    entry.digest = entry_digest(entry)
    entry.save()
    chain.number, chain.digest = entry.number, entry.digest
    chain.save(update_fields=["number", "digest"])


def _seal(entry: AuditEntry) -> None:
    """Salt and digest of what may have to be forgotten."""
    entry.salt = secrets.token_hex(SALT_BYTES)
    entry.private_digest = private_digest(entry.salt, contact=entry.contact, before=entry.before, after=entry.after)


def _locked(name: str) -> AuditChain:
    """The head of a chain, held until the transaction ends: two entries at once get two numbers."""
    rows = AuditChain.objects.select_for_update()
    found = rows.filter(name=name).first()
    if found is None:
        # Two first entries at once: one insert is ignored, both then read the same row.
        AuditChain.objects.bulk_create([AuditChain(name=name, digest=genesis(name))], ignore_conflicts=True)
        found = rows.get(name=name)
    return found


def label_of(by: Actor | Stranger) -> str:
    """How the trail names who did something."""
    match by:
        case CommandActor():
            return f"manage.py {by.command}"
        case Stranger():
            return f"somebody at {by.address}"
        case User():
            return by.email
