"""What is noted about templates: what an account has, and what Meta says about one of them meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from connectors.whatsapp.template_definition import TemplateDefinition, language_code
from platform_admin.message_templates.models import MessageTemplate, TemplateAccount
from platform_admin.tenants.models import Tenant

_LONGEST_FAULT: Final = 500
_LONGEST_REASON: Final = 300
_FACTS: Final = ["category", "status", "quality", "reason", "parameters", "header", "buttons", "seen_at"]


@transaction.atomic
def replace_templates(
    *, tenant: Tenant, waba_id: str, definitions: Sequence[TemplateDefinition], at: datetime
) -> TemplateAccount:
    """What the account has now, and nothing else. The same list again changes only when it was seen."""
    account, _ = TemplateAccount.objects.for_tenant(tenant).update_or_create(
        waba_id=waba_id, defaults={"tenant": tenant, "fetched_at": at, "fault": ""}
    )
    rows = [
        MessageTemplate(
            tenant=tenant,
            account=account,
            name=one.name,
            language=one.language,
            category=one.category,
            status=one.status,
            quality=one.quality,
            reason=one.reason[:_LONGEST_REASON],
            parameters=one.parameters if isinstance(one.parameters, int) else list(one.parameters),
            header=one.header,
            buttons=list(one.buttons),
            seen_at=at,
        )
        for one in {(one.name, one.language): one for one in definitions}.values()
    ]
    MessageTemplate.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["account", "name", "language"], update_fields=_FACTS
    )
    MessageTemplate.objects.for_tenant(tenant).filter(account=account, seen_at__lt=at).delete()
    return account


def note_failed_fetch(*, tenant: Tenant, waba_id: str, fault: str) -> None:
    """The list could not be had. What was known stays; who has never been asked stays so."""
    TemplateAccount.objects.for_tenant(tenant).update_or_create(
        waba_id=waba_id, defaults={"tenant": tenant, "fault": fault[:_LONGEST_FAULT]}
    )


def note_change(*, tenant: Tenant, waba_id: str, name: str, language: str, **facts: str) -> MessageTemplate | None:
    """``status``, ``quality``, ``category`` or ``reason`` of one template changed; the next fetch tells the rest.

    ``None`` for a template that was never fetched.
    """
    rows = MessageTemplate.objects.for_tenant(tenant).filter(
        account__waba_id=waba_id, name=name, language=language_code(language)
    )
    template = rows.first()
    if template is None:
        return None
    for fact, value in facts.items():
        setattr(template, fact, value[:_LONGEST_REASON])
    template.save(update_fields=list(facts))
    return template
