from __future__ import annotations

import hashlib
import json

import pytest

from flow_engine.bundle import PublicKey, read_public_keys, write_public_keys
from flow_engine.bundle.errors import MalformedError
from flow_engine.bundle.signing import SigningKey
from tests.flow_engine.bundle.example import NEXT, OURS


def test_a_public_keys_file_reads_back_what_was_written() -> None:
    keys = (OURS.public_key, NEXT.public_key)
    assert read_public_keys(write_public_keys(keys)) == keys


def test_a_key_is_named_after_its_own_bytes() -> None:
    key = OURS.public_key
    assert key.keyid == hashlib.sha256(key.raw).hexdigest()[:16]


def row(**changes: object) -> dict[str, object]:
    fields: dict[str, object] = dict(json.loads(write_public_keys([OURS.public_key]))["keys"][0])
    return {**fields, **changes}


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("not JSON", "keys"),
        ("a list at the top", "[]"),
        ("no keys at all", '{"keys": []}'),
        ("a key without its bytes", json.dumps({"keys": [{"keyid": "x"}]})),
        ("a key of 31 bytes", json.dumps({"keys": [row(public_key="A" * 40)]})),
        ("a key under another key's name", json.dumps({"keys": [row(keyid=NEXT.public_key.keyid)]})),
        ("base64 with white space", json.dumps({"keys": [row(public_key=" " + str(row()["public_key"]))]})),
        ("nested beyond reason", "[" * 100_000),
    ],
)
def test_a_damaged_public_keys_file_is_refused(reason: str, text: str) -> None:
    with pytest.raises(MalformedError):
        read_public_keys(text)


def test_a_public_key_of_another_length_is_refused() -> None:
    with pytest.raises(MalformedError):
        PublicKey.from_raw(b"\0" * 33)


def test_a_signing_key_survives_its_pem_file_and_never_shows_itself() -> None:
    pem = OURS.to_pem()
    again = SigningKey.from_pem(pem)
    assert again.public_key == OURS.public_key
    assert again.sign(b"message") == OURS.sign(b"message")
    assert repr(again) == f"SigningKey({OURS.public_key.keyid})"


RSA_PEM = b"""-----BEGIN PRIVATE KEY-----
MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEAq7BFUpkGp3+LQmlQ
-----END PRIVATE KEY-----
"""


@pytest.mark.parametrize(
    "pem", [b"", b"not a key", RSA_PEM, OURS.to_pem()[:-40]], ids=["empty", "text", "cut", "short"]
)
def test_a_signing_key_file_that_is_not_one_is_refused(pem: bytes) -> None:
    with pytest.raises(MalformedError):
        SigningKey.from_pem(pem)
