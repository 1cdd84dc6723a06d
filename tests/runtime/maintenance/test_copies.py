"""Copies, restores and damage: by the command line, beside a running tenant and without one."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from runtime.app import open_runtime
from runtime.errors import StoreDamagedError, StoreError
from runtime.maintenance.backup import back_up
from runtime.maintenance.command_line import EXIT_FAILED, EXIT_IN_USE, EXIT_OK, EXIT_USAGE, main
from runtime.maintenance.erasure_list import FILE_NAME, ErasureList
from runtime.maintenance.live import leave_endpoint
from runtime.maintenance.restore import restore, verify
from runtime.media import FOLDER_NAME, MediaFolder
from runtime.ports.inbox_store import ContactKey
from runtime.ports.media_store import WantedFile
from runtime.ports.outgoing_messages import OutgoingMessage
from runtime.privacy import pepper_of
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.state_store import STATE_FILE
from tests.fakes.loopback import LoopbackServer
from tests.runtime.control_plane_server import say
from tests.runtime.running import Running, development_settings, running

NOW = datetime(2026, 11, 29, 18, tzinfo=UTC)
ANA = "34600111222"


async def lived(folder: Path, *messages: tuple[str, str]) -> Path:
    """The state file of a tenant to whom these (contact, text) were said."""
    async with running(development_settings(folder)) as started:
        for number, (contact, words) in enumerate(messages):
            await say(started, f"m{number}", words, contact)
    return folder / "state" / STATE_FILE


def contacts(file: Path) -> set[str]:
    connection = sqlite3.connect(file)
    found = {row[0] for row in connection.execute("SELECT contact_id FROM conversation")}
    connection.close()
    return found


async def test_a_copy_takes_the_place_of_what_came_after_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = await lived(tmp_path, (ANA, "hello"))
    folder, copy = str(file.parent), tmp_path / "copy.sqlite3"
    assert main(["backup", "--state-dir", folder, str(copy)], {}) == EXIT_OK
    await lived(tmp_path, ("34600999888", "later"))
    capsys.readouterr()
    assert main(["restore", "--state-dir", folder, str(copy)], {}) == EXIT_OK
    told = json.loads(capsys.readouterr().out)
    assert contacts(file) == {ANA}
    assert contacts(Path(told["aside"])) == {ANA, "34600999888"}
    assert file.stat().st_mode & 0o777 == 0o600
    assert main(["inspect"], {"STATE_DIR": folder}) == EXIT_OK
    assert json.loads(capsys.readouterr().out)["rows"]["conversation"] == 1


async def test_a_running_tenant_makes_its_copy_itself_and_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = development_settings(tmp_path)
    folder, copy = str(tmp_path / "state"), tmp_path / "copy.sqlite3"
    async with open_runtime(settings) as runtime, LoopbackServer(runtime.asgi) as server:
        leave_endpoint(runtime.folder, server.url)
        assert await asyncio.to_thread(main, ["backup", "--state-dir", folder, str(copy)], {}) == EXIT_OK
        assert await asyncio.to_thread(main, ["inspect", "--state-dir", folder], {}) == EXIT_OK
        assert await asyncio.to_thread(main, ["backup", "--state-dir", folder, str(copy)], {}) == EXIT_FAILED
        assert await asyncio.to_thread(main, ["restore", "--state-dir", folder, str(copy)], {}) == EXIT_IN_USE
    assert "is running" in capsys.readouterr().err
    verify(copy, "toy")


async def test_who_was_erased_after_the_copy_does_not_come_back(tmp_path: Path) -> None:
    file = await lived(tmp_path, (ANA, "my secret wish"), ("34600999888", "hello"))
    copy = tmp_path / "copy.sqlite3"
    assert main(["backup", "--state-dir", str(file.parent), str(copy)], {}) == EXIT_OK
    store = SQLiteStateStore(file)
    await store.open()
    ErasureList(file.parent / FILE_NAME, await pepper_of(store.values)).add(ContactKey("http_dev", ANA), NOW)
    await store.close()
    assert restore(copy, file, at=NOW).erased == 1
    assert contacts(file) == {"34600999888"}
    assert b"my secret wish" not in file.read_bytes()
    assert not file.with_name(file.name + "-wal").exists()


async def keeps(file: Path, *pictures: tuple[str, bytes]) -> dict[str, str]:
    """Files that these contacts sent and the tenant keeps: contact → name in the folder."""
    folder, store = MediaFolder(file.parent / FOLDER_NAME), SQLiteStateStore(file)
    names = {contact: folder.write(content) for contact, content in pictures}
    await store.open()
    for contact, content in pictures:
        wanted = WantedFile(ContactKey("http_dev", contact), f"media-{contact}", "m", "image/jpeg", "")
        await store.media.want(wanted, at=NOW)
        await store.media.keep(wanted, names[contact], len(content))
    await store.close()
    return names


async def test_customers_files_go_along_and_come_back_except_those_of_the_erased(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = await lived(tmp_path, (ANA, "hello"), ("34600999888", "hello"))
    names = await keeps(file, (ANA, b"her picture"), ("34600999888", b"his picture"))
    media, copy = file.parent / FOLDER_NAME, tmp_path / "copy.sqlite3"
    (media / ("0" * 64)).write_bytes(b"of nobody any more")
    assert main(["backup", "--state-dir", str(file.parent), str(copy)], {}) == EXIT_OK
    assert json.loads(capsys.readouterr().out)["media_files"] == 2
    assert b"of nobody any more" not in copy.read_bytes()
    elsewhere = tmp_path / "elsewhere" / STATE_FILE
    elsewhere.parent.mkdir()
    store = SQLiteStateStore(file)
    await store.open()
    ErasureList(elsewhere.with_name(FILE_NAME), await pepper_of(store.values)).add(ContactKey("http_dev", ANA), NOW)
    await store.close()
    assert restore(copy, elsewhere, at=NOW).media == 1
    found = elsewhere.parent / FOLDER_NAME
    assert {each.name: each.read_bytes() for each in found.iterdir()} == {names["34600999888"]: b"his picture"}
    assert b"her picture" not in elsewhere.read_bytes()
    assert b"his picture" not in elsewhere.read_bytes()  # it lies in the folder, as before


async def test_a_file_that_was_swept_meanwhile_is_left_out(tmp_path: Path) -> None:
    file = await lived(tmp_path, (ANA, "hello"))
    names = await keeps(file, (ANA, b"her picture"))
    (file.parent / FOLDER_NAME / names[ANA]).unlink()
    copy = tmp_path / "copy.sqlite3"
    assert back_up(file, copy, media=MediaFolder(file.parent / FOLDER_NAME)).media == 0
    assert restore(copy, file, at=NOW).media == 0


async def test_after_a_restore_calendars_are_read_whole(tmp_path: Path) -> None:
    file = await lived(tmp_path, (ANA, "hello"))
    store = SQLiteStateStore(file)
    await store.open()
    await store.connectors.sync.set("calendar.shop", "token")
    await store.values.set("something.else", b"kept")
    await store.close()
    copy = tmp_path / "copy.sqlite3"
    assert main(["backup", "--state-dir", str(file.parent), str(copy)], {}) == EXIT_OK
    restore(copy, file, at=NOW)
    await store.open()
    assert await store.connectors.sync.get("calendar.shop") is None
    assert await store.values.get("something.else") == b"kept"
    await store.close()


async def test_a_restored_state_does_not_begin_the_copy_again_during_which_it_was_made(tmp_path: Path) -> None:
    file = await lived(tmp_path, (ANA, "hello"))
    connection = sqlite3.connect(file)
    for number, (kind, state) in enumerate(
        [("backup", "begun"), ("backup", "received"), ("backup", "done"), ("erase_contact", "begun")]
    ):
        row = (f"c{number}", kind, "{}", 0, 0, state)
        connection.execute(
            "INSERT INTO command (id, kind, payload, issued_at, received_at, state) VALUES (?, ?, ?, ?, ?, ?)", row
        )
    connection.commit()
    connection.close()
    back_up(file, tmp_path / "copy.sqlite3")
    restore(tmp_path / "copy.sqlite3", file, at=NOW)
    connection = sqlite3.connect(file)
    left = connection.execute("SELECT kind, state FROM command ORDER BY id").fetchall()
    connection.close()
    assert left == [("backup", "done"), ("erase_contact", "begun")]


async def test_who_read_on_after_the_copy_hears_what_is_said_after_the_restore(tmp_path: Path) -> None:
    file = await lived(tmp_path, (ANA, "hello"))
    copy = tmp_path / "copy.sqlite3"
    assert main(["backup", "--state-dir", str(file.parent), str(copy)], {}) == EXIT_OK
    await she_says(tmp_path, "later", "and later")
    last_heard = (await said(file, after=0))[-1].cursor
    for number in range(2):  # whoever restores twice has pages open from in between, too
        restore(copy, file, at=NOW)
        assert await said(file, after=last_heard) == []
        await she_says(tmp_path, f"after {number}")
        (answer,) = await said(file, after=last_heard)
        last_heard = answer.cursor
        back_up(file, copy := tmp_path / f"{last_heard}.sqlite3")
    assert last_heard < 2**53


async def she_says(folder: Path, *message_ids: str) -> None:
    async with running(development_settings(folder)) as started:
        for message_id in message_ids:
            await say(started, message_id, "hello", ANA)


async def said(file: Path, *, after: int) -> list[OutgoingMessage]:
    """What a page that is open gets when it asks for what came after its last message."""
    store = SQLiteStateStore(file)
    await store.open()
    found = await store.outbox.list("http_dev", ANA, after)
    await store.close()
    return list(found)


async def test_another_tenants_copy_and_a_damaged_one_are_refused_and_change_nothing(tmp_path: Path) -> None:
    file = await lived(tmp_path, (ANA, "hello"))
    before = file.read_bytes()
    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_bytes(before[:4096] + b"\xff" * 4096 + before[8192:])
    foreign = tmp_path / "foreign.sqlite3"
    foreign.write_bytes(before)
    connection = sqlite3.connect(foreign)
    connection.execute("UPDATE runtime_state SET value = CAST('sol' AS BLOB) WHERE key = 'tenant.id'")
    connection.commit()
    connection.close()
    nothing = tmp_path / "nothing.sqlite3"
    nothing.write_bytes(b"no database at all" * 100)
    for copy in (damaged, foreign, nothing, tmp_path / "missing"):
        with pytest.raises(StoreError):
            restore(copy, file, at=NOW)
    assert file.read_bytes() == before
    assert not list(file.parent.glob("*before*"))


@pytest.mark.parametrize("offset", [0, 16, 4096, 12288])
async def test_a_damaged_state_is_not_started_on_and_not_touched(tmp_path: Path, offset: int) -> None:
    file = await lived(tmp_path, (ANA, "hello"))
    content = bytearray(file.read_bytes())
    content[offset : offset + 512] = b"\xa5" * 512
    file.write_bytes(content)
    store = SQLiteStateStore(file, tenant="toy")
    with pytest.raises(StoreDamagedError):
        await store.open()
    assert file.read_bytes() == bytes(content)


async def test_another_tenants_state_is_not_started_on(tmp_path: Path) -> None:
    file = await lived(tmp_path, (ANA, "hello"))
    with pytest.raises(StoreDamagedError, match="belongs to tenant 'toy'"):
        await SQLiteStateStore(file, tenant="sol").open()


def test_without_a_folder_or_a_state_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect"], {}) == EXIT_USAGE
    assert main(["inspect"], {"STATE_DIR": str(tmp_path)}) == EXIT_FAILED
    assert "there is no state" in capsys.readouterr().err


async def test_a_copy_is_made_while_messages_come_in(tmp_path: Path) -> None:
    async with running(development_settings(tmp_path)) as started:
        await _copied_among_messages(started, tmp_path)


async def _copied_among_messages(started: Running, folder: Path) -> None:
    token = (folder / "state/internal.token").read_text(encoding="utf-8")
    headers = {"Authorization": f"Bearer {token}"}

    async def write() -> None:
        for number in range(30):
            body = {"id": f"w{number}", "contact_id": ANA, "text": "hello"}
            assert (await started.http.post("/inbound", json=body)).status_code == 202

    async def copy() -> None:
        for number in range(5):
            target = folder / f"copy{number}.sqlite3"
            made = await started.http.post("/internal/backup", json={"path": str(target)}, headers=headers)
            assert made.status_code == 200, made.text
            verify(target, "toy")

    await asyncio.gather(write(), copy())
