"""The signature check: the public HMAC vectors for the primitive, a table of headers for the shape."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from runtime.channels.whatsapp.signature import SignatureCheck

SECRET = b"app secret"
BODY = b'{"entry":[]}'
DIGEST = hmac.new(SECRET, BODY, hashlib.sha256).hexdigest()


def test_every_public_hmac_vector_holds_and_a_truncated_tag_is_no_signature(shared_data: Path) -> None:
    vectors = json.loads((shared_data / "security/crypto/wycheproof_hmac_sha256_test.json").read_text("utf-8"))
    tried = 0
    for group in vectors["testGroups"]:
        for case in group["tests"]:
            key, message, tag = (bytes.fromhex(case[name]) for name in ("key", "msg", "tag"))
            is_full = group["tagSize"] == 256
            header = f"sha256={tag.hex()}".encode()
            signs = SignatureCheck(key).accepts(header, message)
            assert signs is (is_full and case["result"] == "valid"), case["tcId"]
            tried += 1
    assert tried == vectors["numberOfTests"]


HEADERS = {
    "the right signature": (f"sha256={DIGEST}", True),
    "no header": (None, False),
    "an empty header": ("", False),
    "the bare digest": (DIGEST, False),
    "only the prefix": ("sha256=", False),
    "another algorithm": (f"sha1={DIGEST}", False),
    "another algorithm with its own digest": (f"sha1={hmac.new(SECRET, BODY, hashlib.sha1).hexdigest()}", False),
    "the prefix in capitals": (f"SHA256={DIGEST}", False),
    "the digest in capitals": (f"sha256={DIGEST.upper()}", False),
    "one digit short": (f"sha256={DIGEST[:-1]}", False),
    "one digit more": (f"sha256={DIGEST}0", False),
    "half the digest": (f"sha256={DIGEST[:32]}", False),
    "the digest twice": (f"sha256={DIGEST}{DIGEST}", False),
    "a blank before": (f" sha256={DIGEST}", False),
    "a blank after": (f"sha256={DIGEST} ", False),
    "a line break after": (f"sha256={DIGEST}\n", False),
    "a blank in between": (f"sha256= {DIGEST}", False),
    "two signatures": (f"sha256={DIGEST},sha256={DIGEST}", False),
    "no hex digit": (f"sha256={'g' * 64}", False),
    "zeros": (f"sha256={'0' * 64}", False),
    "one digit wrong": (f"sha256={'f' if DIGEST[0] != 'f' else '0'}{DIGEST[1:]}", False),
    "full-width digits": (f"sha256={'０' * 64}", False),
    "letters beyond ASCII": (f"sha256={'é' * 64}", False),
    "NUL bytes": (f"sha256={chr(0) * 64}", False),
}


@pytest.mark.parametrize(("header", "expected"), HEADERS.values(), ids=HEADERS)
def test_a_header_is_taken_to_the_letter(header: str | None, *, expected: bool) -> None:
    raw = None if header is None else header.encode()
    assert SignatureCheck(SECRET).accepts(raw, BODY) is expected


def test_header_bytes_that_are_no_text_are_refused() -> None:
    assert not SignatureCheck(SECRET).accepts(b"sha256=" + b"\xff" * 64, BODY)


def test_under_another_secret_it_is_wrong() -> None:
    assert not SignatureCheck(b"new").accepts(f"sha256={DIGEST}".encode(), BODY)


def test_one_check_judges_each_body_by_itself() -> None:
    check, header = SignatureCheck(SECRET), f"sha256={DIGEST}".encode()
    judged = [check.accepts(header, body) for body in (BODY, b"another", BODY, b"", BODY)]
    assert judged == [True, False, True, False, True]


def test_an_empty_secret_signs_nothing() -> None:
    with_empty_secret = f"sha256={hmac.new(b'', BODY, hashlib.sha256).hexdigest()}".encode()
    assert not SignatureCheck(b"").accepts(with_empty_secret, BODY)


def test_one_changed_byte_of_the_body_breaks_it() -> None:
    header = f"sha256={DIGEST}".encode()
    assert not SignatureCheck(SECRET).accepts(header, BODY + b" ")
    assert not SignatureCheck(SECRET).accepts(header, BODY[:-1])
