"""What is inside a secret's Fernet token: the value, tied to its tenant and its field.

Fernet proves that a token is unaltered, not that it is in its place: a token copied to another tenant or another field
would decrypt there. So the plaintext names both, and reading compares. Encryption itself is the caller's, who owns the
keys: ``MultiFernet(keys).encrypt(bind(...))`` and ``unbind(MultiFernet(keys).decrypt(token), ...)``.
"""

from __future__ import annotations

from flow_engine.bundle.canonical import canonical_bytes, read_canonical
from flow_engine.bundle.errors import ForeignSecretError, MalformedError


def bind(*, tenant: str, field: str, value: str) -> bytes:
    """The plaintext to encrypt. ``field`` is the dotted path into the payload, such as ``channels.0.access_token``."""
    return canonical_bytes({"tenant": tenant, "field": field, "value": value})


def unbind(plaintext: bytes, *, tenant: str, field: str) -> str:
    """The value, if it was made for this tenant and field; ``ForeignSecretError`` or ``MalformedError`` if not."""
    content = read_canonical(plaintext)
    if not isinstance(content, dict) or set(content) != {"tenant", "field", "value"}:
        raise MalformedError(f"The secret {field!r} does not hold a bound value.")
    if content["tenant"] != tenant or content["field"] != field:
        raise ForeignSecretError(f"The secret {field!r} was made for another tenant or field.")
    value = content["value"]
    if not isinstance(value, str):
        raise MalformedError(f"The secret {field!r} is not a text.")
    return value
