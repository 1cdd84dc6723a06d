"""The digests of the audit trail: of what one entry says, of what it may have to forget, and of one after another.

::

    private = HMAC-SHA256(salt, {contact, before, after})       salt and values can be dropped, this stays
    digest  = SHA-256({chain, number, previous, who, what, when, private})

Pure: values in, hexadecimal digits out. A later way of computing gets a later ``FORMAT``.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from datetime import UTC, datetime
from typing import Final, Protocol

from flow_engine.bundle.canonical import canonical_bytes
from flow_engine.bundle.limits import MAX_SAFE_INTEGER
from flow_engine.vocabulary import JSON

FORMAT: Final = 1
PLATFORM: Final = "*"
"""The chain of what belongs to no tenant; no slug has a star."""

SALT_BYTES: Final = 32
"""256 bits: the digest of a telephone number cannot be found by trying all numbers once its salt is gone."""

MOST_PRIVATE_BYTES: Final = 64 * 1024
"""A value before or after that is longer is kept as its digest: versions keep long texts themselves."""

_DEEPEST: Final = 24
"""Levels; deeper values are written as a text. Canonical JSON ends at 32."""


class Entry(Protocol):
    """What is read of an entry. The model of today and that of a migration both have it."""

    chain: str
    number: int | None
    previous: str
    at: datetime
    actor_id: int | None
    actor_label: str
    verb: str
    object_kind: str
    subject: str
    details: JSON
    contact: str
    before: JSON
    after: JSON
    salt: str
    private_digest: str


def genesis(chain: str) -> str:
    """What the first entry of a chain follows."""
    return hashlib.sha256(b"frontdesk audit trail\n" + chain.encode()).hexdigest()


def private_digest(salt: str, *, contact: str, before: JSON, after: JSON) -> str:
    """Of the values that may have to be forgotten. ``salt`` is hexadecimal."""
    content = canonical_bytes({"contact": plain(contact), "before": plain(before), "after": plain(after)})
    return hmac.new(bytes.fromhex(salt), content, hashlib.sha256).hexdigest()


def entry_digest(entry: Entry) -> str:
    """Of everything an entry says for good, and of its place."""
    content: dict[str, JSON] = {
        "format": FORMAT,
        "chain": entry.chain,
        "number": entry.number,
        "previous": entry.previous,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "actor_label": plain(entry.actor_label),
        "verb": entry.verb,
        "object_kind": entry.object_kind,
        "subject": plain(entry.subject),
        "details": plain(entry.details),
        "private": entry.private_digest,
    }
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def plain(value: object, *, depth: int = 0) -> JSON:
    """``value`` as both databases give it back, whatever it was: the trail must never be what an action fails at."""
    match value:
        case None | bool():
            return value
        case str():
            return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
        case int():
            return value if abs(value) <= MAX_SAFE_INTEGER else str(value)
        case float():
            return value if math.isfinite(value) and abs(value) <= MAX_SAFE_INTEGER else repr(value)
        case dict() if depth < _DEEPEST:
            return {str(plain(str(key))): plain(item, depth=depth + 1) for key, item in value.items()}
        case list() | tuple() if depth < _DEEPEST:
            return [plain(item, depth=depth + 1) for item in value]
        case _:
            return plain(str(value))


def text_mark(text: str, revision: int) -> dict[str, JSON]:
    """A draft's text by its digest: it is saved at every pause in writing, and versions keep the texts that count."""
    content = text.encode("utf-8", "surrogatepass")
    return {"revision": revision, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def bounded(value: object) -> JSON:
    """``plain``, or the digest of what is too long to keep."""
    kept = plain(value)
    content = canonical_bytes(kept)
    if len(content) <= MOST_PRIVATE_BYTES:
        return kept
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
