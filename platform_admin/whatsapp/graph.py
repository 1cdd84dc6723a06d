"""A tenant's own way to the Graph API, with the token it stored."""

from __future__ import annotations

from django.conf import settings

from connectors.whatsapp.management_client import ManagementClient, open_management_http
from platform_admin.credentials.queries import secret_in_clear
from platform_admin.errors import NotThereError
from platform_admin.whatsapp.numbers import Number


def open_graph(number: Number) -> ManagementClient:
    """Whoever asked closes it. Raises ``NotThereError`` where no token is stored."""
    field = f"{number.place}.access_token"
    token = secret_in_clear(number.tenant, field)
    if not token:
        raise NotThereError(f"{number.tenant.slug} has no {field}. Store one with set_credential.")
    return ManagementClient(open_management_http(), token, base_url=settings.GRAPH_BASE_URL or None)
