"""``Writer``: the thread that owns the only write connection, with group commit.

Whoever wants something written hands over a function; the thread takes everything that has queued up
meanwhile, runs it in one transaction and answers after one COMMIT. The disk is synced once per batch
instead of once per message, without any artificial delay (docs/adr/0005-one-writer-group-commit.md).

What is wanted in one round of the event loop is handed over together at its end: a thread woken by the first of many
would ask for the interpreter while the loop still works on the others, and write that one by itself.

A failing function fails alone: the batch is undone and done again, each function in its own savepoint. So a function
may run twice, and touches nothing but the connection. If the COMMIT fails, all fail.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable

from runtime.errors import StoreError, StoreUnavailableError
from runtime.store.sqlite.jobs import Failed, IsOneStatement, Job, Together, Work, never, resolve
from runtime.store.sqlite.log_folding import LogFolding

MAX_BATCH = 256
"""Functions per transaction: bounds how long the first waits for the last, far above what queues up."""

RESTING_AFTER_S = 5.0
"""A tenant at rest keeps no pages: hundreds share a machine, and reading them again costs a millisecond."""

log = logging.getLogger(__name__)


class Writer:
    """Runs functions on the write connection, in the order they were handed over."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        resting: Callable[[], None] | None = None,
        *,
        resting_after_s: float = RESTING_AFTER_S,
    ) -> None:
        """``resting`` is called on the event loop after a while without a write, once until there is one again."""
        self._connection = connection
        self._resting = resting
        self._resting_after_s = resting_after_s
        self._gathered: list[Job] = []
        self._handed_over: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self._waiting: list[Job] = []
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._closed = False
        self._log = LogFolding(connection)
        self.failure: str | None = None
        self._thread.start()

    async def write[T](self, work: Work[T]) -> T:
        """Run ``work`` inside a transaction and return its result after the commit.

        Raises:
            StoreUnavailableError: disk full, locked or broken; nothing of ``work`` was stored.
            Exception: whatever ``work`` itself raised; nothing of it was stored.
        """
        answer: asyncio.Future[T] = self._loop.create_future()
        self._gather(Job(work, answer))  # type: ignore[arg-type]  # a future is invariant; its job fills it with T
        return await answer

    async def write_together[Item, Result](
        self, together: Together[Item, Result], item: Item, alone: Work[Result], is_one: IsOneStatement[Item] = never
    ) -> Result:
        """Like ``write(alone)``, with everything that queues up for the same ``together`` done by one call of it.

        Each statement hands the interpreter's lock to and fro, so a batch of 64 that takes three statements instead of
        three hundred leaves the event loop alone. It may overtake other writes of its batch: nobody can have waited for
        one of them. Should the call fail, each is tried ``alone``. Where a whole batch is of this kind and
        ``is_one``, there is no transaction around it.
        """
        answer: asyncio.Future[Result] = self._loop.create_future()
        self._gather(Job(alone, answer, together, item, is_one))  # type: ignore[arg-type]  # as in write
        return await answer

    async def fold_log(self) -> None:
        """Fold the log into the file and cut it to nothing, so that what was erased lies in neither.

        Raises:
            StoreUnavailableError: it could not be done now.
        """
        self._log.wanted.set()
        await self.write(_nothing)
        if self._log.wanted.is_set():
            raise StoreUnavailableError("the log could not be folded in: it is being read")

    async def close(self) -> None:
        """Commit what is queued, fold the log into the file, close. Later writes are refused."""
        if not self._closed:
            self._closed = True
            self._hand_over()
            self._handed_over.put(None)
        await asyncio.to_thread(self._thread.join)

    def _gather(self, job: Job) -> None:
        if self._closed:
            raise StoreUnavailableError("the store is closed")
        if not self._gathered:
            self._loop.call_soon(self._hand_over)
        self._gathered.append(job)

    def _hand_over(self) -> None:
        if self._gathered:
            self._handed_over.put(self._gathered)
            self._gathered = []

    def _run(self) -> None:
        while True:
            batch, closing = self._next_batch()
            if batch:
                results = self._commit(batch)
                self._log.cut_if_wanted()
                self._answer(batch, results)
                self._log.after_commit()
            if closing:
                break
        self._log.at_close()
        self._connection.close()

    def _next_batch(self) -> tuple[list[Job], bool]:
        """Wait for a job, then take whatever else is already there; whether nothing comes after it."""
        closing = False
        handed_over = [] if self._waiting else self._next_jobs()
        while handed_over is not None:
            self._waiting += handed_over
            if len(self._waiting) >= MAX_BATCH:
                break
            try:
                handed_over = self._handed_over.get_nowait()
            except queue.Empty:
                break
        else:
            closing = True
        batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
        return batch, closing

    def _next_jobs(self) -> list[Job] | None:
        """Wait for jobs. After a while without one the page cache is given back, once, until there is work again."""
        try:
            return self._handed_over.get(timeout=self._resting_after_s)
        except queue.Empty:
            self._connection.execute("PRAGMA shrink_memory").fetchall()
            if self._resting is not None:
                with contextlib.suppress(RuntimeError):  # the loop is closed: nobody will rest any more
                    self._loop.call_soon_threadsafe(self._resting)
            return self._handed_over.get()

    def _commit(self, batch: list[Job]) -> list[object]:
        changes = self._connection.total_changes
        try:
            results = self._run_in_one_statement(batch)
            if results is None:
                self._connection.execute("BEGIN IMMEDIATE")
                results = self._run_plainly(batch) or self._run_apart(batch)
                self._connection.execute("COMMIT")
        except Exception as fault:  # noqa: BLE001 - the thread must outlive any failure; each caller gets it
            self._roll_back()
            self.failure = f"the state file cannot be written: {fault}"
            log.error("commit of %d writes failed: %s", len(batch), fault)  # noqa: TRY400 - the cause says it all
            return [Failed(StoreUnavailableError(self.failure)) for _ in batch]
        if self._connection.total_changes != changes:  # a full disk bears a commit of nothing
            self.failure = None
        return results

    def _run_in_one_statement(self, batch: list[Job]) -> list[object] | None:
        """All results, stored and synced, or ``None`` with nothing done."""
        first = batch[0]
        if first.together is None or any(job.together is not first.together for job in batch):
            return None
        items = [job.item for job in batch]
        if not first.is_one_statement(items):
            return None
        try:
            return list(first.together(self._connection, items))
        except sqlite3.OperationalError:
            raise  # the disk, or somebody's lock: nothing that one item could be blamed for
        except Exception:  # noqa: BLE001 - one of them is at fault, and is found when each is tried alone
            return None

    def _run_plainly(self, batch: list[Job]) -> list[object] | None:
        """All results, or ``None`` with nothing done. Savepoints are half of all statements, and hardly ever needed."""
        try:
            done = self._run_together(batch)
            return [done[place] if place in done else job.work(self._connection) for place, job in enumerate(batch)]
        except Exception:
            if not self._connection.in_transaction:
                raise  # SQLite gave up the whole transaction (disk full, I/O error): so does the batch
            self._connection.execute("ROLLBACK")
            self._connection.execute("BEGIN IMMEDIATE")
            return None

    def _run_apart(self, batch: list[Job]) -> list[object]:
        return [self._run_in_savepoint(job) for job in batch]

    def _run_together(self, batch: list[Job]) -> dict[int, object]:
        """Results by the job's place in the batch, of all that can be done together."""
        groups: dict[Together[object, object], list[int]] = {}
        for place, job in enumerate(batch):
            if job.together is not None:
                groups.setdefault(job.together, []).append(place)
        results: dict[int, object] = {}
        for together, places in groups.items():
            if len(places) > 1:
                found = together(self._connection, [batch[place].item for place in places])
                results |= zip(places, found, strict=True)
        return results

    def _run_in_savepoint(self, job: Job) -> object:
        self._connection.execute("SAVEPOINT one")
        try:
            result = job.work(self._connection)
        except Exception as fault:
            if not self._connection.in_transaction:
                raise  # SQLite gave up the whole transaction (disk full, I/O error): so does the batch
            self._connection.execute("ROLLBACK TO one")
            self._connection.execute("RELEASE one")
            if isinstance(fault, sqlite3.OperationalError):
                return Failed(StoreUnavailableError(f"the state file cannot be written: {fault}"))
            if isinstance(fault, sqlite3.Error):
                return Failed(StoreError(f"the store refused a row: {fault}"))
            return Failed(fault)
        self._connection.execute("RELEASE one")
        return result

    def _roll_back(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as fault:
            log.warning("rollback failed: %s", fault)

    def _answer(self, batch: list[Job], results: list[object]) -> None:
        """What was done together first: that is what somebody outside waits for, and it was done first."""
        if any(job.together is not None for job in batch) and any(job.together is None for job in batch):
            places = sorted(range(len(batch)), key=lambda place: batch[place].together is None)
            batch, results = [batch[place] for place in places], [results[place] for place in places]
        try:
            self._loop.call_soon_threadsafe(resolve, self._loop, batch, results)
        except RuntimeError:
            log.warning("%d writes were committed after their event loop had closed", len(batch))


def _nothing(_connection: sqlite3.Connection) -> None:
    """A write that writes nothing: it is answered when all before it are."""
