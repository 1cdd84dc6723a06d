from __future__ import annotations

import re
import sqlite3
import stat
from pathlib import Path

import pytest

from runtime.errors import StoreDamagedError, StoreError, StoreInUseError, StoreTooNewError, StoreUnavailableError
from runtime.store.sqlite import SQLiteStateStore, claiming, conversations, inbox, outbox
from runtime.store.sqlite.schema import MIGRATIONS
from tests.runtime.store.samples import ANA, NOW, claim, message, say, step

_PARAMETER = r"\?|:\w+"
_SCAN = r"SCAN \w+(;|$)"
"""A walk through a whole table; one through a partial index sees what is open and no more."""


def modes_of_files(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_what_was_committed_is_there_after_opening_the_file_again(tmp_path: Path) -> None:
    first = SQLiteStateStore(tmp_path / "state.db")
    await first.open()
    await say(first, "hola")
    await first.close()
    second = SQLiteStateStore(tmp_path / "state.db")
    await second.open()
    assert await second.conversations.load(ANA) is not None
    assert await second.outbox.contacts_waiting() == [ANA]
    await second.close()
    await second.close()


async def test_only_the_owner_may_read_the_file_and_its_companions(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    await say(store, "hola")
    modes = modes_of_files(tmp_path)
    await store.close()
    assert modes == dict.fromkeys(("state.db", "state.db-wal", "state.db-shm", "state.db.lock"), 0o600)


async def test_closing_folds_the_log_into_the_file(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    await say(store, "hola")
    await store.close()
    assert sorted(modes_of_files(tmp_path)) == ["state.db", "state.db.lock"]


async def test_a_second_opener_is_refused_and_may_come_after_the_first_has_closed(tmp_path: Path) -> None:
    first, second = SQLiteStateStore(tmp_path / "state.db"), SQLiteStateStore(tmp_path / "state.db")
    await first.open()
    with pytest.raises(StoreInUseError, match="in use by another process"):
        await second.open()
    await say(first, "still works")
    await first.close()
    await second.open()
    await second.close()


async def test_a_file_from_a_newer_build_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    store = SQLiteStateStore(path)
    await store.open()
    await store.close()
    newer = len(list(MIGRATIONS.glob("*.sql"))) + 1
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {newer}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNewError, match=f"schema version {newer}"):
        await SQLiteStateStore(path).open()
    assert path.read_bytes() == before
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {newer - 1}")
    connection.close()
    await store.open()
    await store.close()


async def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "state.db") as connection:
        connection.execute("PRAGMA application_id = 7")
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        await SQLiteStateStore(tmp_path / "state.db").open()


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to look like one" * 4])
async def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(content)
    with pytest.raises(StoreDamagedError, match="is damaged"):
        await SQLiteStateStore(path).open()
    assert path.read_bytes() == content


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="missing"):
        await SQLiteStateStore(tmp_path / "missing" / "state.db").open()


async def test_every_migration_runs_on_an_empty_file_and_the_file_knows_its_version(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    await store.close()
    connection = sqlite3.connect(tmp_path / "state.db")
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(list(MIGRATIONS.glob("*.sql")))
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    assert {name for name, strict in tables if not strict and not name.startswith("sqlite_")} == set()
    connection.close()


async def test_a_turn_finds_its_rows_without_scanning_a_table(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    await store.inbox.accept([message("m1")], NOW)
    await store.conversations.commit_step(step((await claim(store)).claim))
    await store.close()
    connection = sqlite3.connect(tmp_path / "state.db")
    looked_up = [
        claiming._OLDEST_OPEN,
        claiming._NEXT_OPEN,
        claiming._JOINED,
        outbox._OLDEST_OPEN,
        outbox._TAKE,
        outbox._SENT,
        outbox._AFTER,
        conversations._PROGRESS,
        f"UPDATE inbox SET run_id = NULL WHERE {inbox.OPEN} AND state = 'claimed'",  # noqa: S608 - a constant of ours
        f"UPDATE outbox SET run_id = NULL WHERE {outbox.OPEN} AND state = 'sending'",  # noqa: S608 - the same
        "SELECT min(due_at) FROM scheduled_task WHERE state = 'scheduled'",
        "SELECT count(*) FROM inbox WHERE state = 'dead'",
        "SELECT count(*) FROM outbox WHERE state = 'dead'",
        "SELECT seq FROM outbox WHERE provider_message_id = 'a' AND channel_id = 'b'",
    ]
    plans = [
        "; ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {re.sub(_PARAMETER, '1', sql)}"))
        for sql in looked_up
    ]
    connection.close()
    assert [plan for plan in plans if re.search(_SCAN, plan) or "TEMP B-TREE" in plan] == []


def test_the_scripts_are_numbered_without_gap_or_double() -> None:
    numbers = [int(script.name[:4]) for script in sorted(MIGRATIONS.glob("*.sql"))]
    assert numbers == list(range(1, len(numbers) + 1))
