"""Chains of key sets from a published table, played with the list of keys that a runtime pins.

There a set of keys is a document, signed by enough keys of the set before it and of its own. Here it is the list that
an operator hands out, and a release has one signature. So a step of the table is one release, signed in turn by every
key that signed there. It holds if somebody is served who still has the list of before, and everybody who has the new
one. ADR 0004 says why a list needs no signature and a release no second one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow_engine.bundle.signing import SigningKey
from runtime.bundles.source import FetchedBundle
from runtime.store.in_memory import InMemoryStateStore
from tests.runtime.bundles.bundle_line import BundleLine, bundle, bundle_line, write_trust

KEYS = [SigningKey.from_seed(bytes([0x40 + number]) * 32) for number in range(10)]

ONE_SIGNATURE = (
    "1-of-1-rotation",
    "1-of-1-rotation-unused-signatures",
    "fail-not-signed-with-old-key",
    "fail-not-signed-with-new-key",
)
SEVERAL_SIGNATURES = {
    "3-of-5-different-combos",
    "3-of-5-one-key-rotated",
    "3-of-5-all-rotated-with-step",
    "threshold-1-of-3-to-2-of-3",
    "threshold-2-of-3-to-1-of-3",
    "fail-3-of-5-not-3-new",
    "fail-3-of-5-not-3-old",
    "fail-new-threshold-not-reached",
    "fail-old-threshold-not-reached",
}
"""Not for us: a release has one signature, and any key of the list suffices."""


def rows(shared_data: Path) -> dict[str, list[dict[str, Any]]]:
    table = json.loads((shared_data / "security/derived/bundle_scenarios.json").read_text(encoding="utf-8"))
    return {row["id"]: row["versions"] for row in table["key_rotation"]}


async def taken(line: BundleLine, folder: Path, pinned: list[int], serial: int, signers: list[int]) -> bool:
    """Whether a runtime with this list takes the release under any of its signatures."""
    write_trust(folder, *(KEYS[number] for number in pinned))
    before, kept = line.active, [file.read_bytes() for file in line.kept()]
    answers = [await line.keeper.offer(FetchedBundle(bundle(serial, key=KEYS[number]), "")) for number in signers]
    assert answers == [number in pinned for number in signers]
    if not any(answers):
        assert (line.active, line.code) == (before, "unknown_key")
        assert [file.read_bytes() for file in line.kept()] == kept
    return any(answers)


async def starts_alone(folder: Path) -> int | None:
    """The serial that a runtime with the list of now is live on when nobody can be asked."""
    async with bundle_line(folder) as line:
        await line.keeper.start_from_cache()
        return line.active


@pytest.mark.parametrize("row", ONE_SIGNATURE)
async def test_a_release_is_taken_by_whoever_pins_a_key_that_signed_it(
    tmp_path: Path, shared_data: Path, row: str
) -> None:
    versions, store, live = rows(shared_data)[row], InMemoryStateStore(), None
    for serial, version in enumerate(versions, start=1):
        keys, signers = version["keys"], version["sigs"]
        keys_before = versions[serial - 2]["keys"] if serial > 1 else keys
        async with bundle_line(tmp_path, store=store) as line:
            assert await line.keeper.start_from_cache() is (live is not None)
            assert line.active == live
            late = await taken(line, tmp_path, keys_before, serial, signers)
            told = await taken(line, tmp_path, keys, serial, signers)
            assert (late and told) is version["accept"]
        live = await starts_alone(tmp_path)
        assert live == (serial if told else None)


async def test_what_only_the_old_key_signed_does_not_start_once_that_is_trusted_no_longer(tmp_path: Path) -> None:
    """Why no key is retired while something that it signed is live."""
    write_trust(tmp_path, KEYS[1], KEYS[2])
    async with bundle_line(tmp_path) as line:
        assert await line.serve(bundle(1, key=KEYS[1]))
    write_trust(tmp_path, KEYS[2])
    assert await starts_alone(tmp_path) is None


async def test_the_same_release_signed_anew_replaces_what_is_kept_and_nothing_else(tmp_path: Path) -> None:
    write_trust(tmp_path, KEYS[1], KEYS[2])
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1, key=KEYS[1]))
        await line.serve(bundle(2, key=KEYS[1]))
        assert await line.serve(bundle(2, key=KEYS[2]))
        assert (line.active, line.code) == (2, None)
        kept = [file.read_bytes() for file in line.kept()]
    assert kept == [bundle(1, key=KEYS[1]), bundle(2, key=KEYS[2])]
    write_trust(tmp_path, KEYS[2])
    assert await starts_alone(tmp_path) == 2


def test_every_chain_of_the_table_has_an_answer(shared_data: Path) -> None:
    chains = rows(shared_data)
    assert SEVERAL_SIGNATURES | set(ONE_SIGNATURE) == chains.keys()
    thresholds = {row: max(version["threshold"] for version in chain) for row, chain in chains.items()}
    assert {row for row, most in thresholds.items() if most > 1} == SEVERAL_SIGNATURES
