"""The attacks and accidents of a published table, played against the real client, cache and activation.

Where our format makes a row impossible, or we decided otherwise, the row is named with its reason (ADR 0004 has them
all), so that a new row of the table cannot go unnoticed. The table's chains of keys are in test_key_rotation.py.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from flow_engine.bundle import MAX_ENVELOPE_BYTES
from flow_engine.bundle.canonical import canonical_bytes
from flow_engine.bundle.envelope import wrap
from flow_engine.vocabulary import JSON
from runtime.errors import ConfigurationError
from runtime.settings import Settings
from tests.runtime.bundles.bundle_line import (
    KEY,
    OTHER_KEY,
    BundleLine,
    bundle,
    bundle_line,
    payload,
    write_trust,
)

NOT_APPLICABLE = {
    "b07": "a bundle is one signed document; there is no archive to hide a file in",
    "b08": "a bundle is one signed document; no file of it can be missing",
    "b09": "the format names no hash; SHA-256 is fixed in the code",
    "b12": "bundles do not expire: no clock may stop a bot that answers customers",
    "b14": "bundles do not expire",
    "b15": "bundles do not expire",
    "b16": "there is no generation of keys above the serial; how a stolen key's serial is passed is a test of its own",
    "b22": "exactly one signature, no threshold",
    "b29": "one address serves one tenant's one document; another tenant's is b05, another version's b11 and b13",
    "b32": "bundles do not expire",
}

OTHER_NAMES = {
    "b04": "malformed",  # two signatures are not our envelope
    "b06": "bad_signature",  # the signature covers every byte, so no digest is needed
    "b10": "malformed",  # an algorithm field is not our envelope
    "b13": "serial_reuse",
    "b20": "unsupported_type",
    "b31": "bad_signature",
}
"""Row -> what we call the same refusal."""


def altered(envelope: bytes, change: Callable[[dict[str, JSON]], None]) -> bytes:
    document = json.loads(envelope)
    change(document)
    return canonical_bytes(document)


def with_second_signature(document: dict[str, JSON]) -> None:
    other = json.loads(bundle(2, key=OTHER_KEY))
    document["signatures"] = [*document["signatures"], *other["signatures"]]  # type: ignore[misc] # known shape


def without_signature(document: dict[str, JSON]) -> None:
    document["signatures"] = []


def with_algorithm(document: dict[str, JSON]) -> None:
    document["signatures"][0]["alg"] = "none"  # type: ignore[index,call-overload] # known shape


def with_changed_byte(document: dict[str, JSON]) -> None:
    content = bytearray(base64.b64decode(str(document["payload"])))
    content[content.index(b"Welcome")] ^= 1
    document["payload"] = base64.b64encode(content).decode()


def with_payload_of(other: bytes) -> Callable[[dict[str, JSON]], None]:
    def mix(document: dict[str, JSON]) -> None:
        document["payload"] = json.loads(other)["payload"]

    return mix


def of_another_type() -> bytes:
    return wrap(canonical_bytes(payload(2)), signer=KEY, payload_type="application/vnd.frontdesk.report+json")


def with_unknown_field() -> bytes:
    return wrap(canonical_bytes({**payload(2), "colour": "red"}), signer=KEY)


REFUSED_WHEN_SERVED: dict[str, tuple[int | None, Callable[[], bytes]]] = {
    "b01": (None, lambda: bundle(1)[:-20] + bundle(1, key=OTHER_KEY)[-20:]),
    "b02": (1, lambda: bundle(2, key=OTHER_KEY)),
    "b03": (1, lambda: altered(bundle(2), without_signature)),
    "b04": (1, lambda: altered(bundle(2), with_second_signature)),
    "b05": (1, lambda: bundle(2, tenant="sol")),
    "b06": (1, lambda: altered(bundle(2), with_changed_byte)),
    "b10": (1, lambda: altered(bundle(2), with_algorithm)),
    "b11": (2, lambda: bundle(1)),
    "b13": (2, lambda: bundle(2, connectors={"calendar": {"type": "mock"}})),
    "b17": (1, lambda: b" " * (MAX_ENVELOPE_BYTES + 1)),
    "b20": (1, of_another_type),
    "b31": (1, lambda: altered(bundle(2), with_payload_of(bundle(1)))),
}
"""Row -> the serial that is live before, and what is served."""


def rows(shared_data: Path) -> dict[str, dict[str, object]]:
    table = json.loads((shared_data / "security/derived/bundle_scenarios.json").read_text(encoding="utf-8"))
    return {row["id"]: row for row in table["scenarios"]}


@pytest.mark.parametrize("row", sorted(REFUSED_WHEN_SERVED))
async def test_a_bad_bundle_is_refused_and_the_old_one_stays(tmp_path: Path, shared_data: Path, row: str) -> None:
    before, served = REFUSED_WHEN_SERVED[row]
    expected = rows(shared_data)[row]
    async with bundle_line(tmp_path) as line:
        if before is not None:
            assert await line.serve(bundle(before))
        kept = [file.read_bytes() for file in line.kept()]
        assert not await line.serve(served())
        assert line.active == before
        assert line.active == expected["active_after"]
        assert line.code == OTHER_NAMES.get(row, expected["error_code"])
        assert [file.read_bytes() for file in line.kept()] == kept


async def b18(line: BundleLine) -> None:
    """Keeps serving when there is nothing to be had."""
    await line.serve(bundle(1))
    line.plane.status = 404
    assert not await line.ask()


async def b19(line: BundleLine) -> None:
    """A field that only a newer program knows does not keep a release out."""
    await line.serve(bundle(1))
    assert await line.serve(with_unknown_field())


async def b21(line: BundleLine) -> None:
    """What lies on disk is what was verified, byte by byte."""
    await line.serve(bundle(1))
    (kept,) = line.kept()
    assert kept.read_bytes() == bundle(1)
    assert kept.stat().st_mode & 0o777 == 0o600


async def b25(line: BundleLine) -> None:
    """A bundle that could not be activated is asked for again: the tag stays the live one's."""
    await line.serve(bundle(1))
    tag = f'"{hashlib.sha256(bundle(1)).hexdigest()}"'
    assert not await line.serve(bundle(2, connectors={"calendar": {"type": "nonsense"}}))
    assert line.code == "bad_connectors"
    await line.ask()
    assert line.plane.asked_with == [None, tag, tag]
    line.keeper.note_answer()


async def b26(line: BundleLine) -> None:
    """A failing control plane delays a release and loses nothing."""
    await line.serve(bundle(1))
    tag = f'"{hashlib.sha256(bundle(1)).hexdigest()}"'
    line.plane.status = 500
    assert not await line.ask()
    assert line.code == "http_500"
    line.plane.status = 200
    assert await line.serve(bundle(2))
    assert line.plane.asked_with == [None, tag, tag]


async def b27(line: BundleLine) -> None:
    """What cannot be kept does not go live."""
    await line.serve(bundle(1))
    (kept,) = line.kept()
    before = kept.read_bytes()
    folder = kept.parent
    moved = folder.rename(folder.with_name("away"))
    folder.write_text("a file where the folder should be", encoding="utf-8")
    assert not await line.serve(bundle(2))
    folder.unlink()
    moved.rename(folder)
    assert kept.read_bytes() == before


SCENARIOS: dict[str, Callable[[BundleLine], Awaitable[None]]] = {
    "b18": b18,
    "b19": b19,
    "b21": b21,
    "b25": b25,
    "b26": b26,
    "b27": b27,
}


@pytest.mark.parametrize("row", sorted(SCENARIOS))
async def test_a_scenario_ends_as_the_table_says(tmp_path: Path, shared_data: Path, row: str) -> None:
    expected = rows(shared_data)[row]
    async with bundle_line(tmp_path) as line:
        await SCENARIOS[row](line)
        assert line.active == expected["active_after"]
        assert line.code == expected["error_code"]


async def test_b23_a_kept_bundle_starts_without_a_control_plane(tmp_path: Path) -> None:
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1))
    async with bundle_line(tmp_path) as line:
        assert await line.keeper.start_from_cache()
        assert (line.active, line.code, line.plane.asked_with) == (1, None, [])


async def test_b24_a_kept_bundle_that_was_damaged_is_refused(tmp_path: Path) -> None:
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1))
        (kept,) = line.kept()
    kept.write_bytes(altered(kept.read_bytes(), with_changed_byte))
    async with bundle_line(tmp_path) as line:
        assert not await line.keeper.start_from_cache()
        assert (line.active, line.code) == (None, "bad_signature")


async def test_instead_of_b16_a_stolen_keys_serial_is_passed_by_a_higher_one_under_the_new_key(tmp_path: Path) -> None:
    """The table lets a new key start again at 2; ours may not, since nobody could tell that from an old release."""
    stolen = 99_999
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1))
        assert await line.serve(bundle(stolen, connectors={"calendar": {"type": "mock"}}))
        write_trust(tmp_path, OTHER_KEY)
        assert not await line.serve(bundle(stolen + 1))
        assert (line.active, line.code) == (stolen, "unknown_key")
        assert not await line.serve(bundle(2, key=OTHER_KEY))
        assert (line.active, line.code) == (stolen, "rollback")
        assert await line.serve(bundle(stolen + 1, key=OTHER_KEY))
        assert (line.active, line.code) == (stolen + 1, None)


@pytest.mark.parametrize("slug", ["..", "a/b", "a%2fb", "a\x00b", "ä", "A", ""])
def test_b30_a_tenants_name_is_no_path(tmp_path: Path, slug: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_environment({"TENANT_ID": slug})
    assert any(problem.startswith("TENANT_ID ") for problem in refused.value.problems)


ELSEWHERE = {"b23", "b24", "b28", "b30"}
"""Rows with a test of their own: here, and b28 in test_bundle_feed.py."""


def test_every_row_of_the_table_has_an_answer(shared_data: Path) -> None:
    answered = NOT_APPLICABLE.keys() | REFUSED_WHEN_SERVED.keys() | SCENARIOS.keys() | ELSEWHERE
    assert answered == rows(shared_data).keys()
