"""Where a person mends what a check of the gate found: a page of the business, or one of the operators' admin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from platform_admin.authoring.places import Visit
from platform_admin.releases.gate.check import Place

OF_THE_BUSINESS: Final[Mapping[Place, str]] = {
    "business": "authoring:hours",
    "connections": "connect:connections",
    "flow": "authoring:conversation",
    "knowledge": "authoring:faq",
    "tests": "authoring:tests",
}
"""Place → the name of its page, which every member may open."""

OF_OPERATORS: Final[Mapping[Place, str]] = {
    "credentials": "admin:credentials_credential_changelist",
    "settings": "admin:releases_tenantsettings_changelist",
    "templates": "admin:message_templates_messagetemplate_changelist",
}
"""Place → the list of the admin, where nobody but an operator comes in."""


def mended_at(place: Place, visit: Visit) -> str | None:
    """The address for whoever visits; ``None`` where only an operator can mend it and somebody else asks."""
    if place in OF_THE_BUSINESS:
        return reverse(OF_THE_BUSINESS[place], args=[visit.tenant.slug])
    if not visit.user.is_superuser:
        return None
    return f"{reverse(OF_OPERATORS[place])}?{urlencode({'tenant__id__exact': visit.tenant.pk})}"
