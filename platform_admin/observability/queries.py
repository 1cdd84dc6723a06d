"""What is asked about the runtimes and about what they report. Everything about one tenant; sums are in ``figures``."""

from __future__ import annotations

from itertools import chain

from django.db.models import Q, QuerySet

from platform_admin.observability.models import (
    Conversation,
    DeadLetter,
    HandOff,
    Incident,
    Notice,
    RuntimeSighting,
    ScheduledTask,
    Turn,
    UnansweredQuestion,
)
from platform_admin.tenants.models import Tenant

_NOTICES_SHOWN = 50
_INCIDENTS_SHOWN = 50


def sighting_of(tenant: Tenant) -> RuntimeSighting | None:
    """The last word of the tenant's runtime; ``None`` for never."""
    return RuntimeSighting.objects.for_tenant(tenant).first()


def conversations_of(tenant: Tenant, *, query: str = "", only_errors: bool = False) -> QuerySet[Conversation]:
    """Newest first. ``query`` is the beginning of a contact's pseudonym, or a step."""
    rows = Conversation.objects.for_tenant(tenant)
    if query:
        rows = rows.filter(Q(contact__startswith=query) | Q(state=query))
    return rows.filter(errors__gt=0) if only_errors else rows


def turns_of(tenant: Tenant, conversation: str) -> QuerySet[Turn]:
    """Newest first."""
    return Turn.objects.for_tenant(tenant).filter(conversation=conversation).order_by("-at", "-pk")


def hand_off_of(tenant: Tenant, conversation: str) -> HandOff | None:
    """The one that is open in a conversation."""
    return HandOff.objects.for_tenant(tenant).filter(conversation=conversation, open=True).first()


def hand_offs_of(tenant: Tenant, *, closed: int) -> chain[HandOff]:
    """Those that are open, the one that waits longest first, then the last ``closed`` ones that are over."""
    rows = HandOff.objects.for_tenant(tenant)
    return chain(rows.filter(open=True).order_by("at"), rows.filter(open=False).order_by("-at")[:closed])


def unanswered_of(tenant: Tenant) -> QuerySet[UnansweredQuestion]:
    """What nobody has settled yet, newest first."""
    return UnansweredQuestion.objects.for_tenant(tenant).filter(state=UnansweredQuestion.State.OPEN)


def tasks_of(tenant: Tenant) -> QuerySet[ScheduledTask]:
    return ScheduledTask.objects.for_tenant(tenant)


def open_dead_letters(tenant: Tenant) -> QuerySet[DeadLetter]:
    return DeadLetter.objects.for_tenant(tenant).filter(state=DeadLetter.State.OPEN)


def recent_notices(tenant: Tenant) -> QuerySet[Notice]:
    return Notice.objects.for_tenant(tenant)[:_NOTICES_SHOWN]


def open_incidents(tenant: Tenant) -> QuerySet[Incident]:
    return Incident.objects.for_tenant(tenant).filter(ended_at=None)


def recent_incidents(tenant: Tenant) -> QuerySet[Incident]:
    return Incident.objects.for_tenant(tenant)[:_INCIDENTS_SHOWN]
