"""Which approved templates a person may answer with once the window is closed."""

from __future__ import annotations

from dataclasses import dataclass

from platform_admin.message_templates.models import MessageTemplate
from platform_admin.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class SendableTemplate:
    """``blanks`` are what the form asks for: numbers from 1, or the names that Meta has."""

    name: str
    language: str
    blanks: tuple[str, ...]


def sendable_templates(tenant: Tenant) -> list[SendableTemplate]:
    """Those whose body alone has blanks; a header to fill or a link to end needs more than a form of words."""
    found = []
    for row in MessageTemplate.objects.for_tenant(tenant):
        if row.is_usable and not row.header and not row.buttons:
            count = row.parameters
            blanks = tuple(map(str, range(1, count + 1))) if isinstance(count, int) else tuple(map(str, count))
            found.append(SendableTemplate(row.name, row.language, blanks))
    return found
