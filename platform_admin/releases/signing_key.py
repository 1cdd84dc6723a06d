"""The platform's signing keys: files beside each other, read when they are needed and held no longer.

::

    signing_key.pem            signs
    signing_key.pem.next       prepared: runtimes trust it already, it does not sign yet
    signing_key.pem.previous   signed until lately: runtimes still trust it

A key is trusted everywhere before it signs and until nothing signed by it is live, so no runtime ever meets a release
that it cannot verify. The steps of that are ``prepare_key``, ``activate_key`` and ``retire_key``.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from flow_engine.bundle import BundleError, write_public_keys
from flow_engine.bundle.keys import PublicKey
from flow_engine.bundle.signing import SigningKey
from platform_admin.errors import AlreadyThereError, KeyMaterialError, NotThereError

_SEED_BYTES: Final = 32
_OWNER_ONLY: Final = 0o600


def platform_signing_key() -> SigningKey:
    """The key that signs. Raises ``KeyMaterialError`` without the file's content."""
    return _read(_file())


def verifying_keys() -> tuple[PublicKey, ...]:
    """What runtimes should trust: the key in use first, then the prepared and the previous one."""
    others = (_read(file).public_key for file in (_file(".next"), _file(".previous")) if file.is_file())
    return (platform_signing_key().public_key, *others)


def public_keys_file() -> str:
    """The content of the file that a runtime pins."""
    return write_public_keys(verifying_keys())


def prepare_key() -> PublicKey:
    """A fresh key, trusted from now on by whoever gets the public keys. Raises ``AlreadyThereError``."""
    if _file(".next").is_file():
        raise AlreadyThereError(_("A key is prepared already. Activate it, or remove its file."))
    key = SigningKey.from_seed(secrets.token_bytes(_SEED_BYTES))
    _write(_file(".next"), key.to_pem())
    return key.public_key


def activate_key() -> PublicKey:
    """The prepared key signs from now on. Raises ``NotThereError`` and ``AlreadyThereError``."""
    if not _file(".next").is_file():
        raise NotThereError(_("No key is prepared."))
    if _file(".previous").is_file():
        raise AlreadyThereError(_("The key before this one is still trusted. Retire it first."))
    fresh = _read(_file(".next"))
    # Written, not moved: at every instant there is a key that signs.
    _write(_file(".previous"), _file().read_bytes())
    _file(".next").replace(_file())
    return fresh.public_key


def retire_key() -> PublicKey:
    """The previous key is trusted no longer; its file is removed. Raises ``NotThereError``."""
    if not _file(".previous").is_file():
        raise NotThereError(_("There is no previous key."))
    retired = _read(_file(".previous")).public_key
    _file(".previous").unlink()
    return retired


def _file(suffix: str = "") -> Path:
    file: Path = settings.SIGNING_KEY_FILE
    return file.with_name(file.name + suffix)


def _read(file: Path) -> SigningKey:
    try:
        return SigningKey.from_pem(file.read_bytes())
    except OSError as error:
        raise KeyMaterialError(f"The signing key cannot be read: {error.strerror}.") from error
    except BundleError as error:
        raise KeyMaterialError(error.message) from error


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, for its owner only, and on the disk before it has its name."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
    unfinished.replace(file)
