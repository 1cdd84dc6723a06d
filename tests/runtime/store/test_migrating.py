"""An older file is brought up to date with a copy to go back to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.clock import ManualClock
from flow_engine.bundle.retention import Retention
from flow_engine.conversation_codec import encode_state
from flow_engine.outputs.codec import encode_output
from flow_engine.outputs.output import Text
from runtime.errors import StoreUnavailableError
from runtime.maintenance.housekeeping import Housekeeping
from runtime.maintenance.restore import restore
from runtime.store.event_codec import encode_event, encode_json
from runtime.store.instants import to_micros
from runtime.store.sqlite import SQLiteStateStore, schema
from runtime.store.sqlite.migration_copy import KEPT_FOR
from tests.runtime.store.samples import ANA, BRUNO, CHANNEL, NOW, message, state

SCRIPTS = sorted(schema.MIGRATIONS.glob("*.sql"))
LAST = len(SCRIPTS)
LONGEST_START_S = 30  # of a Python that imports the store on a busy machine
AT = to_micros(NOW)
NAME = f"{NOW:%Y%m%dT%H%M%SZ}"


def older_file(path: Path, version: int) -> None:
    """As a runtime of the schema's first version filled it and one of ``version`` left it."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for number, script in enumerate(SCRIPTS[:version], start=1):
            connection.executescript(
                f"BEGIN;{script.read_text(encoding='utf-8')};"
                f"PRAGMA application_id = {schema.APPLICATION_ID};PRAGMA user_version = {number};COMMIT;"
            )
            if number == 1:
                fill(connection)


def fill(connection: sqlite3.Connection) -> None:
    for contact in (ANA, BRUNO):
        who = contact.contact_id
        kind, event = encode_event(message(f"in-{who}", contact).message)
        connection.execute(
            "INSERT INTO inbox (channel_id, kind, message_id, profile, contact_id, event, received_at)"
            " VALUES (?, ?, ?, 'http_dev', ?, ?, ?)",
            (CHANNEL, kind, f"in-{who}", who, event, AT),
        )
        connection.execute(
            "INSERT INTO conversation VALUES (?, ?, ?, ?, 3, ?)",
            (CHANNEL, who, f"conv-{who}", encode_json(encode_state(state(contact))), AT),
        )
        connection.execute(
            "INSERT INTO outbox (id, channel_id, contact_id, output, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
            (f"{who}:hola", CHANNEL, who, encode_json(encode_output(Text("hola"))), AT, AT),
        )
        connection.execute(
            "INSERT INTO scheduled_task (channel_id, contact_id, profile, idempotency_key, task, data, timezone,"
            " due_at, updated_at) VALUES (?, ?, 'http_dev', 'k', 'reminder', '{}', 'UTC', ?, ?)",
            (CHANNEL, who, AT, AT),
        )
    connection.execute("INSERT INTO llm_usage VALUES ('2026-03', 1200)")
    connection.execute("INSERT INTO runtime_state VALUES ('tenant.id', CAST('luna' AS BLOB))")
    connection.commit()


def version_of(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def contacts_in(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return [name for (name,) in connection.execute("SELECT contact_id FROM conversation ORDER BY contact_id")]


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "backups").glob("*"))


async def opened(path: Path, at: datetime = NOW) -> None:
    store = SQLiteStateStore(path, ManualClock(at), tenant="luna")
    await store.open()
    await store.close()


@pytest.mark.parametrize("version", [1, LAST - 1])
async def test_an_older_file_is_migrated_with_everything_in_it_and_lies_copied_beside(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "state.sqlite3"
    older_file(path, version)
    store = SQLiteStateStore(path, ManualClock(NOW), tenant="luna")
    await store.open()
    counts = await store.counts()
    assert (counts.inbox_open, counts.outbox_open, counts.tasks_scheduled) == (2, 2, 2)
    assert await store.conversations.load(ANA) == state(ANA)
    assert set(await store.outbox.contacts_waiting()) == {ANA, BRUNO}
    assert [said.output for said in await store.outbox.list(CHANNEL, "bruno")] == [Text("hola")]
    assert await store.tasks.next_due() == NOW
    assert set(await store.inbox.contacts_waiting()) == {ANA, BRUNO}
    await store.close()
    assert version_of(path) == LAST
    copy = tmp_path / "backups" / f"schema-{version:04}-{NAME}.sqlite3"
    assert copies(tmp_path) == [copy.name]
    assert (version_of(copy), contacts_in(copy), copy.stat().st_mode & 0o777) == (version, ["ana", "bruno"], 0o600)


async def test_a_copy_from_before_the_upgrade_goes_back_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite3"
    older_file(path, LAST - 1)
    await opened(path)
    restore(tmp_path / "backups" / copies(tmp_path)[0], path, at=NOW, tenant="luna")
    assert contacts_in(path) == ["ana", "bruno"]


async def test_neither_a_new_file_nor_one_that_is_up_to_date_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite3"
    await opened(path)
    await opened(path)
    assert not (tmp_path / "backups").exists()


def test_a_migration_that_is_killed_half_way_leaves_the_old_file_and_the_next_start_goes_on(
    tmp_path: Path,
) -> None:
    path = tmp_path / "state.sqlite3"
    older_file(path, LAST - 1)
    scripts = tmp_path / "scripts"
    shutil.copytree(schema.MIGRATIONS, scripts)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    endless = f"DELETE FROM conversation; {numbers} SELECT count(*) FROM n;"  # noqa: S608 - constants above
    (scripts / SCRIPTS[-1].name).write_text(endless, encoding="utf-8")
    program = (
        "import asyncio, datetime, pathlib, sys\n"
        "from connectors.clock import ManualClock\n"
        "from runtime.store.sqlite import SQLiteStateStore, schema\n"
        "schema.MIGRATIONS = pathlib.Path(sys.argv[2])\n"
        "clock = ManualClock(datetime.datetime.fromisoformat(sys.argv[3]))\n"
        "asyncio.run(SQLiteStateStore(pathlib.Path(sys.argv[1]), clock, tenant='luna').open())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path), str(scripts), NOW.isoformat()]) as process:
        for _ in range(LONGEST_START_S * 50):
            if process.poll() is not None or any(name.endswith(".sqlite3") for name in copies(tmp_path)):
                break
            time.sleep(0.02)
        time.sleep(0.2)  # into the script; wherever the kill falls, what follows holds
        process.send_signal(signal.SIGKILL)
    assert (version_of(path), contacts_in(path)) == (LAST - 1, ["ana", "bruno"])
    assert copies(tmp_path) == [f"schema-{LAST - 1:04}-{NAME}.sqlite3"]
    asyncio.run(opened(path, NOW + timedelta(minutes=1)))
    assert (version_of(path), contacts_in(path)) == (LAST, ["ana", "bruno"])
    assert copies(tmp_path) == [f"schema-{LAST - 1:04}-20260302T093100Z.sqlite3"], "one of a version"


async def test_a_script_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.sqlite3"
    older_file(path, LAST - 1)
    scripts = tmp_path / "scripts"
    shutil.copytree(schema.MIGRATIONS, scripts)
    (scripts / SCRIPTS[-1].name).write_text("DELETE FROM conversation;\nDROP TABLE nowhere;", encoding="utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(schema, "MIGRATIONS", scripts)
        for _ in range(4):
            with pytest.raises(StoreUnavailableError, match="no such table: nowhere"):
                await opened(path)
    assert (version_of(path), contacts_in(path)) == (LAST - 1, ["ana", "bruno"])
    assert copies(tmp_path) == [f"schema-{LAST - 1:04}-{NAME}.sqlite3"]


async def test_the_last_two_versions_are_kept_and_copies_by_command_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite3"
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups/20260101T000000000000Z.sqlite3").touch()
    for number, version in enumerate((1, 5, 9)):
        path.unlink(missing_ok=True)
        older_file(path, version)
        await opened(path, NOW + timedelta(days=number))
    kept = [name.partition("-2026")[0] for name in copies(tmp_path)]
    assert kept == ["20260101T000000000000Z.sqlite3", "schema-0005", "schema-0009"]


async def test_housekeeping_removes_a_copy_when_it_is_old(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite3"
    older_file(path, LAST - 1)
    clock = ManualClock(NOW)
    store = SQLiteStateStore(path, clock, tenant="luna")
    await store.open()
    house = Housekeeping(store.retention, clock, Retention)
    clock.advance(KEPT_FOR.total_seconds() - 1)
    await house.once()
    assert len(copies(tmp_path)) == 1
    clock.advance(1)
    await house.once()
    await store.close()
    assert copies(tmp_path) == []


def moved_aside(folder: Path) -> list[Path]:
    return list(folder.glob("*.before-*"))


OLD_COPIES = {
    "backups/20260101T115959000000Z.sqlite3": True,
    "backups/20260101T115959000000Z.sqlite3.unfinished": True,
    "backups/20260101T120000000000Z.sqlite3": False,
    "backups/99999999T999999999999Z.sqlite3": False,
    "backups/taken-away-by-hand.sqlite3": False,
    "state.sqlite3.before-20260101T115959Z": True,
    "state.sqlite3.before-20260101T115959Z-wal": True,
    "state.sqlite3.before-20260101T115959Z-shm": True,
    "state.sqlite3.before-20260101T120000Z": False,
    "state.sqlite3.before-yesterday": False,
    "other.sqlite3.before-20260101T115959Z": False,
}
"""What lies beside a state at noon on the 31st of January, and whether thirty days are over."""


async def test_copies_by_command_and_what_a_restore_moved_aside_go_by_their_age(tmp_path: Path) -> None:
    clock = ManualClock(datetime(2026, 1, 31, 12, tzinfo=UTC))
    store = SQLiteStateStore(tmp_path / "state.sqlite3", clock, tenant="luna")
    await store.open()
    (tmp_path / "backups").mkdir()
    for name in OLD_COPIES:
        (tmp_path / name).touch()
    await Housekeeping(store.retention, clock, Retention).once()
    await store.close()
    assert {name for name in OLD_COPIES if not (tmp_path / name).exists()} == {
        name for name, is_old in OLD_COPIES.items() if is_old
    }


@pytest.mark.parametrize(("days", "left"), [(3, []), (14, ["schema"]), (30, ["schema"])])
async def test_a_release_says_how_long_and_schema_copies_stay_no_longer_for_it(
    tmp_path: Path, days: int, left: list[str]
) -> None:
    path = tmp_path / "state.sqlite3"
    older_file(path, LAST - 1)
    clock = ManualClock(NOW)
    store = SQLiteStateStore(path, clock, tenant="luna")
    await store.open()
    (tmp_path / f"state.sqlite3.before-{NOW:%Y%m%dT%H%M%SZ}").touch()
    house = Housekeeping(store.retention, clock, lambda: Retention(copies_days=days))
    clock.advance(timedelta(days=3, seconds=1).total_seconds())
    await house.once()
    assert [name.partition("-")[0] for name in copies(tmp_path)] == left
    assert len(moved_aside(tmp_path)) == len(left)
    clock.advance(timedelta(days=11).total_seconds())
    await house.once()
    await store.close()
    assert copies(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can be mounted by root alone")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_without_room_for_a_copy_nothing_is_migrated_and_it_is_said(small_disk: Path) -> None:
    path = small_disk / "state.sqlite3"
    older_file(path, LAST - 1)
    filler = small_disk / "filler"
    filler.write_bytes(b"\0" * (shutil.disk_usage(small_disk).free - 128 * 1024))
    with pytest.raises(
        StoreUnavailableError, match=rf"schema version {LAST - 1} .* wants [\d,]+ bytes in .*backups.* make room"
    ):
        await opened(path)
    assert (version_of(path), contacts_in(path), copies(small_disk)) == (LAST - 1, ["ana", "bruno"], [])
    filler.unlink()
    await opened(path)
    assert (version_of(path), len(copies(small_disk))) == (LAST, 1)
