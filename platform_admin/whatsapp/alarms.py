"""What somebody has to look at: incidents that begin and end with what Meta says."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from connectors.whatsapp.template_definition import APPROVED, LOW_QUALITY
from platform_admin.message_templates.models import MessageTemplate
from platform_admin.observability.incidents import end_incident, open_incident
from platform_admin.tenants.models import Tenant

OVERRIDE_MISSING: Final = "whatsapp_override_missing"
ACCOUNT_RESTRICTED: Final = "whatsapp_account_restricted"
NUMBER_QUALITY: Final = "whatsapp_number_quality"
ACCOUNT_ALERT: Final = "whatsapp_account_alert"
_TEMPLATE: Final = "whatsapp_template"

_HARMLESS: Final = frozenset(
    {APPROVED, "PENDING", "IN_APPEAL", "PENDING_DELETION", "DELETED", "ARCHIVED", "REINSTATED"}
)
"""States of a template that nobody has to look at: it works, or somebody is having it approved or taken away."""
_DIGEST_CHARS: Final = 12


def judge_template(template: MessageTemplate, *, at: datetime) -> None:
    """Raise the alarm for a template that cannot be sent any more or soon, and end it once it can."""
    kind = template_incident(template)
    if template.status in _HARMLESS and template.quality != LOW_QUALITY:
        end_incident(tenant=template.tenant, kind=kind, at=at)
        return
    status = template.status.lower()
    why = template.reason or ("low quality" if template.quality == LOW_QUALITY else status)
    detail = ", ".join(dict.fromkeys([str(template), status, why]))
    open_incident(tenant=template.tenant, kind=kind, detail=detail, at=at)


def template_incident(template: MessageTemplate) -> str:
    """One kind for each template and language, within the length that a kind may have."""
    digest = hashlib.sha256(f"{template.name} {template.language}".encode()).hexdigest()
    return f"{_TEMPLATE}:{digest[:_DIGEST_CHARS]}"


def override_missing(*, tenant: Tenant, number: str, at: datetime) -> None:
    """Messages came to the platform's address instead of the tenant's own."""
    open_incident(tenant=tenant, kind=OVERRIDE_MISSING, detail=number, at=at)
