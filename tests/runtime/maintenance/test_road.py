"""``python -m runtime backup --hand-over`` and ``restore --fetch``: a stopped tenant's copy, there and back."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
import tarfile
from pathlib import Path

import pytest

from runtime.maintenance.command_line import EXIT_FAILED, EXIT_IN_USE, EXIT_OK, main
from runtime.maintenance.erasure_list import FILE_NAME, ErasureList
from runtime.ports.inbox_store import ContactKey
from runtime.privacy import pepper_of
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.state_store import STATE_FILE
from tests.fakes.loopback import LoopbackServer
from tests.runtime.bundles.bundle_line import write_trust
from tests.runtime.control_plane_server import ControlPlaneServer, linked, say
from tests.runtime.maintenance.test_copies import NOW, contacts

ANA, BEA, EVA = "34600111222", "34600999888", "34600777666"


class Tenant:
    """Stopped, with a folder of its own, the files of its secrets and a control plane."""

    def __init__(self, folder: Path, url: str) -> None:
        self.state = folder / "state"
        self._environment = {
            "CONTROL_PLANE_URL": url,
            "TENANT_ID": "luna",
            "RUNTIME_TOKEN_FILE": str(folder / "token"),
            "TENANT_FERNET_KEYS_FILE": str(folder / "fernet"),
            "BUNDLE_PUBLIC_KEYS_FILE": str(folder / "keys.json"),
            "STATE_DIR": str(self.state),
        }

    async def does(self, *arguments: str) -> int:
        return await asyncio.to_thread(main, arguments, self._environment)

    async def erased(self, contact: str) -> None:
        """As the runtime notes it before it erases anything."""
        store = SQLiteStateStore(self.state / STATE_FILE)
        await store.open()
        pepper = await pepper_of(store.values)
        await store.close()
        ErasureList(self.state / FILE_NAME, pepper).add(ContactKey("http_dev", contact), NOW)


@pytest.fixture
def plane() -> ControlPlaneServer:
    return ControlPlaneServer()


def new_home(folder: Path) -> Path:
    folder.mkdir()
    write_trust(folder)
    return folder


def left_over(folder: Path) -> list[str]:
    """What a copy needs on its way, and the state that was there before."""
    return [path.name for pattern in ("travelling-*", "*before*") for path in folder.rglob(pattern)]


async def lived(folder: Path, plane: ControlPlaneServer, *who: str) -> None:
    async with linked(folder, plane) as started:
        for contact in who:
            await say(started, f"m-{contact}", contact=contact)


async def test_a_stopped_tenants_copy_goes_out_and_comes_back_elsewhere(
    tmp_path: Path, plane: ControlPlaneServer, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = new_home(tmp_path / "here"), new_home(tmp_path / "there")
    await lived(here, plane, ANA, BEA)
    async with LoopbackServer(plane.app()) as server:
        assert await Tenant(here, server.url).does("backup", "--hand-over", "t1") == EXIT_OK
        assert json.loads(capsys.readouterr().out)["handed_over"] is True
        assert await Tenant(there, server.url).does("restore", "--fetch", "t1") == EXIT_OK
    told = json.loads(capsys.readouterr().out)
    assert (told["aside"], told["erased_again"]) == (None, 0)
    assert contacts(there / "state" / STATE_FILE) == {ANA, BEA}
    assert left_over(tmp_path) == []


async def test_nobody_comes_back_who_stands_in_the_list_of_the_copy_or_of_the_volume(
    tmp_path: Path, plane: ControlPlaneServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await lived(tmp_path, plane, ANA, BEA, EVA)
    async with LoopbackServer(plane.app()) as server:
        tenant = Tenant(tmp_path, server.url)
        await tenant.erased(ANA)  # noted, and the process ended before anything was erased
        assert await tenant.does("backup", "--hand-over", "t1") == EXIT_OK
        (tenant.state / FILE_NAME).unlink()
        await tenant.erased(BEA)
        capsys.readouterr()
        assert await tenant.does("restore", "--fetch", "t1") == EXIT_OK
    assert json.loads(capsys.readouterr().out)["erased_again"] == 2
    assert contacts(tenant.state / STATE_FILE) == {EVA}
    assert len((tenant.state / FILE_NAME).read_text().splitlines()) == 2


async def test_a_running_tenant_is_neither_copied_nor_replaced_from_beside_it(
    tmp_path: Path, plane: ControlPlaneServer, capsys: pytest.CaptureFixture[str]
) -> None:
    async with linked(tmp_path, plane) as started, LoopbackServer(plane.app()) as server:
        await say(started, "m1")
        for arguments in (("backup", "--hand-over", "t1"), ("restore", "--fetch", "t1")):
            assert await Tenant(tmp_path, server.url).does(*arguments) == EXIT_IN_USE
            assert capsys.readouterr().err == "frontdesk-runtime: this tenant is running; stop it first\n"
    assert plane.copies == {}


def tar(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name.replace("_", "."))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def of_schema(file: Path, version: int) -> bytes:
    changed = file.with_name("changed.sqlite3")
    changed.write_bytes(file.read_bytes())
    with sqlite3.connect(changed) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    return changed.read_bytes()


REFUSALS = {
    "nothing is there": (None, "The control plane asked for no such copy, or it was too long ago; ask again."),
    "no tar": (b"no tar", "the copy cannot be read (ReadError)"),
    "half a tar": (tar(state_sqlite3=b"x" * 9999)[:60], "the copy cannot be read (EOFError)"),
    "no state in it": (tar(other_sqlite3=b""), "what the control plane handed out is no copy of a runtime's state"),
    "more in it": (tar(state_sqlite3=b"", other=b""), "what the control plane handed out is no copy"),
    "no database": (tar(state_sqlite3=b"no database" * 1000), "is damaged: file is not a database"),
    "of a newer version": ("newer", "has schema version 999, this build knows up to"),
}


@pytest.mark.parametrize(("copy", "reason"), REFUSALS.values(), ids=REFUSALS)
async def test_what_cannot_be_restored_is_said_in_one_line_and_nothing_is_lost(
    copy: bytes | str | None,
    reason: str,
    tmp_path: Path,
    plane: ControlPlaneServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await lived(tmp_path, plane, ANA)
    file = tmp_path / "state" / STATE_FILE
    before = file.read_bytes()
    if copy == "newer":
        copy = tar(state_sqlite3=of_schema(file, 999))
    if isinstance(copy, bytes):
        plane.copies["t1"] = copy
    async with LoopbackServer(plane.app()) as server:
        assert await Tenant(tmp_path, server.url).does("restore", "--fetch", "t1") == EXIT_FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert reason in line
    assert file.read_bytes() == before
    assert left_over(tmp_path) == []


async def test_without_a_control_plane_it_says_so(
    tmp_path: Path, plane: ControlPlaneServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await lived(tmp_path, plane, ANA)
    assert await Tenant(tmp_path, "http://127.0.0.1:1").does("backup", "--hand-over", "t1") == EXIT_FAILED
    assert capsys.readouterr().err == "frontdesk-runtime: The control plane cannot be reached (ConnectError).\n"
    development = {"STATE_DIR": str(tmp_path / "state"), "TENANT_CONFIG_PATH": str(tmp_path / "keys.json")}
    assert await asyncio.to_thread(main, ["backup", "--hand-over", "t1"], development) == EXIT_FAILED
    assert "a ticket is for a tenant with a control plane" in capsys.readouterr().err
