"""Several releases at once: people finish on the old one, are moved or begin anew; a trial is for its contacts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flow_engine.bundle import seal
from flow_engine.bundle.rollout import InFlight, WhatToDo
from flow_engine.language import read_flow
from flow_engine.vocabulary import JSON, JSONObject
from runtime.active_config import MOST_OLDER, OLDER_FOR, ActiveConfigHolder
from runtime.conversation.release_choice import Conversation, choose_release
from tests.flow_engine.conversations import conversation
from tests.flow_engine.normalised import program, state, text
from tests.runtime.bundles.bundle_line import KEY, bundle, payload
from tests.runtime.control_plane_server import ControlPlaneServer, heard, linked, quiet, until
from tests.runtime.desk import config
from tests.runtime.running import TOY_FLOW, Running

CONTACT = "34600111222"
TESTER = "34600999888"

RENAMED = TOY_FLOW.replace("PICK", "CHOOSE").replace("Welcome to", "New here at")
WITHOUT_PICK = read_flow(RENAMED, file="toy").program or {}
"""The toy flow with the state PICK under another name, which nobody calls a renaming."""

FINISH: JSONObject = {"PICK": {"do": "finish"}}
MOVE: JSONObject = {"PICK": {"do": "move", "to": "CHOOSE"}}
MENU, NEW_MENU, ASKED, BYE = "Welcome to Luna", "New here at Luna", "Which one?", "Goodbye"
BEGUN_ANEW = "This conversation was updated, so we start again."


@pytest.fixture
def plane() -> ControlPlaneServer:
    return ControlPlaneServer()


async def tap(started: Running, message_id: str, payload: str, contact: str = CONTACT) -> None:
    body = {"id": message_id, "contact_id": contact, "payload": payload, "text": payload}
    assert (await started.http.post("/inbound", json=body)).status_code == 202
    await quiet(started)


async def into_pick(started: Running) -> None:
    await tap(started, "m1", "hello")
    await tap(started, "m2", "pick")
    assert await heard(started, CONTACT) == [MENU, ASKED]


async def publish(plane: ControlPlaneServer, started: Running, serial: int, **changes: JSON) -> None:
    plane.bundles.envelope = seal(payload(serial, **changes), KEY)
    await until(lambda: started.runtime.status().serial == serial)


async def test_who_is_inside_a_deleted_state_finishes_on_the_old_release_and_goes_on_with_the_new(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    async with linked(tmp_path, plane) as started:
        await into_pick(started)
        await publish(plane, started, 2, program=WITHOUT_PICK, people_in_flight=FINISH)
        await tap(started, "m3", "apple")
        await tap(started, "m4", "hello")
        assert (await heard(started, CONTACT))[2:] == [BYE, NEW_MENU]


async def test_they_also_finish_after_a_restart_and_a_release_that_says_nothing_about_it(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    async with linked(tmp_path, plane) as started:
        await into_pick(started)
        await publish(plane, started, 2, program=WITHOUT_PICK, people_in_flight=FINISH)
        await publish(plane, started, 3, program=WITHOUT_PICK, connectors={"calendar": {"type": "mock"}})
    async with linked(tmp_path, plane) as started:
        assert sorted(started.runtime.core.configs.held.older) == [1, 2]
        await tap(started, "m3", "apple")
        assert (await heard(started, CONTACT))[2:] == [BYE]


async def test_who_is_to_be_moved_goes_on_in_the_other_state(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await into_pick(started)
        await publish(plane, started, 2, program=WITHOUT_PICK, people_in_flight=MOVE)
        assert not started.runtime.core.configs.held.older
        await tap(started, "m3", "apple")
        assert (await heard(started, CONTACT))[2:] == [BYE]


@pytest.mark.parametrize("said", [{}, {"PICK": {"do": "restart"}}], ids=["silence", "restart"])
async def test_otherwise_they_are_told_and_begin_anew(
    tmp_path: Path, plane: ControlPlaneServer, said: JSONObject
) -> None:
    async with linked(tmp_path, plane) as started:
        await into_pick(started)
        await publish(plane, started, 2, program=WITHOUT_PICK, people_in_flight=said)
        await tap(started, "m3", "apple")
        assert (await heard(started, CONTACT))[3:] == [NEW_MENU]


async def test_a_state_that_comes_back_needs_no_word_any_more(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await into_pick(started)
        await publish(plane, started, 2, program=WITHOUT_PICK, people_in_flight=FINISH)
        await publish(plane, started, 3)
        assert not started.runtime.core.configs.held.older
        await tap(started, "m3", "apple")
        assert (await heard(started, CONTACT))[2:] == [BYE]


async def test_a_trial_runs_for_its_contacts_alone_and_survives_a_restart(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    plane.staged = bundle(2, program=WITHOUT_PICK, staged={"contacts": [TESTER]})
    plane.staged_serial = 2
    async with linked(tmp_path, plane) as started:
        await until(lambda: started.runtime.core.configs.staged is not None)
        await tap(started, "m1", "hello")
        await tap(started, "m2", "hello", TESTER)
        assert (await heard(started, CONTACT), await heard(started, TESTER)) == ([MENU], [NEW_MENU])
        assert started.runtime.status().serial == 1
    plane.failures = [500] * 1000
    async with linked(tmp_path, plane) as started:
        await tap(started, "m3", "hello", TESTER)
        assert (await heard(started, TESTER))[1:] == [NEW_MENU]
        plane.staged_serial, plane.failures = None, []
        await until(lambda: started.runtime.core.configs.staged is None)
        await tap(started, "m4", "hello", TESTER)
        assert (await heard(started, TESTER))[2:] == [MENU]
    assert not (tmp_path / "state/bundles/staged.dsse.json").exists()


async def test_a_trial_ends_with_a_live_release_that_is_newer_or_when_an_operator_says_so(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    plane.staged, plane.staged_serial = bundle(2, staged={"contacts": [TESTER]}), 2
    async with linked(tmp_path, plane) as started:
        configs = started.runtime.core.configs
        await until(lambda: configs.staged is not None)
        plane.staged_serial = None
        await publish(plane, started, 3)
        assert configs.staged is None
        plane.send("discard_staged")
        assert str((await plane.result())["detail"]).startswith("nothing_staged: ")


@pytest.mark.parametrize(
    ("case", "served"),
    [
        ("a live release served as a trial", bundle(2)),
        ("a trial that is older than what is live", bundle(1, staged={"contacts": [TESTER]})),
        ("a trial that does not compile", bundle(2, program={}, staged={"contacts": [TESTER]})),
    ],
)
async def test_a_trial_is_refused_and_the_live_release_stays(
    tmp_path: Path, plane: ControlPlaneServer, case: str, served: bytes
) -> None:
    async with linked(tmp_path, plane) as started:
        plane.staged, plane.staged_serial = served, 2
        reports = len(plane.received)
        await until(lambda: len(plane.received) > reports + 2)
        assert started.runtime.core.configs.staged is None
        assert started.runtime.status().serial == 1


async def test_a_trial_that_is_served_to_everybody_is_refused(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        plane.bundles.envelope = bundle(2, staged={"contacts": [TESTER]})
        await until(lambda: started.runtime.status().last_refusal is not None)
        refusal = started.runtime.status().last_refusal
        assert refusal is not None
        assert refusal.code == "staged_as_live"
        assert started.runtime.status().serial == 1


async def test_new_knowledge_touches_neither_program_nor_conversations(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    async with linked(tmp_path, plane) as started:
        await into_pick(started)
        core = started.runtime.core
        assert core.configs.current is not None
        before = core.configs.current.program
        await publish(plane, started, 2, knowledge={"version": "v2", "markdown": "# Open\nFrom ten."})
        assert core.configs.current.program is before
        assert core.configs.current.knowledge_markdown == "# Open\nFrom ten."
        await tap(started, "m3", "apple")
        assert (await heard(started, CONTACT))[2:] == [BYE]


NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
OLD_FLOW = program({"MENU": state(text("old")), "GONE": state(text("gone"))})
FLOW = program({"MENU": state(text("new"))})


@pytest.mark.parametrize(
    ("case", "age", "serial", "runs_on"),
    [
        ("a release that was replaced yesterday", timedelta(days=1), 1, 1),
        ("a release that was replaced too long ago", OLDER_FOR, 1, 9),
        ("a release that nobody kept", timedelta(days=1), 5, 9),
        ("a conversation of nobody knows which release", timedelta(days=1), None, 9),
    ],
)
async def test_people_finish_on(case: str, age: timedelta, serial: int | None, runs_on: int) -> None:
    holder = ActiveConfigHolder()
    holder.keep_older(config({}, flow=OLD_FLOW, serial=1), replaced_at=NOW - age)
    live = config({}, flow=FLOW, serial=9)
    object.__setattr__(live, "people_in_flight", {"GONE": InFlight(WhatToDo.FINISH)})
    holder.swap(live, at=NOW)
    snapshot = conversation("c", "http_dev", CONTACT, state="GONE")
    choice = choose_release(holder.held, Conversation({CONTACT}, snapshot, serial), NOW)
    assert choice.release.value.serial == runs_on
    assert choice.snapshot is snapshot
    await holder.close()


async def test_no_more_than_a_few_older_releases_are_held() -> None:
    holder = ActiveConfigHolder()
    for serial in range(1, MOST_OLDER + 3):
        holder.keep_older(config({}, flow=OLD_FLOW, serial=serial), replaced_at=NOW + timedelta(hours=serial))
    assert sorted(holder.held.older) == [3, 4, 5]
    await holder.close()
