"""Re-encrypting what lies under older platform keys, while everything goes on.

A row is done when the newest key alone opens it, so a run that was killed goes on where it stopped and a second run
finds nothing to do. A row that somebody changes meanwhile is sealed under the newest key by that change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from platform_admin.credentials.models import Credential, TenantKey
from platform_admin.credentials.vault import TENANT_KEY_FIELD, Vault, platform_vault
from platform_admin.errors import KeyMaterialError
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator

_REASON: Final = "the platform's keys lie over every tenant's secrets"
_AT_ONCE: Final = 200
"""Rows read at a time."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many rows were sealed anew, were current already, and could not be opened with any key."""

    renewed: int
    current: int
    unreadable: tuple[str, ...]


def rotate_keys(*, by: Actor) -> Rotated:
    """Seal every stored secret under the newest of ``FERNET_KEYS``."""
    require_operator(by)
    newest, any_key = Vault(settings.FERNET_KEYS[:1]), platform_vault()
    renewed, current, unreadable = 0, 0, []
    for row, slug, field in _rows():
        if _opens(newest, row.ciphertext, slug, field):
            current += 1
            continue
        try:
            value = any_key.open(row.ciphertext, tenant=slug, field=field)
        except KeyMaterialError:
            unreadable.append(f"{slug} {field}")
            continue
        sealed = newest.seal(tenant=slug, field=field, value=value)
        rows = type(row).objects.across_tenants(_REASON)
        renewed += rows.filter(pk=row.pk, ciphertext=row.ciphertext).update(ciphertext=sealed)
    audit.record(by=by, verb="rotated platform keys", subject="credentials", details={"renewed": renewed})
    return Rotated(renewed, current, tuple(unreadable))


def _rows() -> Iterator[tuple[Credential | TenantKey, str, str]]:
    for credential in Credential.objects.across_tenants(_REASON).select_related("tenant").iterator(_AT_ONCE):
        yield credential, credential.tenant.slug, credential.field
    for key in TenantKey.objects.across_tenants(_REASON).select_related("tenant").iterator(_AT_ONCE):
        yield key, key.tenant.slug, TENANT_KEY_FIELD


def _opens(vault: Vault, token: str, slug: str, field: str) -> bool:
    try:
        vault.open(token, tenant=slug, field=field)
    except KeyMaterialError:
        return False
    return True


def under_which_keys() -> tuple[int, int, tuple[str, ...]]:
    """How many secrets the newest key opens, how many only an older one, and which none does. Changes nothing."""
    newest, any_key = Vault(settings.FERNET_KEYS[:1]), platform_vault()
    current, older, unreadable = 0, 0, []
    for row, slug, field in _rows():
        if _opens(newest, row.ciphertext, slug, field):
            current += 1
        elif _opens(any_key, row.ciphertext, slug, field):
            older += 1
        else:
            unreadable.append(f"{slug} {field}")
    return current, older, tuple(unreadable)
