"""Ed25519, and nothing else. The only file of the engine that touches ``cryptography``.

The algorithm is fixed here and never read from an envelope, so there is nothing to confuse. Importing this module
costs about 10 MB, so the rest of the package imports it inside the functions that need it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from flow_engine.bundle.errors import MalformedError
from flow_engine.bundle.keys import PublicKey


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """The private half. Its ``repr`` shows the public name only."""

    _private: Ed25519PrivateKey

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """A key from 32 random bytes, which the caller draws (the engine has no randomness of its own)."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """An unencrypted PKCS#8 file. Raises ``MalformedError`` for anything else, other key kinds included."""
        try:
            private = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise MalformedError("The signing key is not an unencrypted PKCS#8 PEM file.") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise MalformedError("The signing key is not an Ed25519 key.")
        return cls(private)

    def to_pem(self) -> bytes:
        return self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def public_key(self) -> PublicKey:
        return PublicKey.from_raw(self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """64 bytes, the same for the same message (RFC 8032: Ed25519 is deterministic)."""
        return self._private.sign(message)

    def __repr__(self) -> str:
        return f"SigningKey({self.public_key.keyid})"


def verify(public_key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is this key's over exactly ``message``. Never raises for hostile bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key.raw).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
