"""Re-encrypting what lies under older platform keys, while everything goes on.

A row is done when the newest key alone opens it, so a run that was killed goes on where it stopped and a second run
finds nothing to do. A row that somebody changes meanwhile is sealed under the newest key by that change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from platform_admin.commands.models import ContactExport
from platform_admin.credentials.sealed import Sealed, sealed_models
from platform_admin.credentials.vault import Vault, platform_vault
from platform_admin.errors import KeyMaterialError
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator

_REASON: Final = "the platform's keys lie over every tenant's archives"
_AT_ONCE: Final = 200
"""Rows read at a time."""

_ARCHIVES_AT_ONCE: Final = 1
"""An archive may have 20 MB."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many rows were sealed anew, were current already, and could not be opened with any key."""

    renewed: int
    current: int
    unreadable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sealed:
    """One row, and where in it the token lies."""

    row: Sealed | ContactExport
    owner: str
    field: str

    @property
    def column(self) -> str:
        return "content" if isinstance(self.row, ContactExport) else "ciphertext"

    def open(self, vault: Vault) -> str | bytes:
        if isinstance(self.row, ContactExport):
            return vault.open_bytes(bytes(self.row.content), tenant=self.owner, field=self.field)
        return vault.open(self.row.ciphertext, tenant=self.owner, field=self.field)

    def opens_under(self, vault: Vault) -> bool:
        try:
            self.open(vault)
        except KeyMaterialError:
            return False
        return True

    def seal(self, vault: Vault, value: str | bytes) -> int:
        """How many rows were stored: none when somebody changed it meanwhile."""
        sealed = (
            vault.seal_bytes(tenant=self.owner, field=self.field, value=value)
            if isinstance(value, bytes)
            else vault.seal(tenant=self.owner, field=self.field, value=value)
        )
        rows = type(self.row).all_sealed() if isinstance(self.row, Sealed) else _exports()
        unchanged = {"pk": self.row.pk, self.column: getattr(self.row, self.column)}
        return int(rows.filter(**unchanged).update(**{self.column: sealed}))


def rotate_keys(*, by: Actor) -> Rotated:
    """Seal every stored secret under the newest of ``FERNET_KEYS``."""
    require_operator(by)
    newest, any_key = Vault(settings.FERNET_KEYS[:1]), platform_vault()
    renewed, current, unreadable = 0, 0, []
    for sealed in _rows():
        if sealed.opens_under(newest):
            current += 1
            continue
        try:
            value = sealed.open(any_key)
        except KeyMaterialError:
            unreadable.append(f"{sealed.owner} {sealed.field}")
            continue
        renewed += sealed.seal(newest, value)
    audit.record(by=by, verb="rotated platform keys", subject="credentials", details={"renewed": renewed})
    return Rotated(renewed, current, tuple(unreadable))


def under_which_keys() -> tuple[int, int, tuple[str, ...]]:
    """How many secrets the newest key opens, how many only an older one, and which none does. Changes nothing."""
    newest, any_key = Vault(settings.FERNET_KEYS[:1]), platform_vault()
    current, older, unreadable = 0, 0, []
    for sealed in _rows():
        if sealed.opens_under(newest):
            current += 1
        elif sealed.opens_under(any_key):
            older += 1
        else:
            unreadable.append(f"{sealed.owner} {sealed.field}")
    return current, older, tuple(unreadable)


def _rows() -> Iterator[_Sealed]:
    for model in sealed_models():
        for row in model.all_sealed().iterator(_AT_ONCE):
            yield _Sealed(row, *row.bound_to)
    for export in _exports().select_related("tenant").iterator(_ARCHIVES_AT_ONCE):
        yield _Sealed(export, export.tenant.slug, export.field)


def _exports() -> Any:  # noqa: ANN401 - the plugin gives every queryset a class of its own
    return ContactExport.objects.across_tenants(_REASON)
