"""A number that is equal for messages that say the same, whoever sent them and when."""

from __future__ import annotations

from hashlib import blake2b

from flow_engine.messages import InternalMessage
from runtime.store.event_codec import encode_json

_BYTES = 8  # one SQLite integer; two messages of one contact collide once in 10 to the power of 19


def fingerprint(message: InternalMessage) -> int:
    """Of type, text, payload and content. Signed, so that it fits a column."""
    content = encode_json(dict(message.content)) if message.content else ""
    said = f"{message.type.value}\0{message.payload or ''}\0{content}\0{message.text}"
    digest = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()
    return int.from_bytes(digest, signed=True)
