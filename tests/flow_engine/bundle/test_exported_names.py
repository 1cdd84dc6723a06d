from __future__ import annotations

import flow_engine.bundle
from flow_engine.bundle import errors


def test_the_package_exports_what_its_users_are_promised() -> None:
    assert sorted(flow_engine.bundle.__all__) == [
        "Bundle", "BundleError", "BundleSettings", "ENVELOPE_MEDIA_TYPE", "Knowledge", "LLMSettings",
        "MAX_ENVELOPE_BYTES", "PAYLOAD_TYPE", "PublicKey", "Signer", "open_bundle", "read_public_keys", "seal",
        "write_public_keys",
    ]  # fmt: skip


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [error.code for error in errors.BundleError.__subclasses__()]
    assert sorted(codes) == [
        "bad_signature", "foreign_secret", "foreign_tenant", "malformed", "rollback", "serial_reuse", "too_large",
        "unknown_key", "unsigned", "unsupported_format", "unsupported_type",
    ]  # fmt: skip
