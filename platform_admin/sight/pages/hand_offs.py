"""Where a person is wanted: read, pause, reply, hand back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.queries import recent_commands
from platform_admin.observability.queries import hand_offs_of
from platform_admin.sight.access import of_tenant, show
from platform_admin.tenants.models import Tenant

_CLOSED_SHOWN = 20
_SENT_SHOWN = 10
_TO_CONTACTS = (CommandKind.STAFF_REPLY, CommandKind.PAUSE_CONTACT, CommandKind.RESUME_CONTACT)


@of_tenant
def hand_offs(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    rows = list(hand_offs_of(tenant, closed=_CLOSED_SHOWN))
    sent = recent_commands(tenant).filter(kind__in=_TO_CONTACTS)[:_SENT_SHOWN]
    waiting = [row for row in rows if row.open]
    over = [row for row in rows if not row.open]
    return show(request, tenant, "hand_offs", _("people wanted"), waiting=waiting, over=over, sent=sent)
