"""The signature of the Standard Webhooks specification: HMAC-SHA256 over id, time and the exact bytes of the body."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

PREFIX = "whsec_"

_LEAST_BYTES = 24
_MOST_BYTES = 64
"""What the specification asks of a secret."""


def read_secret(text: str) -> bytes:
    """The key in ``whsec_…``. Raises ``ValueError``."""
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"must be {PREFIX} and base64") from error
    if not text.startswith(PREFIX) or not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise ValueError(f"must be {PREFIX} and base64 of {_LEAST_BYTES} to {_MOST_BYTES} bytes")
    return key


def signature(key: bytes, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")
