"""Taking the personal part out of audit entries. The one way past their being written once; the chain stays whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

from flow_engine.vocabulary import JSON
from platform_admin.tenants.models import AuditEntry, Tenant

_HAS_PERSONAL_PART = ~Q(contact="") | Q(before__isnull=False) | Q(after__isnull=False)


@transaction.atomic
def forget_personal_parts(
    *, tenant: Tenant | None, now: datetime, contact: str | None = None, before: datetime | None = None
) -> list[JSON]:
    """Drop ``contact``, ``before``, ``after`` and the salt of a tenant's entries: about one contact, or older than.

    Returns the numbers as ranges ``[first, last]``. The caller records an entry of one of ``verifying.ERASING_VERBS``
    with them as ``details["entries"]``, in the same transaction: without it the trail does not hold.
    """
    chosen = Q(tenant=tenant) & ~Q(salt="") & _HAS_PERSONAL_PART
    chosen &= Q() if contact is None else Q(contact=contact)
    chosen &= Q() if before is None else Q(at__lt=before)
    # A plain queryset: that of the model refuses every change.
    rows: models.QuerySet[AuditEntry] = models.QuerySet(AuditEntry)
    numbers = list(rows.filter(chosen, number__isnull=False).order_by("number").values_list("number", flat=True))
    rows.filter(chosen, number__isnull=False).update(contact="", before=None, after=None, salt="", erased_at=now)
    return as_ranges(number for number in numbers if number is not None)


def as_ranges(numbers: Iterable[int]) -> list[JSON]:
    """Ascending numbers as ``[[1, 3], [7, 7]]``."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return [[first, last] for first, last in ranges]
