"""Where a person is wanted: read, pause, reply, hand back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.queries import recent_commands
from platform_admin.observability.queries import hand_offs_of
from platform_admin.sight.access import may, of_tenant, show
from platform_admin.sight.templates_to_send import sendable_templates
from platform_admin.sight.window import last_heard, window_since
from platform_admin.tenants.models import Role, Tenant

_CLOSED_SHOWN = 20
_SENT_SHOWN = 10
_TO_CONTACTS = (CommandKind.STAFF_REPLY, CommandKind.PAUSE_CONTACT, CommandKind.RESUME_CONTACT)


@require_safe
@of_tenant
def hand_offs(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    rows = list(hand_offs_of(tenant, closed=_CLOSED_SHOWN))
    sent = recent_commands(tenant).filter(kind__in=_TO_CONTACTS)[:_SENT_SHOWN]
    heard, now = last_heard(tenant, [row.contact for row in rows if row.open]), timezone.now()
    waiting = [
        (row, window_since(row.channel, heard.get((row.channel, row.contact)), now=now)) for row in rows if row.open
    ]
    templates = sendable_templates(tenant) if may(request, tenant, Role.EDITOR) else []
    over = [row for row in rows if not row.open]
    title = _("people wanted")
    return show(request, tenant, "hand_offs", title, waiting=waiting, over=over, sent=sent, templates=templates)
