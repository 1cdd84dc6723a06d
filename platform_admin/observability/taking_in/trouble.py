"""Dead letters and notices, each once; what staff decided about one stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from platform_admin.observability.models import DeadLetter, Notice
from platform_admin.observability.report_document import DeadLetterSeen, NoticeSeen
from platform_admin.tenants.models import Tenant

LISTED: Final = 200
"""How many dead letters a runtime lists, newest first; older ones it has are not in a full list."""


def note_dead_letters(*, tenant: Tenant, dead_letters: Sequence[DeadLetterSeen]) -> None:
    """The list as a whole: what is not there any more is settled. The caller holds the tenant's lock.

    One that failed again after it was settled is open again.
    """
    latest = {seen.id: seen for seen in dead_letters}
    rows = DeadLetter.objects.for_tenant(tenant)
    _settle_all_but(tenant, latest)
    if not latest:
        return
    known = {row.dead_letter_id: row for row in rows.filter(dead_letter_id__in=latest)}
    again = [row for row in known.values() if latest[row.dead_letter_id].at > row.at]
    for row in again:
        seen = latest[row.dead_letter_id]
        row.at, row.error, row.state = seen.at, seen.error, DeadLetter.State.OPEN
    rows.bulk_update(again, ["at", "error", "state"])
    DeadLetter.objects.bulk_create(
        DeadLetter(
            tenant=tenant,
            dead_letter_id=seen.id,
            kind=seen.kind,
            error=seen.error,
            at=seen.at,
            contact=seen.contact,
            channel=seen.channel,
        )
        for seen in latest.values()
        if seen.id not in known
    )


def _settle_all_but(tenant: Tenant, listed: Mapping[str, DeadLetterSeen]) -> None:
    gone = DeadLetter.objects.for_tenant(tenant).filter(state=DeadLetter.State.OPEN).exclude(dead_letter_id__in=listed)
    if len(listed) >= LISTED:
        gone = gone.filter(at__gte=min(seen.at for seen in listed.values()))
    gone.update(state=DeadLetter.State.SETTLED)


def note_notices(*, tenant: Tenant, notices: Sequence[NoticeSeen]) -> None:
    Notice.objects.bulk_create(
        (Notice(tenant=tenant, notice_id=seen.id, kind=seen.kind, at=seen.at, detail=seen.detail) for seen in notices),
        ignore_conflicts=True,
    )
