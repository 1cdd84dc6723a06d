"""Commands about dead letters and tasks at a running bot: what they do, once, wherever the process ends."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flow_engine.vocabulary import JSONObject
from tests.flow_engine.normalised import program, state, text, transition
from tests.runtime.bundles.bundle_line import bundle
from tests.runtime.control_plane_server import ControlPlaneServer, heard, linked, quiet, until
from tests.runtime.running import Running

CONTACT = "34600111222"


def schedule(key: str, **when: object) -> JSONObject:
    plan: JSONObject = {"run_at": None, "cron": None, "interval_seconds": None}
    return plan | {"action": "schedule_task", "task": "remind", "idempotency_key": key} | when  # type: ignore[return-value]  # a table's keywords


FLOW = program(
    {
        "MENU": state(text("Hello"), fallback="MENU"),
        "ONCE": state(schedule("once", run_at="2099-01-01T10:00:00Z"), text("noted"), fallback="MENU"),
        "OFTEN": state(schedule("often", interval_seconds=86400), text("noted"), fallback="MENU"),
    },
    global_transitions=[transition("ONCE", on_payload="once"), transition("OFTEN", on_payload="often")],
    tasks={"remind": [text("reminder")]},
)

STAFF: JSONObject = {"notification": {"type": "mock", "responses": {"notify": {"ok": True}}}}
RELEASE = bundle(1, program=FLOW, connectors=STAFF, limits={"inbound_per_contact_per_minute": 1})
"""The second message within a minute is parked."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is said first, what stands as the target's id, the command, and what is found afterwards.

    ``spoil`` makes something a dead letter; ``finding`` is SQL over the state file.
    """

    command: str
    says: tuple[str, ...]
    id_is: str
    hears: tuple[str, ...]
    finding: str
    finds: tuple[object, ...]
    spoil: str = ""

    @property
    def payload_name(self) -> str:
        return "task_id" if self.command.endswith("_task") else "id"


_TASK = "SELECT CAST(seq AS TEXT) FROM scheduled_task"
_INBOUND = "SELECT 'inbound:' || seq FROM inbox WHERE state = 'dead'"
_OUTBOUND = "SELECT 'outbound:' || id FROM outbox WHERE state = 'dead'"
_NOTICE = "SELECT 'notice:' || id FROM staff_notice WHERE state = 'dead'"
_SPOIL_REPLY = (
    "UPDATE outbox SET state = 'dead', attempts = 5, error = 'broken', provider_message_id = NULL, delivery = NULL"
)
_NEW_NOTICE = """
    INSERT INTO staff_notice (id, channel_id, contact_id, subject, text, state, attempts, error, created_at, updated_at)
    VALUES ('n1', 'http_dev', '34600111222', 'Look', 'at this', 'dead', 5, 'broken', 1, 1)
"""

CASES = {
    "an inbound message is answered though its contact's limit refused it": Case(
        "resend_dead_letter",
        ("hi", "once"),
        _INBOUND,
        ("Hello", "noted"),
        "SELECT count(*), sum(state = 'done') FROM inbox",
        (2, 2),
    ),
    "a reply leaves": Case(
        "resend_dead_letter",
        ("hi",),
        _OUTBOUND,
        ("Hello",),
        "SELECT state, attempts, error, provider_message_id IS NULL FROM outbox",
        ("sent", 1, None, 0),
        spoil=_SPOIL_REPLY,
    ),
    "the staff is told": Case(
        "resend_dead_letter",
        ("hi",),
        _NOTICE,
        ("Hello",),
        "SELECT state, error FROM staff_notice",
        ("told", None),
        spoil=_NEW_NOTICE,
    ),
    "an inbound message is let go and its id is kept": Case(
        "drop_dead_letter",
        ("hi", "once"),
        _INBOUND,
        ("Hello",),
        "SELECT state, event, count(*) OVER () FROM inbox ORDER BY seq DESC",
        ("done", "{}", 2),
    ),
    "a reply is let go": Case(
        "drop_dead_letter", ("hi",), _OUTBOUND, (), "SELECT count(*) FROM outbox", (0,), spoil=_SPOIL_REPLY
    ),
    "a task runs before its time": Case(
        "run_task",
        ("once",),
        _TASK,
        ("noted", "reminder"),
        "SELECT state, fired_count FROM scheduled_task",
        ("fired", 1),
    ),
    "a recurring task runs besides": Case(
        "run_task",
        ("often",),
        _TASK,
        ("noted", "reminder"),
        "SELECT state, fired_count FROM scheduled_task",
        ("scheduled", 1),
    ),
    "a task is cancelled": Case(
        "cancel_task", ("once",), _TASK, ("noted",), "SELECT state, fired_count FROM scheduled_task", ("cancelled", 0)
    ),
}


@pytest.fixture
def plane() -> ControlPlaneServer:
    return ControlPlaneServer()


def file_of(folder: Path) -> Path:
    (found,) = (folder / "state").glob("*.sqlite3")
    return found


def sql(folder: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(file_of(folder))
    with connection:
        found = connection.execute(statement, values).fetchall()
    connection.close()
    return found


async def prepared(folder: Path, started: Running, case: Case) -> str:
    """Say what the case says; the id of what its command is about."""
    for number, payload in enumerate(case.says):
        body = {"id": f"m{number}", "contact_id": CONTACT, "payload": payload, "text": payload}
        assert (await started.http.post("/inbound", json=body)).status_code == 202
        await quiet(started)
    if case.spoil:
        sql(folder, case.spoil)
    ((target,),) = sql(folder, case.id_is)
    return str(target)


async def settled(folder: Path, started: Running, case: Case) -> None:
    """What the case finds is there, and what it hears was said, once."""
    await until(lambda: sql(folder, case.finding)[0] == case.finds)
    await quiet(started)
    assert sql(folder, case.finding)[0] == case.finds
    assert await heard(started, CONTACT) == list(case.hears)


@contextlib.asynccontextmanager
async def bot(folder: Path, plane: ControlPlaneServer) -> AsyncIterator[Running]:
    async with linked(folder, plane, release=RELEASE) as started:
        yield started


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_it_is_done_and_told(tmp_path: Path, plane: ControlPlaneServer, case: Case) -> None:
    async with bot(tmp_path, plane) as started:
        target = await prepared(tmp_path, started, case)
        plane.send(case.command, "c1", **{case.payload_name: target})
        result = await plane.result("c1")
        assert (result["status"], result["detail"]) == ("done", "")
        await settled(tmp_path, started, case)


@pytest.mark.parametrize("named", ["a reply leaves", "a recurring task runs besides", "a task is cancelled"])
async def test_a_process_that_ends_before_the_result_is_acknowledged_tells_it_later_and_does_nothing_again(
    tmp_path: Path, plane: ControlPlaneServer, named: str
) -> None:
    case, plane.long_poll = CASES[named], True
    async with bot(tmp_path, plane) as started:
        target = await prepared(tmp_path, started, case)
        plane.failures = [503] * 100_000
        plane.send(case.command, "c1", **{case.payload_name: target})
        await until(lambda: sql(tmp_path, "SELECT state FROM command") == [("done",)])
    plane.failures = []
    async with bot(tmp_path, plane) as started:
        assert (await plane.result("c1"))["status"] == "done"
        await settled(tmp_path, started, case)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_a_process_that_ends_between_the_deed_and_its_record_finds_it_done(
    tmp_path: Path, plane: ControlPlaneServer, case: Case
) -> None:
    plane.long_poll = True
    async with bot(tmp_path, plane) as started:
        target = await prepared(tmp_path, started, case)
        plane.failures = [503] * 100_000
        plane.send(case.command, "c1", **{case.payload_name: target})
        await until(lambda: sql(tmp_path, "SELECT state FROM command") == [("done",)])
    # The file as it was between the two transactions.
    payload = json.dumps({case.payload_name: target})
    sql(tmp_path, "UPDATE command SET state = 'begun', payload = ?, finished_at = NULL", payload)
    sql(tmp_path, "DELETE FROM telemetry_entry WHERE kind = 'command_results'")
    plane.failures, plane.long_poll = [], False
    async with bot(tmp_path, plane) as started:
        result = await plane.result("c1")
        assert (result["status"], result["detail"]) == ("done", "")
        assert sql(tmp_path, "SELECT state, beginnings FROM command") == [("done", 2)]
        await settled(tmp_path, started, case)
