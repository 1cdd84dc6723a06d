"""What a webhook brings at once is stored by one statement; who was erased, and what is at fault, is found as well."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from runtime.clock import SystemClock
from runtime.errors import StoreUnavailableError
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import Accepted
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.accepting import MOST_ROWS, accept_together
from tests.runtime.store.samples import ANA, BRUNO, NOW, message


@dataclass
class Traced:
    """A store on a file, and what its writing connection was told beside reading."""

    store: SQLiteStateStore
    told: list[str]

    async def accept_at_once(self, *batches: list[InboundEnvelope]) -> list[Accepted | BaseException]:
        self.told.clear()
        together = (self.store.inbox.accept(batch, NOW) for batch in batches)
        return list(await asyncio.gather(*together, return_exceptions=True))


@pytest.fixture
async def traced(tmp_path: Path) -> AsyncIterator[Traced]:
    store, told = SQLiteStateStore(tmp_path / "state.sqlite3", SystemClock()), list[str]()
    await store.open()
    writer = store._writer
    assert writer is not None

    def note(sql: str) -> None:
        told.append(sql.split(maxsplit=1)[0])

    await writer.write(lambda connection: connection.set_trace_callback(note))
    yield Traced(store, told)
    await store.close()


@pytest.mark.parametrize("deliveries", [1, 7, 64], ids=lambda n: f"{n} at once")
async def test_what_comes_at_once_is_one_statement_and_no_transaction_around_it(
    traced: Traced, deliveries: int
) -> None:
    accepted = await traced.accept_at_once(*([message(f"m{number}")] for number in range(deliveries)))
    assert accepted == [Accepted(1, 0, frozenset({ANA}))] * deliveries
    assert traced.told == ["INSERT"]


async def test_more_than_a_statement_takes_is_one_transaction(traced: Traced) -> None:
    accepted = await traced.accept_at_once(*([message(f"m{number}")] for number in range(MOST_ROWS + 1)))
    assert accepted == [Accepted(1, 0, frozenset({ANA}))] * (MOST_ROWS + 1)
    assert traced.told == ["BEGIN", "INSERT", "INSERT", "COMMIT"]


async def test_what_an_erased_person_wrote_is_not_taken_again_among_many_others(traced: Traced) -> None:
    await traced.store.inbox.accept([message("m1")], NOW)
    await traced.store.contact_data.erase(ANA)
    accepted = await traced.accept_at_once(
        [message("m1")], [message("m2", BRUNO)], [message("m2", BRUNO), message("m3", BRUNO)], [message("m1")]
    )
    nothing = Accepted(0, 1, frozenset())
    assert accepted == [nothing, Accepted(1, 0, frozenset({BRUNO})), Accepted(1, 1, frozenset({BRUNO})), nothing]
    assert await traced.store.inbox.contacts_waiting() == [BRUNO]


async def test_an_id_that_the_store_refuses_fails_its_own_delivery_alone(traced: Traced) -> None:
    accepted = await traced.accept_at_once([message("m1")], [message("m\ud83d")], [message("m3", BRUNO)])
    assert accepted[0] == Accepted(1, 0, frozenset({ANA}))
    assert isinstance(accepted[1], UnicodeEncodeError)
    assert accepted[2] == Accepted(1, 0, frozenset({BRUNO}))
    assert (await traced.store.counts()).inbox_open == 2


class Unreadable(sqlite3.Connection):
    """Fails when the inbox is read."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql.startswith("SELECT channel_id"):
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *values)


def test_what_is_stored_and_cannot_be_told_apart_any_more_wakes_everybody_of_the_batch(unopened: Path) -> None:
    row = ("http_dev", "message", "m1", "http_dev", "ana", "{}", 1, 0, 0)
    with contextlib.closing(sqlite3.connect(unopened, factory=Unreadable, isolation_level=None)) as connection:
        assert accept_together(connection, [[row]]) == [Accepted(1, 0, frozenset({ANA}))]
        both = [[row], [(*row[:2], "m2", *row[3:4], "bruno", *row[5:])]]
        woken = accept_together(connection, both)
        assert [found.contacts for found in woken] == [frozenset({ANA}), frozenset({BRUNO})]
        connection.execute("BEGIN")
        with pytest.raises(sqlite3.OperationalError):
            accept_together(connection, both)


@pytest.fixture
async def unopened(tmp_path: Path) -> Path:
    """A state file that nobody has open."""
    store = SQLiteStateStore(tmp_path / "state.sqlite3", SystemClock())
    await store.open()
    await store.close()
    return tmp_path / "state.sqlite3"


async def test_a_disk_that_is_full_refuses_all_that_came_at_once_and_takes_it_later(
    traced: Traced, tmp_path: Path
) -> None:
    await _bound_to_pages(traced.store, "(SELECT page_count FROM pragma_page_count)")
    long = "x" * 100_000
    batches = [[message("m1", text=long)], [message("m2", BRUNO, text=long)]]
    refused = await traced.accept_at_once(*batches)
    assert [type(found) for found in refused] == [StoreUnavailableError] * 2
    with contextlib.closing(sqlite3.connect(tmp_path / "state.sqlite3")) as reader:
        assert reader.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
    await _bound_to_pages(traced.store, "1000000")
    taken = await traced.accept_at_once(*batches)
    assert taken == [Accepted(1, 0, frozenset({ANA})), Accepted(1, 0, frozenset({BRUNO}))]


async def _bound_to_pages(store: SQLiteStateStore, most: str) -> None:
    writer = store._writer

    def bound(connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute(f"SELECT {most}").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()

    assert writer is not None
    await writer.write(bound)
