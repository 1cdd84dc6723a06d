"""Is this webhook body from Meta? HMAC-SHA256 over the bytes as they came, before anything reads them.

Meta escapes everything beyond ASCII and signs exactly the bytes it sends; decoding and encoding again
would change them. The signature carries no time, so a captured request stays valid for ever: the unique
message id in the inbox is what stops a replay, not this file.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from typing import Final

SIGNATURE_HEADER: Final = b"x-hub-signature-256"
SIGNATURE_SHAPE: Final = re.compile(rb"sha256=([0-9a-f]{64})")
SHA256_BYTES: Final = 32


def tag_matches(secret: bytes, message: bytes, tag: bytes, *, tag_bytes: int = SHA256_BYTES) -> bool:
    """Whether ``tag`` is the first ``tag_bytes`` bytes of HMAC-SHA256(secret, message), in constant time.

    A tag of any other length does not match, shorter ones included.
    """
    # Not hmac.digest: it hands the interpreter to the writer's thread for every message, and gets it back much later.
    return hmac.compare_digest(hmac.new(secret, message, "sha256").digest()[:tag_bytes], tag)


def signature_is_valid(header: bytes | None, body: bytes, secrets: Sequence[bytes]) -> bool:
    """Whether ``header`` signs ``body`` under one of ``secrets`` (more than one while a secret is rotated).

    The shape is checked first and to the letter: ``sha256=`` and 64 lower-case hex digits. Every secret is
    tried even after a match, so the time taken does not tell which one is in use.
    """
    shape = SIGNATURE_SHAPE.fullmatch(header) if header is not None else None
    if shape is None:
        return False
    tag = bytes.fromhex(shape[1].decode("ascii"))
    matches = [tag_matches(secret, body, tag) for secret in secrets if secret]
    return any(matches)
