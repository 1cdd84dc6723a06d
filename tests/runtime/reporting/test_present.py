"""What a running bot's reports say of its connectors, its tasks, what it gave up, and its tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.errors import FailureKind
from connectors.kernel.circuit_breaker import BreakerState
from connectors.kernel.pipeline import CallReport
from flow_engine.vocabulary import JSON, JSONObject
from runtime.telemetry.connector_watch import REMEMBERED, ConnectorWatch, Latency
from tests.flow_engine.normalised import program, state, text, transition
from tests.runtime.bundles.bundle_line import bundle
from tests.runtime.control_plane_server import ControlPlaneServer, linked, quiet, until
from tests.runtime.desk import invoke
from tests.runtime.running import Running

CONTACT = "34600111222"
SCHEDULE: JSONObject = {
    "action": "schedule_task",
    "task": "remind",
    "idempotency_key": "once",
    "run_at": "2099-01-01T10:00:00Z",
    "cron": None,
    "interval_seconds": None,
}
FLOW = program(
    {
        "MENU": state(text("Hello"), fallback="MENU", llm_fallback=True),
        "BOOK": state(invoke("book", "booking"), text("booked"), fallback="MENU"),
        "LATER": state(SCHEDULE, text("noted"), fallback="MENU", llm_fallback=True),
    },
    global_transitions=[transition("BOOK", on_payload="book"), transition("LATER", on_payload="later")],
    tasks={"remind": [text("reminder")]},
)
CONNECTORS: JSONObject = {
    "calendar": {"type": "mock", "responses": {"book": {"id": "appt-1"}}},
    "llm": {"type": "mock_llm", "responses": {"open today?": {"text": "Yes, until 8.", "tokens": 30}}},
}
LLM: JSONObject = {"enabled": True, "provider": "mock_llm", "knowledge_version": "v1", "quota_monthly_tokens": 1000}
RELEASE = bundle(
    1,
    program=FLOW,
    connectors=CONNECTORS,
    llm=LLM,
    knowledge={"version": "v1", "markdown": "# Hours\nOpen until 8."},
    limits={"inbound_per_contact_per_minute": 3},
)


async def send(started: Running, message_id: str, words: str, payload: str | None = None) -> None:
    body: dict[str, JSON] = {"id": message_id, "contact_id": CONTACT, "text": words}
    if payload is not None:
        body["payload"] = payload
    assert (await started.http.post("/inbound", json=body)).status_code == 202
    await quiet(started)


def rows(whole: JSONObject, name: str) -> list[JSONObject]:
    found = whole[name]
    assert isinstance(found, list)
    return [row for row in found if isinstance(row, dict)]


def gauges(plane: ControlPlaneServer) -> JSONObject:
    found = plane.received[-1]["gauges"] if plane.received else {}
    assert isinstance(found, dict)
    return found


async def test_a_report_tells_of_connectors_tasks_dead_letters_and_tokens(tmp_path: Path) -> None:
    plane = ControlPlaneServer()
    async with linked(tmp_path, plane, release=RELEASE) as started:
        await send(started, "m1", "book", "book")
        await send(started, "m2", "later", "later")
        await send(started, "m3", "open today?")
        await send(started, "m4", "one too many")
        await until(lambda: gauges(plane).get("dead_letters") == 1)
        plane.send("breaker", "c1", connector="calendar", mode="forced_open")
        await plane.result("c1")
        await until(lambda: {"connector": "calendar", "state": "forced_open"} in rows(gauges(plane), "breakers"))
        last = plane.received[-1]
    told = gauges(plane)
    quota = told["quota"]
    assert isinstance(quota, dict)
    assert rows(told, "breakers") == [
        {"connector": "calendar", "state": "forced_open"},
        {"connector": "llm", "state": "closed"},
    ]
    named = {(row["connector"], row["operation"]): row for row in rows(told, "connector_latency")}
    booked = named["calendar", "book"]
    assert booked["count"] == 1
    assert booked["p50_ms"] == booked["p95_ms"]
    assert (quota["tokens"], quota["limit"]) == (30, 1000)
    (task,) = rows(last, "scheduled_tasks")
    told_task = (task["task"], task["channel"], task["due_at"], task["state"])
    assert told_task == ("remind", "http_dev", "2099-01-01T10:00:00+00:00", "scheduled")
    (letter,) = rows(last, "dead_letters")
    reason = "the contact sent more messages in a minute than its limit"
    assert (letter["kind"], letter["channel"], letter["error"]) == ("inbound", "http_dev", reason)
    assert str(letter["id"]).startswith("inbound:")
    assert letter["contact"] == task["contact"] != CONTACT


def call(operation: str, outcome: str, duration_s: float, connector: str = "calendar") -> CallReport:
    return CallReport(connector, operation, outcome, 1, duration_s, BreakerState.CLOSED, "")


def test_latencies_are_of_the_last_calls_and_counts_of_all() -> None:
    watch = ConnectorWatch()
    for _ in range(100):
        watch(call("book", "ok", 9.0))
    for number in range(1, REMEMBERED + 1):
        watch(call("book", "ok", number / 1000))
    watch(call("cancel", FailureKind.TIMEOUT.value, 5.0))
    assert watch.latencies() == [
        Latency("calendar", "book", 100 + REMEMBERED, 101.0, 191.0),
        Latency("calendar", "cancel", 1, 5000.0, 5000.0),
    ]


@pytest.mark.parametrize(
    ("outcomes", "refused"),
    [
        pytest.param([FailureKind.UNAUTHORIZED.value], {"calendar"}, id="once refused, it is told"),
        pytest.param(
            [FailureKind.UNAUTHORIZED.value, FailureKind.TIMEOUT.value], {"calendar"}, id="silence mends nothing"
        ),
        pytest.param([FailureKind.UNAUTHORIZED.value, "ok"], set(), id="accepted again, it is over"),
        pytest.param([FailureKind.TIMEOUT.value], set(), id="a timeout is no refusal"),
    ],
)
def test_a_connector_whose_credentials_are_refused_is_named_until_they_are_accepted(
    outcomes: list[str], refused: set[str]
) -> None:
    watch = ConnectorWatch()
    for outcome in outcomes:
        watch(call("book", outcome, 0.1))
    assert watch.unauthorized == refused
