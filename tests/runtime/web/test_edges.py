"""The HTTP edge of a runtime: health, readiness, limits and errors."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runtime.version import VERSION
from tests.runtime.running import Running, development_settings, running

TOO_MUCH = 4 * 1024 * 1024 + 1


@pytest.fixture
async def toy(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(development_settings(tmp_path)) as started:
        yield started


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 65536 + 1):
        yield b" " * 65536


async def test_health_tells_who_runs_what(toy: Running) -> None:
    answer = await toy.http.get("/health")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "status": "ok",
        "reasons": [],
        "version": VERSION,
        "build": "test",
        "tenant": "toy",
        "ready": True,
        "serial": 0,
        "bundle": {
            "serial": 0,
            "digest": None,
            "source": "file",
            "fetched_at": None,
            "last_error": None,
            "last_refusal": None,
        },
        "channels": {"halted": {}},
        "counts": {
            "inbox_open": 0,
            "inbox_dead": 0,
            "outbox_open": 0,
            "outbox_unknown": 0,
            "outbox_dead": 0,
            "tasks_scheduled": 0,
            "tasks_missed": 0,
            "raw_kept": 0,
        },
    }


async def test_ready_means_a_message_can_be_taken(toy: Running) -> None:
    answer = await toy.http.get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


async def test_a_runtime_without_a_configuration_takes_nothing(toy: Running) -> None:
    toy.runtime.door.close()
    answer = await toy.http.post("/webhook", content=b"{}")
    assert (answer.status_code, answer.json()["error"], answer.headers["retry-after"]) == (503, "not_ready", "5")


async def test_a_locked_database_refuses_the_message_and_says_so(tmp_path: Path, toy: Running) -> None:
    blocker = sqlite3.connect(tmp_path / "state" / "state.sqlite3", isolation_level=None)
    try:
        blocker.execute("BEGIN IMMEDIATE")
        answer = await toy.http.post("/inbound", json={"contact_id": "a", "text": "b"})
        assert (answer.status_code, answer.json()["error"]) == (503, "store_unavailable")
        assert (await toy.http.get("/ready")).status_code == 503
        health = (await toy.http.get("/health")).json()
        assert (health["status"], health["reasons"]) == ("degraded", ["the database cannot be written"])
    finally:
        blocker.close()
    assert (await toy.http.post("/inbound", json={"contact_id": "a", "text": "b"})).status_code == 202
    assert (await toy.http.get("/ready")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/nothing-here", 404, "not_found"),
        ("GET", "/inbound/", 404, "not_found"),
        ("GET", "/%3Cscript%3E", 404, "not_found"),
        ("GET", "/inbound", 405, "method_not_allowed"),
        ("DELETE", "/messages", 405, "method_not_allowed"),
    ],
)
async def test_an_error_is_json_and_repeats_nothing(
    toy: Running, method: str, path: str, status: int, error: str
) -> None:
    answer = await toy.http.request(method, path)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "script" not in answer.text
    assert "nothing-here" not in answer.text


@pytest.mark.parametrize("path", ["/inbound", "/nothing-here", "/health"])
async def test_a_body_with_an_honest_length_is_refused_before_it_is_read(toy: Running, path: str) -> None:
    headers = {"Content-Length": str(TOO_MUCH), "Content-Type": "application/json"}
    answer = await toy.http.request("POST", path, content=b"{}", headers=headers)
    assert answer.status_code == 413


async def test_a_chunked_body_is_refused_while_it_arrives(toy: Running) -> None:
    answer = await toy.http.post("/inbound", content=chunks(TOO_MUCH), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")


async def test_a_body_of_three_megabytes_is_read(toy: Running) -> None:
    body = b'{"contact_id":"a","text":"b"' + b" " * 3_000_000 + b"}"
    answer = await toy.http.post("/inbound", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 202
