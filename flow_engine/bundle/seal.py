"""From payload to signed envelope: the control plane's half."""

from __future__ import annotations

from flow_engine.bundle.canonical import canonical_bytes
from flow_engine.bundle.content import read_content
from flow_engine.bundle.envelope import wrap
from flow_engine.bundle.keys import Signer
from flow_engine.vocabulary import JSONObject


def seal(payload: JSONObject, private_key: Signer) -> bytes:
    """The DSSE envelope of ``payload``, the same bytes for the same payload and key.

    Refuses with a ``BundleError`` whatever a runtime would refuse later: signing is the last moment at which a person
    is there to read the message.
    """
    content = canonical_bytes(payload)
    read_content(payload, digest="", keyid="")
    return wrap(content, signer=private_key)
