"""A tenant's own way to the Graph API, with the token it stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from connectors.whatsapp.management_client import ManagementClient, open_management_http
from platform_admin.credentials.actions import open_secrets
from platform_admin.credentials.purpose import Purpose
from platform_admin.errors import NotThereError
from platform_admin.tenants.actor import Actor
from platform_admin.whatsapp.numbers import Number

TOKEN: Final = "access_token"  # noqa: S105 - the name of a field, not its value - the name of a key, as the next two
APP_SECRET: Final = "app_secret"  # noqa: S105 - the name of a field, not its value
VERIFY_TOKEN: Final = "verify_token"  # noqa: S105 - the name of a field, not its value


def secrets_of(number: Number, *, purpose: Purpose, by: Actor) -> dict[str, str]:
    """The number's secrets in clear, by their key; that they were opened is noted."""
    keys = (TOKEN, APP_SECRET, VERIFY_TOKEN)
    return open_secrets(tenant=number.tenant, place=number.place, keys=keys, purpose=purpose, by=by)


def token_of(number: Number, *, purpose: Purpose, by: Actor) -> dict[str, str]:
    """The same with its access token alone."""
    return open_secrets(tenant=number.tenant, place=number.place, keys=(TOKEN,), purpose=purpose, by=by)


def open_graph(number: Number, secrets: Mapping[str, str]) -> ManagementClient:
    """Whoever asked closes it. ``secrets`` are the number's. Raises ``NotThereError`` where the token is not stored."""
    field, token = f"{number.place}.{TOKEN}", secrets.get(TOKEN)
    if not token:
        raise NotThereError(
            _("%(slug)s has no %(field)s. Store one with set_credential.")
            % {"slug": number.tenant.slug, "field": field}
        )
    return ManagementClient(open_management_http(), token, base_url=settings.GRAPH_BASE_URL or None)
