"""From signed envelope to bundle: the runtime's half. Pure; no clock, no disk, no network.

The order of the checks is part of the promise, since each one only reads what the ones before it vouch for:

1. size, before anything is parsed;
2. signature, by a pinned key, over the exact bytes;
3. type: a good signature over something that is not a bundle is no bundle;
4. tenant: made for this runtime;
5. serial: never below the floor, and the floor's own serial only with the floor's own content;
6. content: a known format, every field in its shape.

Rolling back is therefore a new serial with old content. The caller keeps the floor (serial and digest of the last
bundle it activated) and raises it only after activation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flow_engine.bundle.canonical import read_canonical
from flow_engine.bundle.content import Bundle, audience_and_serial, read_content
from flow_engine.bundle.envelope import PAYLOAD_TYPE, unwrap
from flow_engine.bundle.errors import (
    ForeignTenantError,
    RollbackError,
    SerialReuseError,
    UnsupportedTypeError,
)
from flow_engine.bundle.keys import PublicKey


def open_bundle(
    envelope: bytes,
    *,
    public_keys: Sequence[PublicKey],
    tenant: str,
    floor_serial: int,
    floor_digest: str | None,
) -> Bundle:
    """The bundle inside ``envelope``, or the ``BundleError`` that says why not.

    ``floor_serial`` is the serial of the last activated bundle (0 for none), ``floor_digest`` its ``Bundle.digest``.
    """
    verified = unwrap(envelope, public_keys=public_keys)
    if verified.payload_type != PAYLOAD_TYPE:
        raise UnsupportedTypeError(f"The signed content is {verified.payload_type!r}, not a bundle.")
    payload = read_canonical(verified.payload)
    digest = hashlib.sha256(verified.payload).hexdigest()
    audience, serial = audience_and_serial(payload)
    if audience != tenant:
        raise ForeignTenantError(f"The bundle was made for {audience!r}, this runtime serves {tenant!r}.")
    if serial < floor_serial:
        raise RollbackError(f"The bundle has serial {serial}, but {floor_serial} was live already.")
    if serial == floor_serial and floor_digest is not None and digest != floor_digest:
        raise SerialReuseError(f"The bundle has the live serial {serial} but other content.")
    return read_content(payload, digest=digest, keyid=verified.keyid)
