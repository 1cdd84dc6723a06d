"""The tenant gets another key: every bundle that is kept can be opened by it, and by it alone."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from flow_engine.bundle import BundleError
from flow_engine.vocabulary import JSON, JSONObject
from runtime.bundles.cache import BundleCache
from runtime.bundles.floor import Floor
from runtime.bundles.new_keys import open_with_key_of
from runtime.bundles.trust import Trust
from runtime.errors import SecretError
from tests.runtime.bundles.bundle_line import FERNET_KEY, TENANT, BundleLine, bundle, bundle_line, secret, write_trust

NEW_KEY = base64.urlsafe_b64encode(b"\x05" * 32)
NEWEST_KEY = base64.urlsafe_b64encode(b"\x06" * 32)
FIELD = "connectors.notification.secret"
VALUE = "whsec_b25lLW9mLXRoZS1yb3RhdGlvbi10ZXN0cy0hISE="
RENEWED = "whsec_dGhlLXJlbmV3ZWQtb25lLW9mLXRoZXNlLXRlc3RzISE="
OLD, OLD_AND_NEW, NEW_AND_OLD, NEW = (FERNET_KEY,), (FERNET_KEY, NEW_KEY), (NEW_KEY, FERNET_KEY), (NEW_KEY,)


def under(key: bytes, serial: int, value: str = VALUE) -> bytes:
    """A release whose one secret lies under ``key``."""
    webhook: JSONObject = {"type": "webhook", "url": "https://desk.example.org/notices"}
    token = secret(FIELD, value, key=key)
    return bundle(serial, connectors={"notification": webhook}, secrets={FIELD: token})


def hand_out(folder: Path, *keys: bytes) -> None:
    write_trust(folder)
    (folder / "fernet").write_bytes(b"\n".join(keys) + b"\n")


def kept_and_trust(folder: Path) -> tuple[BundleCache, Trust]:
    return BundleCache(folder / "bundles"), Trust(TENANT, folder / "keys.json", folder / "fernet")


def secrets_of_kept(folder: Path) -> list[JSON]:
    """What a start with the keys of now finds, newest first; ``None`` where it is refused."""
    cache, trust = kept_and_trust(folder)
    found: list[JSON] = []
    for kept in cache.load():
        try:
            opened = trust.config(trust.open(kept.envelope, Floor()), kept.again)
        except (BundleError, SecretError):
            found.append(None)
        else:
            found.append(opened.connectors["notification"]["secret"])
    return found


def damage(line: BundleLine, serial: int) -> None:
    (file,) = (line.folder / "bundles").glob(f"{serial:012d}-*")
    file.write_bytes(b"")


async def starts_on(folder: Path) -> tuple[int | None, str | None]:
    """The serial that a start without anybody else comes to, and what was refused before it."""
    async with bundle_line(folder) as line:
        await line.keeper.start_from_cache()
        return line.active, line.code


@pytest.mark.parametrize("file", [OLD_AND_NEW, NEW_AND_OLD], ids=["the new key behind", "the new key in front"])
async def test_the_older_kept_bundle_opens_when_the_newest_is_damaged_after_a_rotation(
    tmp_path: Path, file: tuple[bytes, ...]
) -> None:
    hand_out(tmp_path, *OLD)
    async with bundle_line(tmp_path) as line:
        await line.serve(under(FERNET_KEY, 1))
        hand_out(tmp_path, *file)
        assert await line.serve(under(NEW_KEY, 2))
        hand_out(tmp_path, *NEW)
        damage(line, 2)
    assert await starts_on(tmp_path) == (1, "malformed")


def test_it_opens_as_well_after_two_rotations_with_no_release_of_its_own_between(tmp_path: Path) -> None:
    """The older one goes from key to key though its signed bytes stay."""
    cache, trust = kept_and_trust(tmp_path)
    cache.store(under(FERNET_KEY, 1), 1)
    for serial, file in enumerate((NEW_AND_OLD, (NEWEST_KEY, NEW_KEY), (NEWEST_KEY,)), start=2):
        hand_out(tmp_path, *file)
        open_with_key_of(trust.open(under(file[0], serial), Floor()), cache, trust)
    assert secrets_of_kept(tmp_path) == [VALUE]


@pytest.mark.parametrize("file", [OLD_AND_NEW, NEW_AND_OLD], ids=["the new key behind", "the new key in front"])
async def test_the_key_that_retires_opens_nothing_that_was_renewed_meanwhile(
    tmp_path: Path, file: tuple[bytes, ...]
) -> None:
    hand_out(tmp_path, *OLD)
    async with bundle_line(tmp_path) as line:
        await line.serve(under(FERNET_KEY, 1))
        hand_out(tmp_path, *file)
        for serial in (2, 3):
            assert await line.serve(under(NEW_KEY, serial, RENEWED))
    assert secrets_of_kept(tmp_path) == [RENEWED, RENEWED]
    hand_out(tmp_path, *OLD)
    assert secrets_of_kept(tmp_path) == [None, None]


@pytest.mark.parametrize("file", [OLD_AND_NEW, NEW_AND_OLD], ids=["the new key behind", "the new key in front"])
async def test_a_newer_bundle_without_secrets_tells_no_key_and_each_is_enough(
    tmp_path: Path, file: tuple[bytes, ...]
) -> None:
    hand_out(tmp_path, *OLD)
    async with bundle_line(tmp_path) as line:
        await line.serve(under(FERNET_KEY, 1))
        hand_out(tmp_path, *file)
        assert await line.serve(bundle(2))
        damage(line, 2)
    hand_out(tmp_path, *NEW)
    assert await starts_on(tmp_path) == (1, "malformed")
    assert secrets_of_kept(tmp_path) == [None, VALUE]


async def test_nothing_more_is_kept_while_there_is_one_key(tmp_path: Path) -> None:
    hand_out(tmp_path, *OLD)
    async with bundle_line(tmp_path) as line:
        for serial in (1, 2, 3):
            await line.serve(under(FERNET_KEY, serial))
        assert [file.name.partition(".")[2] for file in line.kept()] == ["dsse.json", "dsse.json"]


async def test_what_is_beside_a_bundle_goes_with_it_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    hand_out(tmp_path, *OLD)
    beside = tmp_path / "bundles" / f"{1:012d}.secrets.json"
    async with bundle_line(tmp_path) as line:
        await line.serve(under(FERNET_KEY, 1))
        hand_out(tmp_path, *NEW_AND_OLD)
        await line.serve(under(NEW_KEY, 2))
        assert beside.stat().st_mode & 0o777 == 0o600
        assert VALUE.encode() not in beside.read_bytes()
        await line.serve(under(NEW_KEY, 3))
        assert not beside.exists()


BESIDE = {
    "it is cut off": b'{"connectors.notif',
    "it is no object": b"[1]",
    "it is nested without end": b"[" * 200_000,
    "it says something else of the secret": json.dumps({FIELD: 7}).encode(),
    "it has the secret of another field": json.dumps(
        {FIELD: [secret("connectors.notification.url", "https://evil.example", key=NEW_KEY)]}
    ).encode(),
    "it was made under another key": json.dumps({FIELD: [secret(FIELD, "x", key=NEWEST_KEY)]}).encode(),
}


@pytest.mark.parametrize("content", BESIDE.values(), ids=BESIDE.keys())
async def test_what_stands_beside_a_bundle_is_believed_no_further_than_its_keys(tmp_path: Path, content: bytes) -> None:
    hand_out(tmp_path, *OLD)
    async with bundle_line(tmp_path) as line:
        await line.serve(under(FERNET_KEY, 1))
    (tmp_path / "bundles" / f"{1:012d}.secrets.json").write_bytes(content)
    assert await starts_on(tmp_path) == (1, None), "its own token opens, so nobody looks beside it"
    hand_out(tmp_path, *NEW)
    assert (await starts_on(tmp_path))[0] is None


async def test_a_disk_that_takes_nothing_beside_keeps_the_old_bundle_live(tmp_path: Path) -> None:
    """The new one is not reported, so the older key stays."""
    hand_out(tmp_path, *OLD)
    async with bundle_line(tmp_path) as line:
        await line.serve(under(FERNET_KEY, 1))
        hand_out(tmp_path, *NEW_AND_OLD)
        blocked = tmp_path / "bundles" / f"{1:012d}.secrets.unfinished"
        blocked.mkdir()
        assert not await line.serve(under(NEW_KEY, 2))
        assert (line.active, line.code) == (1, "persist_failed")
        blocked.rmdir()
        assert await line.serve(under(NEW_KEY, 2))
        assert line.active == 2
