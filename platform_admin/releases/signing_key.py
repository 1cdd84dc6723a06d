"""The platform's signing key, read from its file when it is needed and held no longer."""

from __future__ import annotations

from django.conf import settings

from flow_engine.bundle import BundleError
from flow_engine.bundle.keys import PublicKey
from flow_engine.bundle.signing import SigningKey
from platform_admin.errors import KeyMaterialError


def platform_signing_key() -> SigningKey:
    """Raises ``KeyMaterialError`` without the file's content."""
    try:
        return SigningKey.from_pem(settings.SIGNING_KEY_FILE.read_bytes())
    except OSError as error:
        raise KeyMaterialError(f"The signing key cannot be read: {error.strerror}.") from error
    except BundleError as error:
        raise KeyMaterialError(error.message) from error


def verifying_keys() -> tuple[PublicKey, ...]:
    """What runtimes should trust: the key in use first."""
    return (platform_signing_key().public_key,)
