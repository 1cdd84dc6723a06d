"""``Trust``: whom a runtime believes, and with which keys it opens what it was given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flow_engine.bundle import Bundle, open_bundle, read_public_keys
from runtime.bundles.floor import Floor
from runtime.secrets import FernetKeys, SealedAgain, open_secrets, seal_again
from runtime.tenant_config import TenantConfig


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom this runtime believes. The files are read at each use, so that keys rotate without a restart."""

    tenant: str
    public_keys_file: Path
    fernet_keys_file: Path

    def open(self, envelope: bytes, floor: Floor) -> Bundle:
        """Raises ``BundleError`` (also for a public-keys file that is none) or ``OSError``."""
        return open_bundle(
            envelope,
            public_keys=read_public_keys(self.public_keys_file.read_bytes()),
            tenant=self.tenant,
            floor_serial=floor.serial,
            floor_digest=floor.digest,
        )

    def config(self, bundle: Bundle, again: SealedAgain) -> TenantConfig:
        """With its secrets, where need be those that are kept beside it (``CachedBundle.again``).

        Raises ``ConfigurationError``, ``SecretError``, ``BundleError`` or ``OSError``.
        """
        opened = open_secrets(bundle.secrets, self._keys(), tenant=self.tenant, again=again)
        return TenantConfig.from_bundle(bundle, opened)

    def seal_again(self, bundle: Bundle, again: SealedAgain, newer: Bundle) -> dict[str, list[str]] | None:
        """The secrets under the key of a newer bundle's; ``None`` where nothing is missing. Raises as ``config``."""
        return seal_again(bundle.secrets, self._keys(), newer.secrets, tenant=self.tenant, again=again)

    def _keys(self) -> FernetKeys:
        return FernetKeys.read(self.fernet_keys_file.read_text(encoding="utf-8"))
