"""What is asked about the audit trail. Whose entries they are is the caller's first argument; there is no default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from platform_admin.audit.verb_words import verbs_that_say
from platform_admin.tenants.models import AuditEntry, Tenant

EVERYTHING: Final = None
"""For operators: all tenants and the platform itself."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who, what, when; empty means any. ``since`` is inside, ``until`` is not."""

    person: str = ""
    thing: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entries(tenant: Tenant | None, wanted: Wanted) -> QuerySet[AuditEntry]:
    """Newest first, of one tenant, or of everything (``EVERYTHING``)."""
    rows = AuditEntry.objects.select_related("tenant").order_by("-at", "-pk")
    if tenant is not None:
        rows = rows.filter(tenant=tenant)
    if wanted.person:
        rows = rows.filter(actor_label__icontains=wanted.person)
    if wanted.thing:
        thing = wanted.thing
        done = Q(verb__icontains=thing) | Q(verb__in=verbs_that_say(thing))
        rows = rows.filter(Q(subject__icontains=thing) | done | Q(object_kind=thing) | Q(contact=thing))
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    return rows
