"""The addresses for the operator of this machine: closed without the token, and what they do with it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ContactKey
from tests.runtime.control_plane_server import quiet
from tests.runtime.running import TOY_FLOW, Running, development_settings, running

ANA = ContactKey("http_dev", "ana")
LATER = datetime(2040, 1, 1, tzinfo=UTC)

WITH_TASK = TOY_FLOW + 'tasks:\n  remind:\n    - {action: send_text, text: "Do not forget"}\n'


@pytest.fixture
async def toy(tmp_path: Path) -> AsyncIterator[Running]:
    settings = development_settings(tmp_path)
    (tmp_path / "toy_flow.yaml").write_text(WITH_TASK, encoding="utf-8")
    async with running(settings) as started:
        started.http.headers["Authorization"] = f"Bearer {(tmp_path / 'state/internal.token').read_text()}"
        yield started


async def plan(started: Running, task: PlannedTask) -> str:
    """Schedule it for ana and give its id."""
    store = started.runtime.store
    await store.tasks.replace_standing(ANA, "http_dev", [task], at=LATER)
    (reading,) = await store.readings.scheduled_tasks(upcoming=10, missed=0)
    return reading.id


async def said(started: Running) -> list[str]:
    await quiet(started)
    return [message["text"] for message in (await started.http.get("/messages?contact_id=ana")).json()]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/run-task"), ("GET", "/metrics"), ("GET", "/internal/inspect"), ("POST", "/internal/backup")],
)
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Bearer wrong", "Basic x", "Bearer wr\u00f6ng"])
async def test_without_the_token_nothing_is_said_and_nothing_done(
    toy: Running, tmp_path: Path, method: str, path: str, header: str | None
) -> None:
    del toy.http.headers["Authorization"]
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    body = {"task_id": "1", "path": str(tmp_path / "copy")}
    answer = await toy.http.request(method, path, headers=headers, json=body)  # type: ignore[arg-type]  # bytes
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert not (tmp_path / "copy").exists()


async def test_a_task_runs_before_its_time_and_only_once(toy: Running) -> None:
    task_id = await plan(toy, PlannedTask("remind", "r", LATER))
    first = await toy.http.post("/run-task", json={"task_id": task_id})
    second = await toy.http.post("/run-task", json={"task_id": task_id})
    assert (first.status_code, first.json()) == (202, {"state": "accepted"})
    assert (second.status_code, second.json()["error"]) == (409, "already_done")
    assert await said(toy) == ["Do not forget"]


async def test_a_recurring_task_keeps_its_own_time(toy: Running) -> None:
    task_id = await plan(toy, PlannedTask("remind", "r", LATER, interval_seconds=3600))
    assert (await toy.http.post("/run-task", json={"task_id": task_id})).status_code == 202
    assert (await toy.http.post("/run-task", json={"task_id": task_id})).status_code == 202
    assert await toy.runtime.store.tasks.next_due() == LATER


@pytest.mark.parametrize(
    ("case", "body", "status"),
    [
        ("an id that never was", '{"task_id": "4711"}', 404),
        ("an id that is no number", '{"task_id": "x"}', 404),
        ("no id", "{}", 422),
        ("an id that is a number", '{"task_id": 1}', 422),
        ("no JSON", "task", 422),
        ("nested too deep", "[" * 4000, 422),
        ("too much", '{"task_id": "' + "1" * 5000 + '"}', 422),
    ],
)
async def test_a_task_is_not_run(toy: Running, case: str, body: str, status: int) -> None:
    await plan(toy, PlannedTask("remind", "r", LATER))
    assert (await toy.http.post("/run-task", content=body)).status_code == status
    assert await said(toy) == []


async def test_a_timer_is_no_task_that_somebody_could_run(toy: Running) -> None:
    store = toy.runtime.store
    timer = PlannedTask("@timer", "@timer:timeout", LATER + timedelta(days=1))
    await store.tasks.replace_standing(ANA, "http_dev", [timer], at=LATER)
    with sqlite3.connect(store.path) as connection:
        (seq,) = connection.execute("SELECT seq FROM scheduled_task").fetchone()
    connection.close()
    assert (await toy.http.post("/run-task", json={"task_id": str(seq)})).status_code == 404


async def test_the_metrics_page_has_numbers_and_no_words(toy: Running) -> None:
    await toy.http.post("/inbound", json={"contact_id": "ana", "text": "my secret wish"})
    await said(toy)
    answer = await toy.http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert "frontdesk_turns_total 1" in lines
    assert "frontdesk_messages_out_total 1" in lines
    assert 'frontdesk_rows{kind="inbox_open"} 0' in lines
    assert "frontdesk_ready 1" in lines
    assert 'frontdesk_info{tenant="toy",version="0.1.0",build="test"} 1' in lines
    assert "secret" not in answer.text
    assert "ana" not in answer.text


async def test_a_copy_is_made_beside_the_running_bot_and_never_over_another(toy: Running, tmp_path: Path) -> None:
    await toy.http.post("/inbound", json={"contact_id": "ana", "text": "hello"})
    target = tmp_path / "copy.sqlite3"
    made = await toy.http.post("/internal/backup", json={"path": str(target)})
    assert made.json()["bytes"] == target.stat().st_size
    again = await toy.http.post("/internal/backup", json={"path": str(target)})
    assert (again.status_code, again.json()["error"]) == (507, "backup_failed")
    assert not target.with_name("copy.sqlite3.unfinished").exists()


async def test_an_inspection_counts_rows(toy: Running) -> None:
    await toy.http.post("/inbound", json={"contact_id": "ana", "text": "hello"})
    found = (await toy.http.get("/internal/inspect")).json()
    assert found["rows"]["inbox"] == 1
    assert "hello" not in json.dumps(found)
