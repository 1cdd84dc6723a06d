"""The command ``backup``: a copy that stays here, and one that is handed over."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import tarfile
from pathlib import Path

import pytest

from flow_engine.vocabulary import JSONObject
from runtime.maintenance.erasure_list import FILE_NAME
from runtime.maintenance.restore import verify
from runtime.media.folder import FOLDER_NAME, MediaFolder
from runtime.ports.inbox_store import ContactKey
from runtime.ports.media_store import WantedFile
from tests.runtime.control_plane_server import ControlPlaneServer, linked, say

CONTACT, OTHER = "34600111222", "34600999888"


@pytest.fixture
def plane() -> ControlPlaneServer:
    return ControlPlaneServer()


def result_of(told: JSONObject) -> JSONObject:
    result = told["result"]
    assert isinstance(result, dict), told
    return result


async def test_a_copy_that_stays_here_is_a_whole_state_file(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        plane.send("backup", "c1")
        result = result_of(await plane.result("c1"))
    copy = tmp_path / "state/backups" / str(result["file"])
    assert copy.stat().st_mode & 0o777 == 0o600
    verify(copy, "luna")
    assert plane.copies == {}


async def test_a_copy_that_is_handed_over_has_all_that_a_restore_needs_and_stays_nowhere(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    state = tmp_path / "state"
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        await say(started, "m2", contact=OTHER)
        name = MediaFolder(state / FOLDER_NAME).write(b"her picture")
        media = started.runtime.store.media
        wanted = WantedFile(ContactKey("http_dev", CONTACT), "media-a", "m1", "image/jpeg", "")
        await media.want(wanted, at=started.runtime.core.clock.now())
        await media.keep(wanted, name, len(b"her picture"))
        plane.send("erase_contact", "c1", contact=OTHER)
        await plane.result("c1")
        plane.send("backup", "c2", upload="a:ticket of signs")
        result = result_of(await plane.result("c2"))
    assert (result["handed_over"], result["media_files"]) == (True, 1)
    with tarfile.open(fileobj=io.BytesIO(plane.copies["a:ticket of signs"])) as archive:
        assert archive.getnames() == ["state.sqlite3", FILE_NAME]
        archive.extractall(tmp_path / "copy", filter="data")
    assert (tmp_path / "copy" / FILE_NAME).read_bytes() == (state / FILE_NAME).read_bytes()
    copy = tmp_path / "copy/state.sqlite3"
    verify(copy, "luna")
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT DISTINCT contact_id FROM inbox").fetchall() == [(CONTACT,)]
        assert connection.execute("SELECT content FROM copied_media").fetchall() == [(b"her picture",)]
    connection.close()
    assert not (state / "backups").exists()
    assert not list(state.glob("travelling-*"))


REFUSALS = {
    404: "upload_failed: The control plane asked for no such copy, or it was too long ago; ask again.",
    413: "upload_failed: The copy is larger than the control plane takes (2 GiB).",
    503: "upload_failed: The control plane has no place for copies now; see FLEET_BACKUPS and its log.",
}


@pytest.mark.parametrize("status", REFUSALS)
async def test_a_copy_that_is_not_taken_is_told_and_leaves_nothing_behind(
    status: int, tmp_path: Path, plane: ControlPlaneServer
) -> None:
    plane.copy_status = status
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        plane.send("backup", "c1", upload="ticket")
        told = await plane.result("c1")
    assert (told["status"], told["detail"]) == ("failed", REFUSALS[status])
    assert plane.copies == {}
    assert not list((tmp_path / "state").glob("travelling-*"))


async def test_what_is_no_ticket_is_refused(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane):
        plane.send("backup", "c1", upload=True)
        told = await plane.result("c1")
    assert (told["status"], told["detail"]) == (
        "refused",
        "bad_payload: upload must be a ticket of this control plane.",
    )
    assert plane.copies == {}


async def test_two_copies_at_once_are_made_one_after_the_other(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        for number in range(3):
            plane.send("backup", f"c{number}", upload=f"t{number}")
        told = await asyncio.gather(*(plane.result(f"c{number}") for number in range(3)))
    assert [result["status"] for result in told] == ["done"] * 3
    assert set(plane.copies) == {"t0", "t1", "t2"}


async def test_what_a_killed_process_left_of_a_copy_is_removed_by_the_next(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    left = tmp_path / "state/travelling-killed"
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        left.mkdir()
        (left / "copy.tar.gz").write_bytes(b"half of it")
        plane.send("backup", "c1", upload="ticket")
        assert (await plane.result("c1"))["status"] == "done"
    assert not left.exists()
