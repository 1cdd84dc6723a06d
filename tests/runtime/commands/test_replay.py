"""A candidate against what was said before: the same where it says the same, shown where it does not."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from flow_engine.vocabulary import JSONObject
from tests.runtime.bundles.bundle_line import FERNET_KEY, bundle, secret
from tests.runtime.bundles.test_several_releases import CONTACT, WITHOUT_PICK, tap
from tests.runtime.control_plane_server import ControlPlaneServer, heard, linked, say, until

PHONE = "+34 600 777 888"
NEW_KEY = base64.urlsafe_b64encode(b"\x05" * 32)


@pytest.fixture
def plane() -> ControlPlaneServer:
    return ControlPlaneServer()


def with_secret(serial: int, key: bytes) -> bytes:
    """The toy flow beside a connector whose secret lies under ``key``."""
    field, value = "connectors.notification.secret", "whsec_b25lLW9mLXRoZS1yZXBsYXlpbmctdGVzdHMtISEhISE="
    webhook: JSONObject = {"type": "webhook", "url": "https://desk.example.org/notices"}
    return bundle(serial, connectors={"notification": webhook}, secrets={field: secret(field, value, key=key)})


def sealed(envelope: bytes) -> str:
    return base64.b64encode(envelope).decode()


async def test_the_live_release_says_what_it_said(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await tap(started, "m1", "hello")
        await tap(started, "m2", "pick")
        await tap(started, "m3", "apple")
        await say(started, "m4", "hello", "34600999888")
        plane.send("replay", serial=1)
        result = (await plane.result())["result"]
    assert result == {"conversations": 2, "turns": 4, "same": 4, "different": 0, "failed": 0, "examples": []}


async def test_a_kept_release_from_before_the_tenants_key_was_rotated_is_played_until_its_secrets_open_no_more(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    beside = tmp_path / "state/bundles" / f"{1:012d}.secrets.json"
    async with linked(tmp_path, plane, release=with_secret(1, FERNET_KEY)) as started:
        await tap(started, "m1", "hello")
        (tmp_path / "fernet").write_bytes(NEW_KEY + b"\n" + FERNET_KEY)
        plane.bundles.envelope = with_secret(2, NEW_KEY)
        await until(lambda: started.runtime.status().serial == 2)
        (tmp_path / "fernet").write_bytes(NEW_KEY)
        plane.send("replay", serial=1)
        result = await plane.result()
        assert (result["status"], result["detail"]) == ("done", "")
        assert result["result"] == {
            "conversations": 1,
            "turns": 1,
            "same": 1,
            "different": 0,
            "failed": 0,
            "examples": [],
        }  # fmt: skip - one value
        beside.unlink()
        plane.send("replay", "c2", serial=1)
        result = await plane.result("c2")
    assert (result["status"], result["result"]) == ("refused", None)
    assert str(result["detail"]).startswith("secret_unreadable")


async def test_a_candidate_that_speaks_otherwise_is_shown_masked_and_changes_nothing(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    named = {"name": f"Luna {PHONE}"}
    settings = {"timezone": "UTC", "language": "en", "sentences": {}, "business": named}
    candidate = bundle(9, program=WITHOUT_PICK, settings=settings)  # type: ignore[arg-type]  # JSON
    async with linked(tmp_path, plane) as started:
        await tap(started, "m1", "hello")
        await tap(started, "m2", "pick")
        plane.send("replay", envelope_base64=sealed(candidate))
        result = (await plane.result())["result"]
        assert started.runtime.status().serial == 1
        assert len(await heard(started, CONTACT)) == 2
    assert isinstance(result, dict)
    assert (result["turns"], result["same"], result["different"]) == (1, 0, 1)
    assert result["examples"] == [
        {
            "state": None,
            "before": ["Welcome to Luna [Pick | Bye]"],
            "after": ["New here at Luna [hidden] [Pick | Bye]"],
        }
    ]
    assert CONTACT not in json.dumps(plane.received)


@pytest.mark.parametrize(
    ("case", "payload", "word"),
    [
        ("a serial nobody holds", {"serial": 7}, "unknown_serial"),
        ("nothing to play", {}, "bad_payload"),
        ("too many conversations", {"serial": 1, "last": 5000}, "bad_payload"),
        ("another tenant's candidate", {"envelope_base64": sealed(bundle(2, tenant="sol"))}, "foreign_tenant"),
        ("a candidate that does not compile", {"envelope_base64": sealed(bundle(2, program={}))}, "bad_program"),
    ],
)
async def test_a_replay_is_refused(
    tmp_path: Path, plane: ControlPlaneServer, case: str, payload: dict[str, object], word: str
) -> None:
    async with linked(tmp_path, plane) as started:
        await tap(started, "m1", "hello")
        plane.send("replay", **payload)  # type: ignore[arg-type]  # JSON
        result = await plane.result()
    assert result["status"] == "refused"
    assert str(result["detail"]).startswith(word)
