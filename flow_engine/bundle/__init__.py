"""Signed configuration bundles: how a release travels from the control plane to one tenant's runtime.

``seal`` makes one, ``open_bundle`` refuses or opens one, ``errors`` says why. The format is decided in
``docs/adr/0004-bundle-format.md``. Private keys live in ``flow_engine.bundle.signing``, which is not imported here
because it loads ``cryptography``.
"""

from flow_engine.bundle.content import Bundle, BundleSettings, Knowledge, LLMSettings
from flow_engine.bundle.envelope import ENVELOPE_MEDIA_TYPE, PAYLOAD_TYPE
from flow_engine.bundle.errors import BundleError
from flow_engine.bundle.keys import PublicKey, Signer, read_public_keys, write_public_keys
from flow_engine.bundle.limits import MAX_ENVELOPE_BYTES
from flow_engine.bundle.open import open_bundle
from flow_engine.bundle.seal import seal

__all__ = [
    "ENVELOPE_MEDIA_TYPE",
    "MAX_ENVELOPE_BYTES",
    "PAYLOAD_TYPE",
    "Bundle",
    "BundleError",
    "BundleSettings",
    "Knowledge",
    "LLMSettings",
    "PublicKey",
    "Signer",
    "open_bundle",
    "read_public_keys",
    "seal",
    "write_public_keys",
]
