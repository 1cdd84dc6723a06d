"""What was kept long enough is forgotten, and nothing else."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.clock import ManualClock
from flow_engine.bundle.retention import Retention
from runtime.errors import StoreUnavailableError
from runtime.limits import InboundLimits, RuntimeLimits
from runtime.maintenance.housekeeping import Housekeeping
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.retention import _RULES, STAYS
from tests.runtime.desk import config, open_desk, tap

DAYS = Retention(messages_days=20, turns_days=5, inbox_days=40, dead_letters_days=60)


def rows(store: SQLiteStateStore, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(store.path)
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


async def test_each_class_goes_in_its_own_time(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.sqlite3")
    async with open_desk(store) as desk:
        await desk.receive("m1", "say_hello")
        await desk.quiet()
        await desk.core.inbox.keep_raw("http_dev", b"{", "malformed")
        house = Housekeeping(store.retention, desk.clock, lambda: DAYS)

        def left() -> dict[str, int]:
            tables = ("step", "outbox", "inbox", "conversation", "raw_inbound")
            return {table: int(str(rows(store, f"SELECT count(*) FROM {table}")[0][0])) for table in tables}  # noqa: S608

        everything = left()
        assert await house.once() == 0
        assert left() == everything
        desk.clock.advance(timedelta(days=6).total_seconds())
        await house.once()
        assert left() == everything | {"step": 0}
        desk.clock.advance(timedelta(days=15).total_seconds())
        await house.once()
        assert left() == everything | {"step": 0, "outbox": 0, "conversation": 0}
        assert rows(store, "SELECT event FROM inbox") == [("{}",)]
        again = await desk.core.inbox.accept([tap("m1", "say_hello")])
        assert (again.stored, again.duplicates) == (0, 1)
        desk.clock.advance(timedelta(days=20).total_seconds())
        await house.once()
        assert left() == dict.fromkeys(everything, 0)
        assert house.damage is None


def parked(store: SQLiteStateStore) -> list[tuple[object, ...]]:
    return rows(store, "SELECT state, event, error IS NULL FROM inbox WHERE message_id = 'm4'")


async def test_the_id_of_a_message_that_was_given_up_outlives_its_words(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.sqlite3")
    limits = RuntimeLimits(InboundLimits(inbound_per_contact_per_minute=3))
    async with open_desk(store, replace(config(), limits=limits)) as desk:
        for number in range(1, 5):
            await desk.receive(f"m{number}", f"say_{number}")
        await desk.quiet()
        house = Housekeeping(store.retention, desk.clock, lambda: Retention(inbox_days=10, dead_letters_days=1))
        await house.once()
        assert parked(store) == [("dead", parked(store)[0][1], 0)]
        assert "say_4" in str(parked(store)[0][1])
        desk.clock.advance(timedelta(days=5).total_seconds())
        await house.once()
        assert parked(store) == [("done", "{}", 1)]
        again = await desk.core.inbox.accept([tap("m4", "say_4")])
        assert (again.stored, again.duplicates) == (0, 1)
        await desk.quiet()
        assert desk.channel.texts() == ["said 1", "said 2", "said 3"]
        desk.clock.advance(timedelta(days=5, seconds=1).total_seconds())
        await house.once()
        assert parked(store) == []


async def damage_a_page_of(table: str, store: SQLiteStateStore) -> None:
    """One that nobody has read since the start."""
    ((page,),) = rows(store, f"SELECT rootpage FROM sqlite_master WHERE name = '{table}'")  # noqa: S608 - a table of ours
    ((page_bytes,),) = rows(store, "PRAGMA page_size")
    with store.path.open("r+b") as file:
        file.seek((int(str(page)) - 1) * int(str(page_bytes)))
        file.write(b"\xff" * int(str(page_bytes)))


async def test_damage_that_keeps_anything_from_being_forgotten_is_found_and_told(tmp_path: Path) -> None:
    async with open_desk(SQLiteStateStore(tmp_path / "state.sqlite3")) as desk:
        await desk.receive("m1", "say_hello")
        await desk.quiet()
    store = SQLiteStateStore(tmp_path / "state.sqlite3")
    await store.open()
    await damage_a_page_of("inbox", store)
    house = Housekeeping(store.retention, ManualClock(datetime(2050, 1, 1, tzinfo=UTC)), lambda: DAYS)
    with pytest.raises(StoreUnavailableError, match="malformed"):
        await house.once()
    await store.close()
    assert "is damaged" in str(house.damage)


async def test_what_is_not_done_is_never_forgotten(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.sqlite3")
    async with open_desk(store) as desk:
        await desk.receive("m1", "often")
        await desk.quiet()
        desk.channel.open.clear()
        await desk.receive("m2", "say_waiting")
        await desk.until_heard(2)
        house = Housekeeping(store.retention, ManualClock(datetime(2050, 1, 1, tzinfo=UTC)), lambda: DAYS)
        await house.once()
        assert rows(store, "SELECT state FROM outbox") == [("sending",)]
        assert rows(store, "SELECT state FROM scheduled_task") == [("scheduled",)]
        assert rows(store, "SELECT count(*) FROM conversation") == [(1,)], "its contact has something planned"
        desk.channel.open.set()
        await desk.quiet()


async def test_every_table_has_a_rule_or_a_reason(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.sqlite3")
    await store.open()
    tables = {
        str(name)
        for (name,) in rows(store, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
    }
    await store.close()
    statements = " ".join(sql for rules in _RULES.values() for sql in rules.values())
    ruled = {table for table in tables if f"FROM {table} " in statements or f"UPDATE {table} " in statements}
    assert ruled.isdisjoint(STAYS)
    assert ruled | STAYS.keys() == tables


@pytest.mark.parametrize("rule", [name for rules in _RULES.values() for name in rules])
async def test_a_rule_runs_on_an_empty_file(tmp_path: Path, rule: str) -> None:
    store = SQLiteStateStore(tmp_path / "state.sqlite3")
    await store.open()
    assert await store.retention.forget_some(rule, before=datetime(2050, 1, 1, tzinfo=UTC), limit=10) == 0
    await store.close()
