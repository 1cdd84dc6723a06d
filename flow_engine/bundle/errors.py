"""Why a bundle was refused. One class per reason, each with the stable ``code`` that health pages and logs show.

::

    BundleError
    ├── TooLargeError          too_large          more bytes than a bundle may have
    ├── MalformedError         malformed          not the JSON, base64 or field shape that the format asks for
    ├── UnsignedError          unsigned           no signature in the envelope
    ├── UnknownKeyError        unknown_key        signed by a key that is not pinned here
    ├── BadSignatureError      bad_signature      the signature does not belong to these bytes
    ├── UnsupportedTypeError   unsupported_type   well signed, but not a bundle
    ├── ForeignTenantError     foreign_tenant     made for somebody else
    ├── RollbackError          rollback           older than what was live before
    ├── SerialReuseError       serial_reuse       the live serial with other content
    ├── UnsupportedFormatError unsupported_format made by a newer control plane
    └── ForeignSecretError     foreign_secret     a secret that was made for another tenant or field
"""

from __future__ import annotations

from typing import ClassVar


class BundleError(Exception):
    """A bundle, or a part of it, that must not be used. Never raised itself; the old bundle stays live."""

    code: ClassVar[str]

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TooLargeError(BundleError):
    code = "too_large"


class MalformedError(BundleError):
    code = "malformed"


class UnsignedError(BundleError):
    code = "unsigned"


class UnknownKeyError(BundleError):
    code = "unknown_key"


class BadSignatureError(BundleError):
    code = "bad_signature"


class UnsupportedTypeError(BundleError):
    code = "unsupported_type"


class ForeignTenantError(BundleError):
    code = "foreign_tenant"


class RollbackError(BundleError):
    code = "rollback"


class SerialReuseError(BundleError):
    code = "serial_reuse"


class UnsupportedFormatError(BundleError):
    code = "unsupported_format"


class ForeignSecretError(BundleError):
    code = "foreign_secret"
