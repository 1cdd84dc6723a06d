"""Handing over and erasing a contact: everything there is, and afterwards nothing, in any file."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from runtime.media.folder import FOLDER_NAME, MediaFolder
from runtime.ports.inbox_store import ContactKey
from runtime.ports.media_store import WantedFile
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.erasure import tables_of
from tests.runtime.control_plane_server import ControlPlaneServer, heard, linked, say, until

CONTACT, OTHER = "34600111222", "34600999888"
CANARY = "my secret wish"

SPEAKS_OF_NOBODY = {
    "command": "its payload is emptied at the end, and by the erasure before that",
    "delivery_status": "goes with the messages it speaks of",
    "erased_message": "keyed hashes",
    "llm_mark": "shares of a month's quota",
    "llm_reservation": "keyed by the decision to ask",
    "llm_usage": "tokens by month",
    "raw_inbound": "bodies are searched for the contact's id",
    "runtime_state": "what the runtime knows of itself",
    "telemetry_count": "counts by names of the flow",
    "upload": "hashes of the business's own files",
}
"""Tables without a column contact_id, and why an erasure covers them all the same."""


@pytest.fixture
def plane() -> ControlPlaneServer:
    return ControlPlaneServer()


def files_that_hold(folder: Path, words: str) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.is_file() and words.encode() in file.read_bytes()]


async def test_an_erased_contact_is_nowhere_and_her_messages_are_not_taken_for_new_ones(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    state = tmp_path / "state"
    async with linked(tmp_path, plane) as started:
        await say(started, "m1", CANARY)
        await say(started, "m2", "hello", OTHER)
        await until(lambda: len(plane.entries("turns")) == 2)
        assert files_that_hold(state, CONTACT)
        plane.send("erase_contact", "c1", contact=CONTACT)
        result = (await plane.result("c1"))["result"]
        assert isinstance(result, dict)
        assert (result["remaining"], result["hashed_ids"]) == (0, 1)
        rows = result["rows"]
        assert isinstance(rows, dict)
        assert {"conversation", "inbox", "outbox", "step", "pseudonym"} <= rows.keys()
        assert files_that_hold(state, CONTACT) == []
        assert files_that_hold(state, CANARY) == []
        again = await started.http.post("/inbound", json={"id": "m1", "contact_id": CONTACT, "text": CANARY})
        assert again.json()["duplicate"] is True
        assert await heard(started, CONTACT) == []
        assert len(await heard(started, OTHER)) == 1
        plane.send("erase_contact", "c2", contact=CONTACT)
        assert (await plane.result("c2"))["detail"] == "Nothing is held of this contact."
        await say(started, "m3", "I am back")
        assert len(await heard(started, CONTACT)) == 1


async def test_an_export_holds_what_was_said_and_nobody_else(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await say(started, "m1", CANARY)
        await say(started, "m2", "somebody else's words", OTHER)
        plane.send("export_contact", "c1", contact=CONTACT)
        result = (await plane.result("c1"))["result"]
    assert isinstance(result, dict)
    archive = zipfile.ZipFile(io.BytesIO(plane.uploads["c1"]))
    assert result["bytes"] == len(plane.uploads["c1"])
    texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert CANARY in texts["inbox.json"]
    assert "Welcome to Luna" in texts["outbox.json"]
    assert json.loads(texts["conversation.json"])[0]["snapshot"]["state"] == "MENU"
    assert not [name for name, text in texts.items() if OTHER in text or "somebody else" in text]


async def keep_file(folder: Path, store: SQLiteStateStore, media_id: str, mime_type: str, content: bytes) -> str:
    """As the keeper does it once the channel has handed the file over."""
    file = WantedFile(ContactKey("http_dev", OTHER if media_id == "others" else CONTACT), media_id, "m1", mime_type)
    await store.media.want(file, at=datetime(2026, 3, 2, tzinfo=UTC))
    name = MediaFolder(folder / "state" / FOLDER_NAME).write(content)
    await store.media.keep(file, name, len(content))
    return name


async def test_an_export_holds_the_customers_own_files_and_says_which_had_no_room(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    photo, page, heavy = b"\xff\xd8\xff photo", b"<script>", b"\0" * 16_000_000
    async with linked(tmp_path, plane) as started:
        await say(started, "m1", CANARY)
        store = started.runtime.store
        names = [
            await keep_file(tmp_path, store, "a", "image/jpeg", photo),
            await keep_file(tmp_path, store, "b", "text/html; charset=utf-8", page),
            await keep_file(tmp_path, store, "c", "video/mp4", heavy),
            await keep_file(tmp_path, store, "d", "image/jpeg", photo),
            await keep_file(tmp_path, store, "others", "image/png", b"somebody else's"),
        ]
        plane.send("export_contact", "c1", contact=CONTACT)
        told = await plane.result("c1")
    archive = zipfile.ZipFile(io.BytesIO(plane.uploads["c1"]))
    media = {name: archive.read(name) for name in archive.namelist() if name.startswith("media/")}
    assert media == {f"media/{names[0]}.jpg": photo, f"media/{names[1]}": page}
    assert told["detail"] == "1 of the customer's own files had no room; they lie in media/ of the runtime."
    result = told["result"]
    assert isinstance(result, dict)
    assert result["files"] == len(archive.namelist())
    assert len(json.loads(archive.read("media_file.json"))) == 4


async def test_every_table_is_covered_by_an_erasure(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        connection = sqlite3.connect(started.runtime.store.path)
        tables = {
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
            )
        }
        by_contact = {table for table, _ in tables_of(connection)} | {"consent"}
        connection.close()
    assert tables - by_contact == SPEAKS_OF_NOBODY.keys()


async def test_what_names_her_in_passing_goes_too(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        await started.runtime.core.inbox.keep_raw("http_dev", f"{{from: {CONTACT}".encode(), "malformed")
        erased = await started.runtime.store.contact_data.erase(ContactKey("http_dev", CONTACT))
    assert (erased.rows["raw_inbound"], erased.remaining) == (1, 0)
