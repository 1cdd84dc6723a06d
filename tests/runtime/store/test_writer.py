"""Group commit: what shares a transaction, what fails alone, what fails together."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from pathlib import Path

import pytest

from runtime.errors import StoreError, StoreUnavailableError
from runtime.store.sqlite.connection import open_reader, open_writer
from runtime.store.sqlite.jobs import ANSWERS_AT_ONCE
from runtime.store.sqlite.log_folding import FOLD_AFTER_PAGES, PAGES_A_COMMIT, ROWS_A_PAGE
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.writer import MAX_BATCH, Writer


class Desk:
    """A writer on a file with one small table, and a second connection that sees what is committed."""

    def __init__(self, path: Path) -> None:
        connection = open_writer(path)
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY) STRICT")
        self.commits = 0
        self.commits_and_foldings: list[str] = []
        connection.set_trace_callback(self._trace)
        self.writer = Writer(connection)
        self.reader = sqlite3.connect(path)

    def _trace(self, sql: str) -> None:
        self.commits += sql == "COMMIT"
        if sql == "COMMIT" or "wal_checkpoint" in sql:
            self.commits_and_foldings.append(sql)

    async def add(self, note: int) -> int:
        def work(connection: sqlite3.Connection) -> int:
            connection.execute("INSERT INTO note (id) VALUES (?)", (note,))
            return note

        return await self.writer.write(work)

    def failure(self) -> str | None:
        return self.writer.failure

    def notes(self) -> list[int]:
        return [row[0] for row in self.reader.execute("SELECT id FROM note ORDER BY id")]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path / "notes.db")
    yield desk
    await desk.writer.close()
    desk.reader.close()


async def queued_together(desk: Desk, *works: Coroutine[object, object, object]) -> list[object]:
    """Let ``works`` queue up behind a write that holds the thread, so that they meet in one batch."""
    holding, release = threading.Event(), threading.Event()

    def hold(connection: sqlite3.Connection) -> None:
        holding.set()
        release.wait(5)

    held = asyncio.ensure_future(desk.writer.write(hold))
    await asyncio.to_thread(holding.wait, 5)
    running = asyncio.gather(*works, return_exceptions=True)
    await asyncio.sleep(0)
    desk.commits = 0
    release.set()
    await held
    return list(await running)


async def test_a_write_is_committed_when_it_returns(desk: Desk) -> None:
    assert await desk.add(1) == 1
    assert desk.notes() == [1]


async def test_writes_that_wait_together_share_one_commit(desk: Desk) -> None:
    results = await queued_together(desk, *(desk.add(n) for n in range(100)))
    assert results == list(range(100))
    assert desk.notes() == list(range(100))
    assert desk.commits == 2  # the one that held the thread, and the hundred


async def test_what_is_wanted_in_one_round_of_the_loop_shares_one_commit_though_nothing_held_it_up(desk: Desk) -> None:
    async def add_when_the_thread_could_have_begun(note: int) -> None:
        time.sleep(0.002)  # noqa: ASYNC251 - the loop is busy, and the interpreter free for the writer's thread
        await desk.add(note)

    await asyncio.gather(*(add_when_the_thread_could_have_begun(note) for note in range(1, 11)))
    assert desk.commits == 1
    assert desk.notes() == list(range(1, 11))


async def test_more_than_a_batch_is_split_and_all_of_it_is_stored(desk: Desk) -> None:
    await queued_together(desk, *(desk.add(n) for n in range(MAX_BATCH + 1)))
    assert len(desk.notes()) == MAX_BATCH + 1
    assert desk.commits == 3


async def test_a_write_that_fails_fails_alone_and_leaves_nothing(desk: Desk) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO note (id) VALUES (50)")
        raise LookupError("changed its mind")

    works = [desk.add(1), desk.writer.write(half), desk.add(1), desk.add(2)]
    results = await queued_together(desk, *works)
    assert [type(result) for result in results] == [int, LookupError, StoreError, int]
    assert desk.notes() == [1, 2]
    assert desk.failure() is None


async def test_a_commit_that_fails_fails_every_write_of_its_batch_and_the_next_one_works(
    desk: Desk, tmp_path: Path
) -> None:
    def give_up(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")  # what SQLite does by itself when the disk is full
        raise sqlite3.OperationalError("database or disk is full")

    works = [desk.add(1), desk.writer.write(give_up), desk.add(2)]
    results = await queued_together(desk, *works)
    assert [type(result) for result in results] == [StoreUnavailableError] * 3
    assert desk.notes() == []
    assert desk.failure() == "the state file cannot be written: database or disk is full"
    assert await desk.add(3) == 3
    assert desk.failure() is None


async def test_a_full_disk_refuses_writes_and_recovers_by_itself_when_there_is_space(desk: Desk) -> None:
    def limit(pages: int) -> None:
        desk_limit = f"PRAGMA max_page_count = {pages}"
        desk.writer._connection.execute(desk_limit).fetchall()

    def fill(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE big (body BLOB) STRICT")
        connection.execute("INSERT INTO big VALUES (zeroblob(500000))")

    limit(4)
    with pytest.raises(StoreUnavailableError, match="full"):
        await desk.writer.write(fill)
    assert desk.notes() == []
    limit(1_000_000)
    await desk.writer.write(fill)
    assert await desk.add(1) == 1


async def test_a_file_locked_by_another_program_refuses_writes_until_it_is_free(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "notes.db")
    desk.writer._connection.execute("PRAGMA busy_timeout = 1").fetchall()
    intruder = sqlite3.connect(tmp_path / "notes.db", isolation_level=None)
    intruder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError, match="locked"):
        await desk.add(1)
    assert desk.failure() == "the state file cannot be written: database is locked"
    intruder.execute("ROLLBACK")
    intruder.close()
    assert await desk.add(1) == 1
    assert desk.failure() is None
    await desk.writer.close()
    desk.reader.close()


async def test_a_caller_that_was_cancelled_disturbs_nobody(desk: Desk) -> None:
    doomed = asyncio.ensure_future(desk.add(1))
    await asyncio.sleep(0)
    doomed.cancel()
    assert await desk.add(2) == 2
    assert 2 in desk.notes()


async def test_closing_commits_what_is_queued_and_refuses_what_comes_after(desk: Desk) -> None:
    queued = [asyncio.ensure_future(desk.add(n)) for n in range(5)]
    await asyncio.sleep(0)
    await desk.writer.close()
    assert await asyncio.gather(*queued) == [0, 1, 2, 3, 4]
    with pytest.raises(StoreUnavailableError, match="closed"):
        await desk.add(9)


async def test_a_long_log_is_folded_in_between_two_batches(desk: Desk) -> None:
    nearly = [(note,) for note in range((FOLD_AFTER_PAGES - PAGES_A_COMMIT - 1) * ROWS_A_PAGE)]
    await desk.writer.write(lambda connection: connection.executemany("INSERT INTO note (id) VALUES (?)", nearly))
    await desk.add(10_000)
    await desk.add(10_001)
    assert desk.commits_and_foldings == ["COMMIT", "COMMIT", "PRAGMA wal_checkpoint(PASSIVE)", "COMMIT"]
    assert len(desk.notes()) == len(nearly) + 2


async def test_a_large_batch_is_answered_over_several_rounds_of_the_loop(desk: Desk) -> None:
    answered: list[int] = []
    rounds: list[int] = []

    async def add(note: int) -> None:
        answered.append(await desk.add(note))

    async def watch() -> None:
        while len(answered) < ANSWERS_AT_ONCE * 3:
            rounds.append(len(answered))
            await asyncio.sleep(0)
        rounds.append(len(answered))

    watching = asyncio.create_task(watch())
    await queued_together(desk, *(add(note) for note in range(ANSWERS_AT_ONCE * 3)))
    await watching
    assert max(after - before for before, after in itertools.pairwise(rounds)) == ANSWERS_AT_ONCE
    assert answered == desk.notes()


async def test_what_queues_up_for_the_same_work_is_done_by_one_call_and_answered_each_its_own(tmp_path: Path) -> None:
    writer = open_counter(tmp_path)
    calls: list[int] = []

    def together(connection: sqlite3.Connection, items: Sequence[int]) -> list[int]:
        calls.append(len(items))
        connection.executemany("INSERT INTO counted VALUES (?)", [(item,) for item in items])
        return [item * 2 for item in items]

    def alone(item: int) -> Callable[[sqlite3.Connection], int]:
        return lambda connection: together(connection, (item,))[0]

    blocked = asyncio.ensure_future(writer.write(lambda _: time.sleep(0.05)))
    await asyncio.sleep(0.01)
    doubled = await asyncio.gather(*(writer.write_together(together, item, alone(item)) for item in range(5)))
    await blocked
    assert doubled == [0, 2, 4, 6, 8]
    assert calls == [5]
    await writer.close()


async def test_one_bad_item_fails_alone_when_the_common_call_fails(tmp_path: Path) -> None:
    writer = open_counter(tmp_path)

    def together(connection: sqlite3.Connection, items: Sequence[int]) -> list[int]:
        for item in items:
            connection.execute("INSERT INTO counted VALUES (?)", (item,))
            if item == 2:
                raise ValueError("two is one too many")
        return list(items)

    def alone(item: int) -> Callable[[sqlite3.Connection], int]:
        return lambda connection: together(connection, (item,))[0]

    blocked = asyncio.ensure_future(writer.write(lambda _: time.sleep(0.05)))
    await asyncio.sleep(0.01)
    results = await asyncio.gather(
        *(writer.write_together(together, item, alone(item)) for item in range(4)), return_exceptions=True
    )
    await blocked
    assert [result if isinstance(result, int) else str(result) for result in results] == [
        0,
        1,
        "two is one too many",
        3,
    ]
    stored = await writer.write(lambda connection: connection.execute("SELECT n FROM counted ORDER BY n").fetchall())
    assert stored == [(0,), (1,), (3,)]
    await writer.close()


def open_counter(folder: Path) -> Writer:
    connection = open_writer(folder / "state.db")
    connection.execute("CREATE TABLE counted (n INTEGER PRIMARY KEY) STRICT")
    return Writer(connection)


async def test_who_reads_is_told_once_that_nothing_is_written_any_more(tmp_path: Path) -> None:
    told: list[int] = []
    rested = asyncio.Event()

    def rest() -> None:
        told.append(threading.get_ident())
        rested.set()

    writer = Writer(open_writer(tmp_path / "state.db"), rest, resting_after_s=0.01)
    for _ in range(2):
        await writer.write(lambda _: None)
        await asyncio.wait_for(rested.wait(), 10)
        rested.clear()
        await asyncio.sleep(0.05)
    assert told == [threading.get_ident()] * 2
    await writer.close()


def test_a_reader_that_rested_reads_on_and_one_that_is_closed_rests_for_good(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    open_writer(path).execute("CREATE TABLE note (id INTEGER PRIMARY KEY) STRICT").connection.close()
    reader = Reader(open_reader(path))
    reader.rest()
    assert reader.rows("SELECT id FROM note") == []
    reader.close()
    reader.rest()
