"""Public keys as a runtime pins them: raw bytes, the name derived from them, and the file they travel in.

No cryptography is done here; see ``signing``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol, Self

from flow_engine.bundle.errors import MalformedError

PUBLIC_KEY_BYTES: Final = 32
"""RFC 8032 section 5.1.5."""

_KEYID_HEX_DIGITS: Final = 16
"""64 bits: a name to look a key up by, not a proof. The proof is the signature."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key, ``raw`` as in RFC 8032."""

    keyid: str
    raw: bytes

    @classmethod
    def from_raw(cls, raw: bytes) -> Self:
        """Raises ``MalformedError`` unless ``raw`` has 32 bytes."""
        if len(raw) != PUBLIC_KEY_BYTES:
            raise MalformedError(f"An Ed25519 public key has {PUBLIC_KEY_BYTES} bytes, this one {len(raw)}.")
        return cls(keyid=hashlib.sha256(raw).hexdigest()[:_KEYID_HEX_DIGITS], raw=raw)


class Signer(Protocol):
    """What sealing needs of a private key. ``signing.SigningKey`` is one."""

    @property
    def public_key(self) -> PublicKey: ...

    def sign(self, message: bytes) -> bytes: ...


def decode_base64(text: str) -> bytes:
    """Standard base64 in its only spelling: padded, no white space, no stray bits (``MalformedError``)."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("A field is not base64.") from error
    # RFC 4648 section 3.5: the last character may hide bits that decoding drops.
    if encode_base64(raw) != text:
        raise MalformedError("A base64 field is not in its canonical spelling.")
    return raw


def encode_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def write_public_keys(keys: Iterable[PublicKey]) -> str:
    """The text of a public-keys file: ``{"keys": [{"keyid", "public_key"}]}``."""
    rows = [{"keyid": key.keyid, "public_key": encode_base64(key.raw)} for key in keys]
    return json.dumps({"keys": rows}, indent=2) + "\n"


def read_public_keys(text: str | bytes) -> tuple[PublicKey, ...]:
    """The pinned keys of a public-keys file. Raises ``MalformedError``; an empty list is malformed too."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedError("The public-keys file is not JSON.") from error
    rows = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not rows:
        raise MalformedError('The public-keys file needs {"keys": [...]} with at least one key.')
    return tuple(_read_row(row) for row in rows)


def _read_row(row: object) -> PublicKey:
    if not isinstance(row, dict) or not isinstance(row.get("public_key"), str):
        raise MalformedError('Each key needs "keyid" and "public_key" as texts.')
    key = PublicKey.from_raw(decode_base64(row["public_key"]))
    if row.get("keyid") != key.keyid:
        raise MalformedError(f"The key named {row.get('keyid')!r} is really {key.keyid!r}; the file was altered.")
    return key
