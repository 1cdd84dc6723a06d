"""How late a task may run: its own grace before everybody's, and a missed one is recorded and told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ContactKey
from runtime.ports.telemetry_store import EntryKind
from runtime.store.in_memory import InMemoryStateStore
from runtime.store.sqlite import SQLiteStateStore
from tests.runtime.desk import NOW, open_desk

ANA = ContactKey("http_dev", "ana")


@pytest.mark.parametrize("kind", ["sqlite", "in_memory"])
@pytest.mark.parametrize(
    ("case", "grace_s", "late", "runs"),
    [
        ("within five minutes", None, timedelta(minutes=5), True),
        ("a second later", None, timedelta(minutes=5, seconds=1), False),
        ("within its own hour", 3600, timedelta(minutes=59), True),
        ("beyond its own minute", 60, timedelta(seconds=61), False),
    ],
)
async def test_a_task_runs_or_is_missed(
    tmp_path: Path, kind: str, case: str, grace_s: int | None, late: timedelta, runs: bool
) -> None:
    store = SQLiteStateStore(tmp_path / "state.sqlite3") if kind == "sqlite" else InMemoryStateStore()
    async with open_desk(store) as desk:
        task = PlannedTask("remind", "r", NOW, grace_s=grace_s)
        await store.tasks.replace_standing(ANA, "http_dev", [task], at=NOW)
        desk.clock.advance(late.total_seconds())
        fired = await desk.core.task_executor.fire()
        assert (fired.fired, fired.missed) == ((1, 0) if runs else (0, 1))


async def test_a_missed_task_is_told_once_without_a_name(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.sqlite3")
    async with open_desk(store) as desk:
        await store.tasks.replace_standing(ANA, "http_dev", [PlannedTask("remind", "r", NOW)], at=NOW)
        desk.clock.advance(3600)
        await desk.core.task_executor.fire()
        await desk.core.task_executor.fire()
        bound = await store.telemetry.bind("r1", most_turns=10, most_entries=10)
    (notice,) = bound.entries[EntryKind.NOTICE]
    assert notice["kind"] == "task_missed"
    assert "ana" not in str(notice)
    assert [(count.name, count.labels, count.count) for count in bound.counts] == [
        ("missed_tasks", {"task": "remind"}, 1)
    ]
