"""Mail about incidents: to the owners of the tenant and the operators, once when one begins."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, override

from platform_admin.observability.models import Incident
from platform_admin.observability.trouble_words import words_of
from platform_admin.observability.watch import is_severe, is_told, told_after
from platform_admin.tenants.models import Role, Tenant, User


def untold_incidents(*, now: datetime) -> list[Incident]:
    """Those that began and nobody was told of yet, without what is or was over in a moment."""
    rows = Incident.objects.across_tenants("the worker tells of all tenants").filter(notified_at=None)
    return [
        incident
        for incident in rows.select_related("tenant").order_by("started_at")
        if is_told(incident.kind) and (incident.ended_at or now) - incident.started_at >= told_after(incident.kind)
    ]


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
