"""Which bundles are kept, which keys are believed, and which secrets are opened."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from flow_engine.bundle import BundleError
from flow_engine.vocabulary import JSONObject
from runtime.bundles.cache import BundleCache
from runtime.errors import ConfigurationError, SecretError
from runtime.secrets import FernetKeys, open_secrets, with_secrets
from runtime.store.in_memory import InMemoryStateStore
from tests.runtime.bundles.bundle_line import (
    FERNET_KEY,
    KEY,
    OTHER_KEY,
    TENANT,
    bundle,
    bundle_line,
    secret,
    write_trust,
)

NEW_KEY = base64.urlsafe_b64encode(b"\x03" * 32)
_FIELD = "connectors.notification.secret"
WITH_SECRET = bundle(
    2,
    connectors={"notification": {"type": "webhook", "url": "https://desk.example.org/notices"}},
    secrets={_FIELD: secret(_FIELD, "whsec_b25lLW9mLXRoZS1rZWVwaW5nLXRlc3RzLSEhIQ==")},
)


def serials(files: list[Path]) -> list[int]:
    return [int(file.name[:12]) for file in files]


async def test_the_last_two_are_kept(tmp_path: Path) -> None:
    async with bundle_line(tmp_path) as line:
        for serial in (1, 2, 9, 10):
            assert await line.serve(bundle(serial))
        assert serials(line.kept()) == [9, 10]


async def test_a_damaged_newest_leaves_the_one_before_it_and_asks_with_its_tag(tmp_path: Path) -> None:
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1))
        older = line.keeper.etag
        await line.serve(bundle(2))
        line.kept()[-1].write_bytes(b"")
    async with bundle_line(tmp_path) as line:
        assert await line.keeper.start_from_cache()
        assert (line.active, line.code, line.keeper.etag) == (1, "malformed", older)
        assert await line.serve(bundle(2))
        assert (line.active, line.code) == (2, None)


@pytest.mark.parametrize("resigned", [False, True], ids=["as it was", "under another signature"])
async def test_one_that_comes_again_takes_the_place_of_its_damaged_file(tmp_path: Path, resigned: bool) -> None:
    write_trust(tmp_path, KEY, OTHER_KEY)
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1))
        await line.serve(bundle(2))
        line.kept()[-1].write_bytes(b"")
    async with bundle_line(tmp_path) as line:
        await line.keeper.start_from_cache()
        again = bundle(2, key=OTHER_KEY if resigned else KEY)
        assert await line.serve(again)
        assert serials(line.kept()) == [1, 2]
        assert line.kept()[-1].read_bytes() == again


def make_unreadable(file: Path, _: Path) -> None:
    file.unlink()
    file.symlink_to(file)


SPOILS: dict[str, Callable[[Path, Path], object]] = {
    "cut off": lambda file, _: file.write_bytes(file.read_bytes()[:-9]),
    "of another signer": lambda file, _: file.write_bytes(bundle(2, key=OTHER_KEY)),
    "unreadable": make_unreadable,
    "made under a key that is gone": lambda _, folder: (folder / "fernet").write_bytes(NEW_KEY),
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS.keys())
async def test_what_no_longer_opens_does_not_push_out_what_does(
    tmp_path: Path, spoil: Callable[[Path, Path], object]
) -> None:
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1))
        await line.serve(WITH_SECRET)
        spoil(line.kept()[-1], tmp_path)
        assert await line.serve(bundle(3))
        assert serials(line.kept()) == [1, 2, 3]
        line.kept()[-1].write_bytes(b"")
    async with bundle_line(tmp_path) as line:
        assert await line.keeper.start_from_cache()
        assert line.active == 1


async def test_the_live_one_stays_beside_a_newer_one_that_opens_and_does_not_compile(tmp_path: Path) -> None:
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1))
        BundleCache(tmp_path / "bundles").store(bundle(2, program={"language_version": 1}), 2)
    async with bundle_line(tmp_path) as line:
        assert await line.keeper.start_from_cache()
        assert (line.active, line.code) == (1, "bad_program")
        assert await line.serve(bundle(3))
        assert serials(line.kept()) == [1, 2, 3]
        assert await line.serve(bundle(4))
        assert serials(line.kept()) == [3, 4]


async def test_what_no_longer_opens_goes_when_two_newer_ones_are_there(tmp_path: Path) -> None:
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1))
        await line.serve(bundle(2))
        line.kept()[-1].write_bytes(b"")
        for serial in (3, 4):
            assert await line.serve(bundle(serial))
        assert serials(line.kept()) == [3, 4]


async def test_a_bundle_is_kept_beside_ones_of_higher_serials_that_a_lost_store_knows_nothing_of(
    tmp_path: Path,
) -> None:
    async with bundle_line(tmp_path) as line:
        for serial in (8, 9):
            await line.serve(bundle(serial))
    async with bundle_line(tmp_path) as line:
        assert await line.serve(bundle(5))
        assert (line.active, serials(line.kept())) == (5, [5, 9])


async def test_the_floor_outlives_the_process_and_the_cache(tmp_path: Path) -> None:
    store = InMemoryStateStore()
    async with bundle_line(tmp_path, store=store) as line:
        await line.serve(bundle(5))
        for file in line.kept():
            file.unlink()
        floor = await store.values.get("bundle.floor")
    fresh = InMemoryStateStore()
    await fresh.open()
    await fresh.values.set("bundle.floor", floor)
    async with bundle_line(tmp_path, store=fresh) as line:
        assert not await line.serve(bundle(4))
        assert (line.active, line.code) == (None, "rollback")
        assert not await line.serve(bundle(5, connectors={"calendar": {"type": "mock"}}))
        assert line.code == "serial_reuse"
        assert await line.serve(bundle(5))
        assert line.active == 5


async def test_a_bundle_that_does_not_compile_is_neither_kept_nor_live(tmp_path: Path) -> None:
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1))
        for changes, code in (
            ({"program": {"language_version": 1}}, "bad_program"),
            ({"channels": [{"type": "fax"}]}, "bad_channels"),
            ({"channels": [{"type": "http_dev"}, {"type": "http_dev"}]}, "bad_channels"),
            ({"secrets": {"channels.7.token": secret("channels.7.token", "x")}}, "secret_unreadable"),
        ):
            assert not await line.serve(bundle(2, **changes))
            assert (line.active, line.code, serials(line.kept())) == (1, code, [1])
        assert await line.serve(bundle(2))


async def test_keys_are_exchanged_while_it_runs(tmp_path: Path) -> None:
    async with bundle_line(tmp_path) as line:
        assert await line.serve(bundle(1))
        assert not await line.serve(bundle(2, key=OTHER_KEY))
        write_trust(tmp_path, KEY, OTHER_KEY)
        assert await line.serve(bundle(2, key=OTHER_KEY))
        write_trust(tmp_path, OTHER_KEY)
        assert not await line.serve(bundle(3, key=KEY))
        assert (line.active, line.code) == (2, "unknown_key")


@pytest.mark.parametrize("content", ["", "not JSON", '{"keys": []}'])
async def test_a_broken_keys_file_refuses_everything_and_the_bot_goes_on(tmp_path: Path, content: str) -> None:
    async with bundle_line(tmp_path) as line:
        await line.serve(bundle(1))
        (tmp_path / "keys.json").write_text(content, encoding="utf-8")
        assert not await line.serve(bundle(2))
        assert (line.active, line.code) == (1, "malformed")


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    cache = BundleCache(tmp_path)
    for serial in (1, 2, 3):
        cache.store(bundle(serial), serial)
    assert [cached.envelope for cached in cache.load()] == [bundle(3), bundle(2)]
    assert (tmp_path / "notes.txt").exists()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"{NEW_KEY.decode()}\n{FERNET_KEY.decode()}\n", 2),
        (f"{NEW_KEY.decode()},{FERNET_KEY.decode()}", 2),
        (f"# newest\n{NEW_KEY.decode()}\n\n", 1),
    ],
)
def test_a_keys_file_holds_one_or_more(text: str, count: int) -> None:
    assert len(FernetKeys.read(text).keys) == count


@pytest.mark.parametrize("text", ["", "# nothing\n", "hunter2\n", "ñ\n"])
def test_a_keys_file_without_a_key_is_refused_without_its_content(text: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        FernetKeys.read(text)
    assert "hunter2" not in str(refused.value)


def test_any_of_the_keys_opens() -> None:
    keys = FernetKeys((NEW_KEY, FERNET_KEY))
    path = "channels.0.access_token"
    for key in keys.keys:
        assert open_secrets({path: secret(path, "value", key=key)}, keys, tenant=TENANT) == {path: "value"}


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(secret("channels.0.a", "v", key=Fernet.generate_key()), id="under a foreign key"),
        pytest.param(secret("channels.0.b", "v"), id="moved from another field"),
        pytest.param(secret("channels.0.a", "v", tenant="sol"), id="moved from another tenant"),
        pytest.param(Fernet(FERNET_KEY).encrypt(b"bare").decode(), id="bound to nothing"),
        pytest.param("", id="empty"),
        pytest.param("ñ", id="no token at all"),
    ],
)
def test_a_token_out_of_place_is_refused(token: str) -> None:
    with pytest.raises((SecretError, BundleError)):
        open_secrets({"channels.0.a": token}, FernetKeys((FERNET_KEY,)), tenant=TENANT)


def test_secrets_go_where_they_belong_and_the_source_stays_as_it_was() -> None:
    channels: tuple[JSONObject, ...] = ({"type": "whatsapp"},)
    connectors: dict[str, JSONObject] = {"calendar": {"type": "x", "auth": {"user": "u"}, "list": [{"a": 1}]}}
    placed = with_secrets(
        channels,
        connectors,
        {"channels.0.token": "t", "connectors.calendar.auth.key": "k", "connectors.calendar.list.0.b": "l"},
    )  # fmt: skip - one call
    assert placed == (
        ({"type": "whatsapp", "token": "t"},),
        {"calendar": {"type": "x", "auth": {"user": "u", "key": "k"}, "list": [{"a": 1, "b": "l"}]}},
    )
    assert channels == ({"type": "whatsapp"},)
    assert connectors == {"calendar": {"type": "x", "auth": {"user": "u"}, "list": [{"a": 1}]}}


@pytest.mark.parametrize(
    "path",
    [
        "channels",
        "channels.0",
        "channels.9.token",
        "channels.x.token",
        "channels.-1.token",
        "connectors.crm.key",
        "llm.provider.x",
        "",
        "program.states.x",
    ],
)  # fmt: skip - one line
def test_a_secret_without_a_place_is_refused(path: str) -> None:
    with pytest.raises(SecretError):
        with_secrets(({"type": "whatsapp"},), {}, {path: "value"})
