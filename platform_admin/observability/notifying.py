"""Mail about incidents: to the owners of the tenant and the operators, once when one begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext, override

from platform_admin.observability.models import Incident
from platform_admin.observability.trouble_words import words_of
from platform_admin.observability.watch import is_severe, is_told, told_after
from platform_admin.tenants.models import Role, Tenant, User

OFTEN: Final = 3
"""Beginnings within ``OFTEN_WITHIN``: no start, no upgrade and no single question that failed comes so often."""
OFTEN_WITHIN: Final = timedelta(hours=1)

NO_NEWS_AFTER: Final = timedelta(days=1)
"""What ended before that is told to nobody any more, should mail not have left for so long."""


def untold_incidents(*, now: datetime) -> list[Incident]:
    """Those that began and nobody was told of yet.

    What is or was over in a moment is left out, unless it comes again and again: then it is told once in an hour.
    """
    rows = Incident.objects.across_tenants("the worker tells of all tenants").filter(notified_at=None)
    recent = rows.filter(Q(ended_at=None) | Q(ended_at__gte=now - NO_NEWS_AFTER))
    incidents = [row for row in recent.select_related("tenant").order_by("started_at") if is_told(row.kind)]
    lasting = [row for row in incidents if (row.ended_at or now) - row.started_at >= told_after(row.kind)]
    if len(lasting) == len(incidents):
        return incidents
    flapping = _flapping(now=now)
    newest = {(row.tenant_id, row.kind): row for row in incidents if row not in lasting}
    return [*lasting, *(row for key, row in newest.items() if key in flapping)]


def _flapping(*, now: datetime) -> set[tuple[int, str]]:
    """Tenant and kind of what began often of late, without what somebody was told of meanwhile."""
    rows = Incident.objects.across_tenants("the worker tells of all tenants")
    begun = rows.filter(started_at__gt=now - OFTEN_WITHIN).order_by().values_list("tenant_id", "kind")
    counted = begun.annotate(times=Count("pk"), told=Count("notified_at")).filter(times__gte=OFTEN, told=0)
    return {(tenant, kind) for tenant, kind, _times, _told in counted}


def tell(incident: Incident, *, now: datetime) -> int:
    """Write to everybody whom it concerns; how many. Raises what sending mail raises, then nobody counts as told."""
    people = recipients(incident.tenant)
    for person in people:
        subject, body = message_about(incident, language=incident.tenant.language)
        EmailMessage(subject=subject, body=body, to=[person.email]).send()
    Incident.objects.for_tenant(incident.tenant).filter(pk=incident.pk).update(notified_at=now)
    return len(people)


def recipients(tenant: Tenant) -> list[User]:
    """Its owners, and the operators of the platform."""
    owners = Q(memberships__tenant=tenant, memberships__role=Role.OWNER)
    return list(User.objects.filter(owners | Q(is_superuser=True), is_active=True).distinct().order_by("pk"))


def message_about(incident: Incident, *, language: str) -> tuple[str, str]:
    """Subject and text in the language of the tenant. The subject is one line whatever the runtime said."""
    tenant, words = incident.tenant, words_of(incident.kind)
    began = incident.started_at.astimezone(ZoneInfo(tenant.timezone))
    with override(language.partition("-")[0]):
        urgent = gettext("Customers are affected") if is_severe(incident.kind) else gettext("Worth a look")
        what = incident.said
        body = [
            gettext("%(business)s: %(what)s.") % {"business": tenant.name, "what": what},
            gettext("Since %(when)s (%(zone)s).") % {"when": f"{began:%Y-%m-%d %H:%M}", "zone": tenant.timezone},
            str(words.to_do),
            gettext("Look at it here:"),
            f"{settings.PUBLIC_URL}{reverse(words.page, args=[tenant.slug])}",
        ]
    return " ".join(f"{tenant.name}: {urgent}".split()), "\n\n".join(body) + "\n"
