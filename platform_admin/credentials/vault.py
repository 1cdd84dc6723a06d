"""Fernet with key rotation and a place for every secret. Encrypts and decrypts; stores nothing, knows no tables.

Two vaults exist: the platform's, under ``FERNET_KEYS``, for what lies in the database; and one per tenant, under that
tenant's own keys, for what travels in a bundle. Fernet alone would accept a ciphertext copied to another row, so the
plaintext names its tenant and field (``flow_engine.bundle.secret_binding``).
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from flow_engine.bundle import BundleError
from flow_engine.bundle.canonical import canonical_bytes
from flow_engine.bundle.secret_binding import bind, unbind
from platform_admin.errors import KeyMaterialError

TENANT_KEY_FIELD = "tenant_key"
"""The field a tenant's own key is bound to in the platform's vault."""


class Vault:
    """Encrypts under the first key, decrypts under any. ``keys`` are newest first, never empty."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise KeyMaterialError("There is no Fernet key to work with.")
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, *, tenant: str, field: str, value: str) -> str:
        """A token that only opens for this tenant and field."""
        return self._fernet.encrypt(bind(tenant=tenant, field=field, value=value)).decode("ascii")

    def open(self, token: str, *, tenant: str, field: str) -> str:
        """The value. Raises ``KeyMaterialError`` without saying more than which field."""
        try:
            return unbind(self.decrypt(token), tenant=tenant, field=field)
        except BundleError as error:
            raise KeyMaterialError(f"The stored value of {field} was made for another place.") from error

    def seal_bytes(self, *, tenant: str, field: str, value: bytes) -> bytes:
        """The same for what is no text: the place in one line of canonical JSON, then the bytes."""
        return self._fernet.encrypt(_place(tenant, field) + value)

    def open_bytes(self, token: bytes, *, tenant: str, field: str) -> bytes:
        """The bytes. Raises ``KeyMaterialError`` without saying more than which field."""
        content, place = self.decrypt(token.decode("ascii", "replace")), _place(tenant, field)
        if not content.startswith(place):
            raise KeyMaterialError(f"The stored value of {field} was made for another place.")
        return content.removeprefix(place)

    def decrypt(self, token: str, *, ttl_s: int | None = None, now_s: int | None = None) -> bytes:
        """The bytes inside a token, of any kind. ``ttl_s`` and ``now_s`` (Unix seconds) bound its age where given."""
        try:
            if ttl_s is None or now_s is None:
                return self._fernet.decrypt(token)
            return self._fernet.decrypt_at_time(token, ttl_s, now_s)
        except InvalidToken as error:
            raise KeyMaterialError("A stored secret cannot be read with the keys at hand.") from error


def _place(tenant: str, field: str) -> bytes:
    return canonical_bytes({"tenant": tenant, "field": field}) + b"\n"


def platform_vault() -> Vault:
    """The vault of the control plane's own database."""
    return Vault(settings.FERNET_KEYS)
