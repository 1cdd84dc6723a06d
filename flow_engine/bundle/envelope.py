"""The wrapping: a DSSE v1 envelope with exactly one Ed25519 signature.

Source: github.com/secure-systems-lab/dsse, protocol.md. Knows bytes and signatures, not what the payload says.
One signature, not a list of alternatives: keys rotate by pinning the next one in the runtimes before it signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flow_engine.bundle.canonical import canonical_bytes, read_canonical
from flow_engine.bundle.errors import (
    BadSignatureError,
    MalformedError,
    TooLargeError,
    UnknownKeyError,
    UnsignedError,
)
from flow_engine.bundle.keys import PublicKey, Signer, decode_base64, encode_base64
from flow_engine.bundle.limits import MAX_ENVELOPE_BYTES
from flow_engine.vocabulary import JSON

PAYLOAD_TYPE: Final = "application/vnd.frontdesk.bundle+json"
ENVELOPE_MEDIA_TYPE: Final = "application/vnd.dsse+json"
"""The ``Content-Type`` under which an envelope is served."""


@dataclass(frozen=True, slots=True)
class VerifiedPayload:
    """Bytes whose signature was good, the type they were signed as, and the name of the key."""

    payload_type: str
    payload: bytes
    keyid: str


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """DSSE's PAE: type and payload with their lengths, so neither can be shifted into the other."""
    encoded_type = payload_type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(encoded_type), encoded_type, len(payload), payload)


def wrap(payload: bytes, *, signer: Signer, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """The envelope around ``payload``. Raises ``TooLargeError``."""
    signature = signer.sign(pre_authentication_encoding(payload_type, payload))
    envelope = canonical_bytes(
        {
            "payloadType": payload_type,
            "payload": encode_base64(payload),
            "signatures": [{"keyid": signer.public_key.keyid, "sig": encode_base64(signature)}],
        }
    )
    if len(envelope) > MAX_ENVELOPE_BYTES:
        raise TooLargeError(f"The bundle has {len(envelope)} bytes, {MAX_ENVELOPE_BYTES} are allowed.")
    return envelope


def unwrap(envelope: bytes, *, public_keys: Sequence[PublicKey]) -> VerifiedPayload:
    """The payload of ``envelope`` once a pinned key vouches for it; a ``BundleError`` otherwise."""
    if len(envelope) > MAX_ENVELOPE_BYTES:
        raise TooLargeError(f"The envelope has {len(envelope)} bytes, {MAX_ENVELOPE_BYTES} are allowed.")
    fields = _object(read_canonical(envelope), {"payload", "payloadType", "signatures"}, of="The envelope")
    payload_type = _text(fields["payloadType"], "payloadType")
    payload = decode_base64(_text(fields["payload"], "payload"))
    keyid, signature = _only_signature(fields["signatures"])
    key = next((key for key in public_keys if key.keyid == keyid), None)
    if key is None:
        raise UnknownKeyError(f"The bundle is signed by the key {keyid!r}, which is not pinned here.")

    from flow_engine.bundle.signing import verify  # noqa: PLC0415 - loads `cryptography`, which only readers of bundles pay for

    if not verify(key, pre_authentication_encoding(payload_type, payload), signature):
        raise BadSignatureError(f"The signature of key {keyid!r} does not belong to this content.")
    return VerifiedPayload(payload_type=payload_type, payload=payload, keyid=keyid)


def _only_signature(value: JSON) -> tuple[str, bytes]:
    if not isinstance(value, list):
        raise MalformedError("signatures must be a list.")
    if not value:
        raise UnsignedError("The bundle carries no signature.")
    if len(value) != 1:
        raise MalformedError(f"The bundle carries {len(value)} signatures, exactly one is allowed.")
    fields = _object(value[0], {"keyid", "sig"}, of="The signature")
    return _text(fields["keyid"], "keyid"), decode_base64(_text(fields["sig"], "sig"))


def _object(value: JSON, keys: set[str], *, of: str) -> dict[str, JSON]:
    if not isinstance(value, dict):
        raise MalformedError(f"{of} is not a JSON object.")
    if "signatures" in keys and "signatures" not in value:
        raise UnsignedError("The bundle carries no signature.")
    if set(value) != keys:
        raise MalformedError(f"{of} must have exactly the keys {', '.join(sorted(keys))}.")
    return value


def _text(value: JSON, name: str) -> str:
    if not isinstance(value, str):
        raise MalformedError(f"{name} must be a text.")
    return value
