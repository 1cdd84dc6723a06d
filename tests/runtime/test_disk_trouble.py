"""A full disk and a locked file: nothing is acknowledged that is not stored, and all is well again by itself."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from runtime.errors import StoreUnavailableError
from runtime.settings import DevelopmentFile, Settings
from tests.runtime.control_plane_server import quiet
from tests.runtime.running import TOY_FLOW, TOY_TENANT, Running, running

ANA = "34600111222"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can be mounted by root alone")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def settings_in(files: Path, state: Path) -> Settings:
    (files / "toy_flow.yaml").write_text(TOY_FLOW, encoding="utf-8")
    (files / "tenant.yaml").write_text(TOY_TENANT, encoding="utf-8")
    return Settings(source=DevelopmentFile(files / "tenant.yaml"), state_dir=state, port=0)


async def say(started: Running, number: int) -> int:
    body = {"id": f"m{number}", "contact_id": ANA, "text": "hello"}
    return (await started.http.post("/inbound", json=body)).status_code


async def test_on_a_full_disk_nothing_is_acknowledged_and_space_is_used_at_once(
    tmp_path: Path, small_disk: Path
) -> None:
    async with running(settings_in(tmp_path, small_disk / "state")) as started:
        assert await say(started, 1) == 202
        await quiet(started)
        filler = small_disk / "filler"
        await asyncio.to_thread(fill, filler)
        number = 2
        while (status := await say(started, number)) == 202 and number < 2000:
            number += 1  # the log has room that was taken before
        assert status == 503
        assert (await started.http.get("/ready")).status_code == 503
        health = (await started.http.get("/health")).json()
        assert "the database cannot be written" in health["reasons"]
        await asyncio.to_thread(filler.unlink)
        assert await say(started, number) == 202
        await quiet(started)
        assert (await started.http.get("/ready")).status_code == 200
        messages = (await started.http.get(f"/messages?contact_id={ANA}")).json()
        assert len(messages) == number


async def ready(started: Running) -> int:
    return (await started.http.get("/ready")).status_code


async def test_a_full_disk_is_found_to_have_room_again_though_nobody_writes(tmp_path: Path, small_disk: Path) -> None:
    async with running(settings_in(tmp_path, small_disk / "state")) as started:
        filler, values = small_disk / "filler", started.runtime.store.values
        await asyncio.to_thread(fill, filler)
        assert await ready(started) == 200, "nothing was written, so nothing is known"
        with pytest.raises(StoreUnavailableError):
            await values.set("test", b"x" * 5_000_000)
        assert await ready(started) == 503
        await values.set("nothing", None)
        assert await ready(started) == 503, "a transaction without a change proves no room"
        await asyncio.to_thread(filler.unlink)
        await until(lambda: ready(started))


async def test_a_file_that_another_program_lets_go_of_is_ready_though_nobody_writes(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, tmp_path / "state")) as started:
        intruder = sqlite3.connect(tmp_path / "state/state.sqlite3", isolation_level=None)
        intruder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError):
            await started.runtime.store.values.set("test", b"x")
        for _ in range(3):
            assert await ready(started) == 503
        intruder.execute("ROLLBACK")
        intruder.close()
        await until(lambda: ready(started))
        assert sorted(await kept(started)) == ["store.probe"]


async def kept(started: Running) -> list[str]:
    """What was written meanwhile."""
    names = ("store.probe", "test")
    return [name for name in names if await started.runtime.store.values.get(name) is not None]


async def until(asked: Callable[[], Awaitable[int]]) -> None:
    """Return when the answer is 200."""
    async with asyncio.timeout(15):
        while await asked() != 200:
            await asyncio.sleep(0.05)


def fill(file: Path) -> None:
    """Take what is free."""
    with file.open("wb", buffering=0) as opened:
        try:
            while opened.write(b"\0" * 4096):
                pass
        except OSError:
            return


async def test_while_another_program_holds_the_file_nothing_is_acknowledged(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, tmp_path / "state")) as started:
        intruder = sqlite3.connect(tmp_path / "state/state.sqlite3", isolation_level=None)
        intruder.execute("BEGIN IMMEDIATE")
        assert await say(started, 1) == 503
        assert (await started.http.get("/ready")).status_code == 503
        intruder.execute("ROLLBACK")
        intruder.close()
        assert await say(started, 1) == 202
        await quiet(started)
        assert (await started.http.get("/ready")).status_code == 200
