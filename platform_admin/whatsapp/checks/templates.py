"""The account's templates are known, so that steps outside the 24-hour window can be checked before they go live."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from platform_admin.message_templates.models import MessageTemplate, TemplateAccount
from platform_admin.whatsapp.checks.check import Connection
from platform_admin.whatsapp.checks.finding import Finding
from platform_admin.whatsapp.template_sync import fetch_templates


def templates(connection: Connection) -> Finding:
    tenant, waba_id = connection.number.tenant, connection.waba_id
    if not TemplateAccount.objects.for_tenant(tenant).filter(waba_id=waba_id, fetched_at__isnull=False).exists():
        return Finding.fault(_("The account's templates were not fetched yet."))
    rows = list(MessageTemplate.objects.for_tenant(tenant).filter(account__waba_id=waba_id))
    if unusable := [str(row) for row in rows if not row.is_usable]:
        return Finding.warning(
            _("Templates: %(count)s. These cannot be relied on: %(names)s."),
            count=str(len(rows)),
            names=", ".join(unusable),
        )
    return Finding.good(_("Templates: %(count)s, all of them usable."), count=str(len(rows)))


def fetch(connection: Connection) -> None:
    if connection.waba_id:
        tenant, waba_id = connection.number.tenant, connection.waba_id
        fetch_templates(graph=connection.graph, tenant=tenant, waba_id=waba_id, now=connection.now)
