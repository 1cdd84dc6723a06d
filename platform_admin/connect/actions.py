"""Connecting a tenant to the world: keep what was entered, and see whether it works."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from connectors.probe import Choice, ProbeResult
from connectors.registry import choices_of_block, probe_block
from flow_engine.vocabulary import JSONObject
from platform_admin.credentials.actions import note_use, remove_credential, set_credential, set_expiry
from platform_admin.credentials.holding import hold_credentials
from platform_admin.credentials.purpose import Purpose
from platform_admin.errors import ConflictError, NotThereError
from platform_admin.releases.actions import save_settings
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.stored_connections import stored_block
from platform_admin.releases.stored_settings import stored_settings
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Role, Tenant

FREE_QUESTIONS: Final = "llm"
"""The category of the language model."""


@transaction.atomic
def connect(
    *, tenant: Tenant, category: str, block: JSONObject, secrets: Mapping[str, str], by: Actor
) -> TenantSettings:
    """Bind ``category`` to ``block`` (with its ``type``) and store the secrets. The next release carries both.

    A language model that was not there before answers free questions from then on. Raises ``HasFaultsError`` or
    ``ValidationError``; then nothing has changed. Needs an owner.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    document = stored_settings(tenant)
    hold_credentials(tenant, f"connectors.{category}.")
    connectors = {**_part(document, "connectors")}
    if category == FREE_QUESTIONS and category not in connectors:
        document["llm"] = {**_part(document, "llm"), "enabled": True}
    row = save_settings(tenant=tenant, document={**document, "connectors": {**connectors, category: block}}, by=by)
    for key, value in secrets.items():
        set_credential(tenant=tenant, field=f"connectors.{category}.{key}", value=value, by=by)
    return row


@transaction.atomic
def disconnect(*, tenant: Tenant, category: str, by: Actor) -> TenantSettings:
    """Unbind ``category`` and forget its secrets. The next release goes without it; free questions with their model.

    Raises ``NotThereError`` when it is not set up, ``HasFaultsError`` while the settings have faults. Needs an owner.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    document = stored_settings(tenant)
    stored_block(tenant, category)
    secrets = hold_credentials(tenant, f"connectors.{category}.")
    connectors = {name: block for name, block in _part(document, "connectors").items() if name != category}
    if category == FREE_QUESTIONS:
        # Naming a provider binds it, so that has to go as well.
        document["llm"] = {**_part(document, "llm"), "enabled": False, "provider": None}
    row = save_settings(tenant=tenant, document={**document, "connectors": connectors}, by=by)
    for credential in secrets:
        remove_credential(credential=credential, by=by)
    return row


@transaction.atomic
def answer_free_questions(*, tenant: Tenant, on: bool, by: Actor) -> TenantSettings:
    """Whether the language model answers what no step foresees, from the FAQ. From the next release on. For owners.

    Raises ``NotThereError`` when no language model is connected, ``HasFaultsError`` while the settings have faults.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    document = stored_settings(tenant)
    stored_block(tenant, FREE_QUESTIONS)
    llm = {**_part(document, "llm"), "enabled": on}
    return save_settings(tenant=tenant, document={**document, "llm": llm}, by=by)


def choices(*, tenant: Tenant, category: str, by: Actor) -> tuple[Choice, ...] | ProbeResult:
    """What the stored credential opens, for an owner to pick from, or in plain words why that cannot be told.

    Raises ``NotThereError`` when the category is not set up.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    return _asked(tenant, category, *stored_block(tenant, category), by)


def _asked(
    tenant: Tenant, category: str, stored: JSONObject, secrets: Mapping[str, str], by: Actor
) -> tuple[Choice, ...] | ProbeResult:
    found = asyncio.run(choices_of_block(category, {**stored, **secrets}, egress=settings.PROBE_EGRESS))
    fields = [f"connectors.{category}.{key}" for key in secrets]
    note_use(tenant=tenant, fields=fields, purpose=Purpose.CHOICES, by=by)
    return found


def choose(*, tenant: Tenant, category: str, value: str, by: Actor) -> TenantSettings:
    """Take one of ``choices``. Raises ``NotThereError`` for anything else: it is asked for anew.

    ``ConflictError`` where somebody changed the connection meanwhile: what was picked may be of another account.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    stored, secrets = stored_block(tenant, category)
    found = _asked(tenant, category, stored, secrets, by)
    picked = None if isinstance(found, ProbeResult) else next((item for item in found if item.value == value), None)
    if picked is None:
        raise NotThereError(_("That is none of what the other side has for you. Look again."))
    # The other side may take its time: nothing is locked meanwhile, so it is looked at again under the lock.
    with transaction.atomic():
        stored_settings(tenant)
        if stored_block(tenant, category) != (stored, secrets):
            raise ConflictError(_("Somebody changed this connection just now. Look at it again, then choose."))
        chosen = {**stored, picked.option: picked.value}
        return connect(tenant=tenant, category=category, block=chosen, secrets={}, by=by)


@transaction.atomic
def set_last_day(*, tenant: Tenant, category: str, expires_on: date | None, by: Actor) -> None:
    """When the provider ends what is stored for ``category``; ``None`` for never, or not known. Needs an owner."""
    for credential in hold_credentials(tenant, f"connectors.{category}."):
        set_expiry(credential=credential, expires_on=expires_on, by=by)


def probe(*, tenant: Tenant, category: str, by: Actor) -> ProbeResult:
    """Ask the other side, with the stored settings and secrets, whether it would work. Changes nothing there.

    Raises ``NotThereError`` when the category is not set up.
    """
    require_role(by, tenant=tenant, role=Role.EDITOR)
    stored, secrets = stored_block(tenant, category)
    result = asyncio.run(probe_block(category, {**stored, **secrets}, egress=settings.PROBE_EGRESS))
    fields = [f"connectors.{category}.{key}" for key in secrets]
    note_use(tenant=tenant, fields=fields, purpose=Purpose.PROBE, by=by)
    details: JSONObject = {"status": str(result.status)}
    audit.record(by=by, verb="probed connector", subject=category, tenant=tenant, details=details)
    return result


def _part(document: JSONObject, name: str) -> JSONObject:
    part = document.get(name)
    return part if isinstance(part, dict) else {}
