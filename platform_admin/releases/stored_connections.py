"""A connection as it is stored: its settings and, in clear, its secrets. For a call on the tenant's behalf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.credentials.actions import note_use
from platform_admin.credentials.purpose import Purpose
from platform_admin.credentials.queries import secrets_under
from platform_admin.errors import NotThereError
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.actor import Actor
from platform_admin.tenants.models import Tenant

_PRETENDS: Final = "mock_"
"""How the types begin that reach nobody."""


def stored_block(tenant: Tenant, category: str) -> tuple[JSONObject, dict[str, str]]:
    """The block and the secrets of ``category``. Raises ``NotThereError``."""
    document = settings_of(tenant).document
    stored: Mapping[str, JSON] | None = None if document is None else document.connector_blocks().get(category)
    if stored is None:
        raise NotThereError(_("%(connection)s is not set up yet.") % {"connection": category})
    return {**stored}, secrets_under(tenant, f"connectors.{category}.")


def real_categories(settings: SettingsDocument) -> tuple[str, ...]:
    """What reaches somebody: bound, and not to something that only pretends. No language model that is switched off."""
    return tuple(
        category
        for category, block in settings.connector_blocks().items()
        if not str(block.get("type", "")).startswith(_PRETENDS) and (category != "llm" or settings.llm.enabled)
    )


def open_block(tenant: Tenant, category: str, *, purpose: Purpose, by: Actor) -> JSONObject:
    """The block with its secrets in it, to be called; that they were opened is noted. Raises ``NotThereError``."""
    stored, secrets = stored_block(tenant, category)
    fields = [f"connectors.{category}.{key}" for key in secrets]
    note_use(tenant=tenant, fields=fields, purpose=purpose, by=by)
    return {**stored, **secrets}
