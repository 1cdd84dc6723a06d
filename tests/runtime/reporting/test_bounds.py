"""What a runtime gives up while nobody takes its reports: details first, counts last, and it says how much."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flow_engine.vocabulary import JSON
from runtime.ports.telemetry_store import Bounds, Count, Entry, EntryKind, Fold, ReportEntries
from runtime.store.sqlite import SQLiteStateStore
from tests.runtime.control_plane_server import ControlPlaneServer, linked, say, until

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
EVERYTHING = {"most_turns": 1000, "most_entries": 1000, "most_counts": 1000}

_STEP = """
    INSERT INTO step (event_seq, channel_id, contact_id, conversation_id, bundle_serial, at, event, done, trace,
                      outcomes, message_ids, duration_us)
    VALUES (?1, 'ch', 'ana', 'c', 1, ?1, 'message', 1, '[]', '[]', '[]', 1)
"""


def notice(number: int, kind: EntryKind = EntryKind.NOTICE) -> Entry:
    return Entry(kind, {"id": f"{kind.value}{number}", "kind": "turn_failed"}, NOW)


@contextlib.asynccontextmanager
async def filled(folder: Path, *, turns: int = 0, entries: int = 0, counts: int = 0) -> AsyncIterator[SQLiteStateStore]:
    """A store in which so much waits for a report. The number of a count is its hour, from the oldest on."""
    store = SQLiteStateStore(folder / "state.db")
    await store.open()
    await store.close()
    with sqlite3.connect(folder / "state.db") as connection:
        connection.executemany(_STEP, [(number,) for number in range(1, turns + 1)])
    connection.close()
    store = SQLiteStateStore(folder / "state.db")
    await store.open()
    found = [Count("turns", {"channel": "ch"}, NOW + timedelta(hours=number), 1) for number in range(counts)]
    await store.telemetry.fold(Fold(turns, found, [notice(number) for number in range(entries)]))
    yield store
    await store.close()


def told(bound: ReportEntries) -> tuple[list[int], list[JSON], list[int]]:
    """Turns by event, entries by id, counts by hour."""
    entries = [entry["id"] for found in bound.entries.values() for entry in found if entry["kind"] == "turn_failed"]
    hours = [int((count.hour - NOW) / timedelta(hours=1)) for count in bound.counts]
    return [turn.steps[-1].event_seq for turn in bound.turns], entries, sorted(hours)


def reported(bound: ReportEntries) -> list[object]:
    notices = bound.entries.get(EntryKind.NOTICE, ())
    return [entry["detail"] for entry in notices if entry["kind"] == "telemetry_dropped"]


@pytest.mark.parametrize(
    ("bounds", "dropped", "turns", "entries", "counts"),
    [
        pytest.param(Bounds(4, 3, 10), {}, 4, 3, 3, id="as much as may wait stays"),
        pytest.param(Bounds(2, 3, 10), {"turns": 2}, 2, 3, 3, id="turns beyond their own bound go"),
        pytest.param(Bounds(4, 1, 10), {"entries": 2}, 4, 1, 3, id="entries beyond their own bound go"),
        pytest.param(Bounds(4, 3, 8), {"turns": 2}, 2, 3, 3, id="for the counts, turns make room first"),
        pytest.param(Bounds(4, 3, 5), {"turns": 4, "entries": 1}, 0, 2, 3, id="then other details"),
        pytest.param(Bounds(4, 3, 3), {"turns": 4, "entries": 3}, 0, 0, 3, id="all details go before a count does"),
        pytest.param(Bounds(4, 3, 1), {"turns": 4, "entries": 3, "counts": 2}, 0, 0, 1, id="counts go when alone"),
    ],
)
async def test_the_oldest_details_go_before_counts(
    tmp_path: Path, bounds: Bounds, dropped: dict[str, int], turns: int, entries: int, counts: int
) -> None:
    async with filled(tmp_path, turns=4, entries=3, counts=3) as store:
        assert await store.telemetry.drop_excess(bounds, at=NOW) == dropped
        assert await store.telemetry.drop_excess(bounds, at=NOW) == {}
        bound = await store.telemetry.bind("r1", **EVERYTHING)
    left = (
        list(range(5 - turns, 5)),
        [f"notices{number}" for number in range(3 - entries, 3)],
        list(range(3 - counts, 3)),
    )
    assert told(bound) == left
    assert reported(bound) == ([", ".join(f"{number} {kind}" for kind, number in dropped.items())] if dropped else [])


async def test_the_results_of_commands_are_the_last_details_to_go(tmp_path: Path) -> None:
    async with filled(tmp_path) as store:
        await store.telemetry.note(notice(1, EntryKind.COMMAND_RESULT), notice(2), notice(3))
        await store.telemetry.drop_excess(Bounds(9, 1, 9), at=NOW)
        assert told(await store.telemetry.bind("r1", **EVERYTHING))[1] == ["command_results1"]


async def test_what_was_dropped_in_several_rounds_is_one_notice_of_the_next_report_and_told_once(
    tmp_path: Path,
) -> None:
    async with filled(tmp_path, entries=3, counts=1) as store:
        pending = await store.telemetry.bind("r1", most_turns=1, most_entries=1)
        for fewer in (1, 0):
            await store.telemetry.drop_excess(Bounds(9, fewer, 9), at=NOW)
        again = await store.telemetry.bind("r2", **EVERYTHING)
        assert (again.report_id, told(again), reported(again)) == ("r1", told(pending), [])
        await store.telemetry.acknowledged("r1")
        following = await store.telemetry.bind("r2", **EVERYTHING)
        assert reported(following) == ["2 entries"]
        await store.telemetry.acknowledged("r2")
        assert reported(await store.telemetry.bind("r3", **EVERYTHING)) == []


async def test_what_is_bound_to_a_report_is_not_dropped(tmp_path: Path) -> None:
    async with filled(tmp_path, turns=1, entries=1, counts=1) as store:
        bound = await store.telemetry.bind("r1", **EVERYTHING)
        assert await store.telemetry.drop_excess(Bounds(0, 0, 0), at=NOW) == {}
        assert told(await store.telemetry.bind("r2", **EVERYTHING)) == told(bound) == ([1], ["notices0"], [0])


async def test_more_counts_than_a_report_takes_come_in_several_oldest_first(tmp_path: Path) -> None:
    async with filled(tmp_path, counts=5) as store:
        parts: list[Sequence[int]] = []
        for number in range(3):
            bound = await store.telemetry.bind(f"r{number}", most_turns=1, most_entries=1, most_counts=2)
            parts.append(told(bound)[2])
            await store.telemetry.acknowledged(bound.report_id)
    assert parts == [[0, 1], [2, 3], [4]]


async def test_a_report_that_is_given_up_loses_its_details_and_keeps_its_counts(tmp_path: Path) -> None:
    async with filled(tmp_path, turns=2, entries=2, counts=2) as store:
        await store.telemetry.bind("r1", most_turns=1, most_entries=1, most_counts=1)
        await store.telemetry.give_up("r1", at=NOW)
        bound = await store.telemetry.bind("r2", **EVERYTHING)
    assert told(bound) == ([2], ["notices1"], [0, 1])
    assert reported(bound) == ["1 turns, 1 entries"]


async def test_a_runtime_whose_reports_nobody_took_tells_its_counts_and_how_much_detail_it_gave_up(
    tmp_path: Path,
) -> None:
    plane = ControlPlaneServer()
    async with linked(tmp_path, plane) as started:
        await until(lambda: bool(plane.reports))
        plane.failures = [503] * 100_000
        before = len(plane.received)
        await until(lambda: len(plane.received) > before)
        store = started.runtime.core.store
        assert isinstance(store, SQLiteStateStore)
        await store.telemetry.note(*[notice(number) for number in range(10_900)])
        await say(started, "m1")
        seen = len(plane.received)
        await until(lambda: len(plane.received) > seen + 2)
        plane.failures = []
        await until(lambda: f"notices{10_899}" in [entry["id"] for entry in plane.entries("notices")])
        await until(lambda: bool(plane.entries("turns")))
    ids = [str(entry["id"]) for entry in plane.entries("notices") if str(entry["id"]).startswith("notices")]
    told = [int(name.removeprefix("notices")) for name in ids]
    lost = sorted(set(range(10_900)) - set(told))
    assert told == sorted(set(told))
    # The oldest of what no report holds yet: one may have been made up before there was too much.
    assert lost == list(range(lost[0], lost[0] + len(lost)))
    assert lost[-1] < told[-1]
    details = [entry["detail"] for entry in plane.entries("notices") if entry["kind"] == "telemetry_dropped"]
    assert details == [f"{len(lost)} entries"]
    assert plane.count("turns", channel="http_dev") == 1
