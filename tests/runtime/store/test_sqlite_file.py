from __future__ import annotations

import contextlib
import re
import sqlite3
import stat
from pathlib import Path

import pytest

from runtime.errors import StoreDamagedError, StoreError, StoreInUseError, StoreTooNewError, StoreUnavailableError
from runtime.ports.inbox_store import ContactKey
from runtime.ports.inbox_traffic import Traffic
from runtime.store.sqlite import SQLiteStateStore, claiming, contact_move, conversations, inbox, outbox
from runtime.store.sqlite.schema import APPLICATION_ID, MIGRATIONS
from runtime.store.sqlite.traffic import load_traffic
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


async def test_what_was_remembered_of_a_contacts_messages_survives_the_change_of_its_form(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with sqlite3.connect(path) as connection:
        for script in sorted(MIGRATIONS.glob("*.sql"))[:17]:
            connection.executescript(script.read_text(encoding="utf-8"))
        rows = [("ch", "ana", 2.5, 9, -7, "[3,9]", 0), ("ch", "bob", 1, 8, 4, "[]", 99)]
        connection.executemany("INSERT INTO contact_traffic VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 17")
    connection.close()
    store = SQLiteStateStore(path)
    await store.open()
    await store.close()
    with sqlite3.connect(path) as connection:
        found = [load_traffic(connection, ContactKey("ch", name)) for name in ("ana", "bob")]
    connection.close()
    assert found == [Traffic(2.5, 9, {-7: (3, 9)}), Traffic(1, 8, {}, 99)]


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


@pytest.mark.parametrize(
    ("index", "statement"),
    [
        pytest.param("inbox_open", claiming._OLDEST_OPEN, id="the oldest message of a contact"),
        pytest.param("inbox_open", claiming._NEXT_OPEN, id="the next ones"),
        pytest.param("inbox_open", claiming._JOINED, id="the ones that became one turn"),
        pytest.param("inbox_open", claiming._PARK_JOINED, id="the same, parked"),
        pytest.param("inbox_open", contact_move._EVENTS, id="what moves while it waits"),
        pytest.param("outbox_open", outbox._OLDEST_OPEN, id="the oldest reply to a contact"),
        pytest.param("outbox_open", outbox._AFTER, id="whether there is another"),
    ],
)
async def test_what_is_open_of_a_contact_is_not_looked_for_among_all_she_ever_wrote(
    tmp_path: Path, index: str, statement: str
) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    await store.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "state.db")) as connection:
        explained = connection.execute(f"EXPLAIN QUERY PLAN {re.sub(_PARAMETER, '1', statement)}")
        searched = [row[3].replace("COVERING ", "") for row in explained if row[3].startswith("SEARCH")]
    assert [plan for plan in searched if f"USING INDEX {index} (channel_id=? AND contact_id=?" in plan] != []
    assert [plan for plan in searched if "_contact (" in plan] == []


FEW_ROWS = frozenset({"appointment_change", "unreached"})
"""Emptied as they are told: appointments that staff moved, and customers whom a schedule did not reach."""

BY_SUBJECT = frozenset({"consent"})
"""Looked up by its keyed hash, which an erasure leaves; by the id only when somebody moves or is erased."""


async def test_the_rows_of_one_contact_are_found_in_every_table_without_looking_at_those_of_others(
    tmp_path: Path,
) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    await store.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "state.db")) as connection:
        tables = dict(connection.execute(contact_move._TABLES).fetchall())
        assert {"inbox", "outbox", "conversation", "pseudonym"} < tables.keys()
        plans = {
            table: " ".join(
                row[3]
                for row in connection.execute(
                    f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE contact_id = 'x'"  # noqa: S608 - names from the schema
                    + " AND channel_id = 'y'" * by_channel
                )
            )
            for table, by_channel in tables.items()
        }
    assert {table for table, plan in plans.items() if "contact_id=?" not in plan} == FEW_ROWS | BY_SUBJECT


def test_the_scripts_are_numbered_without_gap_or_double() -> None:
    numbers = [int(script.name[:4]) for script in sorted(MIGRATIONS.glob("*.sql"))]
    assert numbers == list(range(1, len(numbers) + 1))
