from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.bundle import MAX_ENVELOPE_BYTES, Bundle, BundleError, Knowledge, open_bundle, seal
from flow_engine.bundle.canonical import canonical_bytes
from flow_engine.bundle.envelope import wrap
from flow_engine.bundle.errors import MalformedError, TooLargeError, UnsupportedFormatError
from flow_engine.bundle.retention import Retention
from flow_engine.bundle.rollout import InFlight, WhatToDo
from tests.flow_engine.bundle.example import NEXT, OURS, STRANGER, TENANT, payload

PINNED = (OURS.public_key, NEXT.public_key)
SEALED = seal(payload(), OURS)


def opened(envelope: bytes, *, tenant: str = TENANT, floor_serial: int = 0, floor_digest: str | None = None) -> Bundle:
    return open_bundle(
        envelope, public_keys=PINNED, tenant=tenant, floor_serial=floor_serial, floor_digest=floor_digest
    )


def refusal(envelope: bytes, **floor: object) -> str:
    with pytest.raises(BundleError) as caught:
        opened(envelope, **floor)  # type: ignore[arg-type] # one table for texts and numbers
    return caught.value.code


def altered(change: Callable[[dict[str, object]], object]) -> bytes:
    """The sealed envelope with one thing changed, spelled canonically again."""
    fields = json.loads(SEALED)
    change(fields)
    return canonical_bytes(fields)


def signed(**changes: object) -> bytes:
    """A well-signed envelope around a payload that ``seal`` itself would refuse."""
    return wrap(canonical_bytes(payload(**changes)), signer=OURS)


def without(key: str) -> bytes:
    fields = payload()
    del fields[key]
    return wrap(canonical_bytes(fields), signer=OURS)


def signature(fields: dict[str, object]) -> dict[str, object]:
    signatures = fields["signatures"]
    assert isinstance(signatures, list)
    found: dict[str, object] = signatures[0]
    return found


def test_a_sealed_payload_opens_as_it_was() -> None:
    bundle = opened(SEALED)
    assert (bundle.tenant, bundle.serial) == (TENANT, 7)
    assert bundle.created == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert bundle.program == payload()["program"]
    assert bundle.knowledge == Knowledge(version="v3", markdown="# Luna\n\nAbrimos a las 10:00.\n")
    assert bundle.settings.timezone == "Europe/Madrid"
    assert bundle.channels == ({"type": "whatsapp", "phone_number_id": "1234567890"},)
    assert bundle.connectors == {"calendar": {"type": "mock_calendar", "slot_minutes": 30}}
    assert bundle.llm.quota_monthly_tokens == 500000
    assert bundle.secrets == {"channels.0.access_token": "gAAAAA-not-a-real-token"}
    assert bundle.digest == hashlib.sha256(canonical_bytes(payload())).hexdigest()
    assert bundle.keyid == OURS.public_key.keyid


def test_sealing_twice_gives_the_same_bytes() -> None:
    assert seal(payload(), OURS) == SEALED


def test_the_envelope_is_dsse_and_its_signature_covers_type_and_content() -> None:
    fields = json.loads(SEALED)
    content = base64.b64decode(fields["payload"])
    expected = b"DSSEv1 37 application/vnd.frontdesk.bundle+json %d %b" % (len(content), content)
    assert fields["payloadType"] == "application/vnd.frontdesk.bundle+json"
    assert base64.b64decode(fields["signatures"][0]["sig"]) == OURS.sign(expected)


def test_a_key_that_will_sign_later_can_be_pinned_now() -> None:
    assert opened(seal(payload(), NEXT)).keyid == NEXT.public_key.keyid


REPLACED_BYTES = canonical_bytes(payload(serial=8))


def with_hidden_bits(fields: dict[str, object]) -> None:
    """The last letter of 64 bytes in base64 carries four bits that decoding drops; set one of them."""
    text = str(signature(fields)["sig"])
    signature(fields)["sig"] = f"{text[:-3]}{chr(ord(text[-3]) + 1)}=="


ATTACKS: list[tuple[str, bytes, str]] = [
    ("no signatures field", altered(lambda f: f.pop("signatures")), "unsigned"),
    ("an empty list of signatures", altered(lambda f: f.update(signatures=[])), "unsigned"),
    ("two signatures", altered(lambda f: f.update(signatures=[signature(f), signature(f)])), "malformed"),
    ("signed by a key nobody pinned", seal(payload(), STRANGER), "unknown_key"),
    (
        "a stranger's signature under our key's name",
        altered(lambda f: signature(f).update(sig=base64.b64encode(STRANGER.sign(b"x")).decode())),
        "bad_signature",
    ),
    (
        "another payload under the old signature",
        altered(lambda f: f.update(payload=base64.b64encode(REPLACED_BYTES).decode())),
        "bad_signature",
    ),
    ("another type under the old signature", altered(lambda f: f.update(payloadType="text/plain")), "bad_signature"),
    (
        "well signed, but as something else",
        wrap(canonical_bytes(payload()), signer=OURS, payload_type="application/vnd.frontdesk.report+json"),
        "unsupported_type",
    ),
    ("a signature of 63 bytes", altered(lambda f: signature(f).update(sig="A" * 84)), "bad_signature"),
    ("hidden bits in the signature's base64", altered(with_hidden_bits), "malformed"),
    ("an algorithm to choose from", altered(lambda f: signature(f).update(alg="none")), "malformed"),
    ("a field nobody asked for", altered(lambda f: f.update(extra=1)), "malformed"),
    ("white space around the envelope", SEALED + b"\n", "malformed"),
    ("half of the envelope", SEALED[: len(SEALED) // 2], "malformed"),
    ("nothing", b"", "malformed"),
    ("a list", b"[]", "malformed"),
    ("more bytes than allowed", b"0" * (MAX_ENVELOPE_BYTES + 1), "too_large"),
    ("a key in a key's place", altered(lambda f: signature(f).update(keyid=7)), "malformed"),
    ("payload bytes that are not canonical", wrap(b'{"tenant": "luna"}', signer=OURS), "malformed"),
    ("payload bytes that are not JSON", wrap(b"\xff\xfe", signer=OURS), "malformed"),
    ("another tenant's bundle", signed(tenant="sol"), "foreign_tenant"),
    ("another tenant's bundle of a newer format", signed(tenant="sol", format=2), "foreign_tenant"),
    ("no tenant", without("tenant"), "malformed"),
    ("a serial of nought", signed(serial=0), "malformed"),
    ("a serial that is true", signed(serial=True), "malformed"),
    ("a serial in quotes", signed(serial="7"), "malformed"),
    ("a newer format", signed(format=2), "unsupported_format"),
    ("a newer format with new fields", signed(format=2, more="x"), "unsupported_format"),
    ("a format that is true", signed(format=True), "unsupported_format"),
    ("a missing field", without("channels"), "malformed"),
    ("a time without a zone", signed(created="2026-03-01T09:30:00"), "malformed"),
    ("a time in another zone", signed(created="2026-03-01T09:30:00+02:00"), "malformed"),
    ("a channel without a type", signed(channels=[{}]), "malformed"),
    ("a hundred channels", signed(channels=[{"type": "http_dev"}] * 100), "malformed"),
    ("a connector that is a text", signed(connectors={"calendar": "mock"}), "malformed"),
    ("a secret that is not a text", signed(secrets={"a": 1}), "malformed"),
    ("knowledge without its text", signed(knowledge={"version": "v1"}), "malformed"),
    ("a program that is a list", signed(program=[]), "malformed"),
    ("staged for nobody in particular", signed(staged={"contacts": "all"}), "malformed"),
    ("staged for the same contact twice", signed(staged={"contacts": ["ana", "ana"]}), "malformed"),
    ("a state whose people are to vanish", signed(people_in_flight={"OLD": {"do": "vanish"}}), "malformed"),
    ("a state whose people move nowhere", signed(people_in_flight={"OLD": {"do": "move"}}), "malformed"),
    ("messages kept for nought days", signed(retention={"messages_days": 0}), "malformed"),
    ("ids forgotten before Meta stops delivering again", signed(retention={"inbox_days": 9}), "malformed"),
]


@pytest.mark.parametrize(("attack", "envelope", "code"), ATTACKS, ids=[row[0] for row in ATTACKS])
def test_each_attack_is_refused_under_its_own_name(attack: str, envelope: bytes, code: str) -> None:
    assert refusal(envelope) == code


FLOOR_DIGEST = opened(SEALED).digest


@pytest.mark.parametrize(
    ("case", "floor_serial", "floor_digest", "code"),
    [
        ("nothing was live before", 0, None, None),
        ("an older one was live", 6, "0" * 64, None),
        ("the same one is live", 7, FLOOR_DIGEST, None),
        ("the same serial is live, its content was not noted", 7, None, None),
        ("the same serial with other content is live", 7, "0" * 64, "serial_reuse"),
        ("a newer one was live", 8, None, "rollback"),
        ("a newer one with this very content was live", 8, FLOOR_DIGEST, "rollback"),
    ],
)
def test_the_order_of_releases_is_kept(
    case: str, floor_serial: int, floor_digest: str | None, code: str | None
) -> None:
    if code is None:
        assert opened(SEALED, floor_serial=floor_serial, floor_digest=floor_digest).serial == 7
    else:
        assert refusal(SEALED, floor_serial=floor_serial, floor_digest=floor_digest) == code


@pytest.mark.parametrize(
    ("everything_wrong_from", "envelope", "code"),
    [
        ("the signature on", seal(payload(tenant="sol", serial=1), STRANGER), "unknown_key"),
        (
            "the type on",
            wrap(canonical_bytes(payload(tenant="sol")), signer=OURS, payload_type="x/y"),
            "unsupported_type",
        ),
        ("the tenant on", signed(tenant="sol", serial=1, format=9), "foreign_tenant"),
        ("the serial on", signed(serial=1, format=9), "rollback"),
    ],
)
def test_the_first_thing_wrong_names_the_refusal(everything_wrong_from: str, envelope: bytes, code: str) -> None:
    assert refusal(envelope, floor_serial=5) == code


@given(st.integers(min_value=0, max_value=len(SEALED) * 8 - 1))
def test_any_one_bit_change_is_refused(position: int) -> None:
    damaged = bytearray(SEALED)
    damaged[position // 8] ^= 1 << position % 8
    with pytest.raises(BundleError):
        opened(bytes(damaged))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(BundleError):
        opened(data)


@pytest.mark.parametrize(
    ("reason", "change", "error"),
    [
        ("a newer format", {"format": 2}, UnsupportedFormatError),
        ("a field out of shape", {"channels": {}}, MalformedError),
        ("half a surrogate pair", {"settings": {"timezone": "\ud800"}}, MalformedError),
        ("more than fits", {"knowledge": {"version": "v1", "markdown": "x" * MAX_ENVELOPE_BYTES}}, TooLargeError),
    ],
)
def test_what_a_runtime_would_refuse_is_never_sealed(
    reason: str, change: dict[str, object], error: type[BundleError]
) -> None:
    with pytest.raises(error):
        seal(payload(**change), OURS)


def test_importing_the_package_does_not_load_cryptography() -> None:
    program = "import sys, flow_engine.bundle; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_field_that_only_a_newer_program_knows_is_passed_over() -> None:
    assert opened(signed(colour="red")) == replace(opened(SEALED), digest=opened(signed(colour="red")).digest)


def test_what_a_release_says_about_people_and_about_keeping_is_read() -> None:
    found = opened(
        signed(
            staged={"contacts": ["ana"]},
            people_in_flight={"OLD": {"do": "move", "to": "NEW"}, "GONE": {"do": "finish"}},
            retention={"turns_days": 7},
            limits={"inbound_per_contact_per_minute": 30},
        )
    )
    assert found.staged == frozenset({"ana"})
    assert found.people_in_flight == {"OLD": InFlight(WhatToDo.MOVE, "NEW"), "GONE": InFlight(WhatToDo.FINISH)}
    assert found.retention == Retention(turns_days=7)
    assert found.more == {"limits": {"inbound_per_contact_per_minute": 30}}
