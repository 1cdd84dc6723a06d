"""What a control plane hears of a running bot, whatever happens to the reports on their way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flow_engine.vocabulary import JSON, JSONObject
from runtime.bundles.pacing import PollPacing
from tests.fakes.loopback import LoopbackServer
from tests.runtime.bundles.bundle_line import OTHER_KEY, bundle, control_plane_settings, write_trust
from tests.runtime.control_plane_server import ControlPlaneServer, linked, say, until
from tests.runtime.running import TOY_FLOW, running

CONTACT = "34600111222"


@pytest.fixture
def plane() -> ControlPlaneServer:
    return ControlPlaneServer()


async def test_a_turn_is_told_with_its_words_masked_and_its_counts(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await say(started, "m1", "hola, soy +34 600 111 222, ana@example.org")
        await until(lambda: bool(plane.entries("turns")))
    (turn,) = plane.entries("turns")
    assert turn["heard"] == "hola, soy [hidden], [hidden]"
    assert turn["said"] == ["Welcome to Luna [Pick | Bye]"]
    assert (turn["state_before"], turn["state_after"], turn["serial"]) == (None, "MENU", 1)
    assert str(turn["contact"]).startswith("c-")
    assert str(turn["contact"]).endswith("-22")
    assert turn["error"] is None
    assert plane.count("turns", channel="http_dev") == 1
    assert plane.count("messages_in", channel="http_dev") == 1
    assert plane.count("messages_out", channel="http_dev") == 1
    assert plane.count("state_entered", state="MENU") == 1
    assert CONTACT not in json.dumps(plane.received)
    assert "example.org" not in json.dumps(plane.received)


async def test_a_heartbeat_says_what_runs(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        await until(lambda: bool(plane.entries("turns")))
    last = plane.received[-1]
    heartbeat = last["heartbeat"]
    assert isinstance(heartbeat, dict)
    assert (heartbeat["serial"], heartbeat["ready"], heartbeat["degraded"]) == (1, True, [])
    assert heartbeat["last_inbound_at"] is not None
    gauges = last["gauges"]
    assert isinstance(gauges, dict)
    assert gauges["open_conversations"] == [{"state": "MENU", "serial": 1, "count": 1}]


def told_serial(plane: ControlPlaneServer) -> tuple[JSON, JSON]:
    """The live serial and the refused one, as the last report says."""
    heartbeat = plane.received[-1]["heartbeat"] if plane.received else {}
    assert isinstance(heartbeat, dict)
    refusal = heartbeat.get("refusal")
    return heartbeat.get("serial"), refusal["serial"] if isinstance(refusal, dict) else None


def told_trial(plane: ControlPlaneServer) -> JSON:
    """The serial of the release that is tried, as the last report says."""
    heartbeat = plane.received[-1]["heartbeat"]
    assert isinstance(heartbeat, dict)
    return heartbeat["staged_serial"]


async def test_the_report_on_a_release_does_not_wait_for_its_turn(tmp_path: Path, plane: ControlPlaneServer) -> None:
    hourly = PollPacing(interval_s=3600.0, first_pause_s=0.01, longest_pause_s=0.05)
    write_trust(tmp_path)
    plane.bundles.status = 404
    async with (
        LoopbackServer(plane.app()) as server,
        running(control_plane_settings(tmp_path, server.url), pacing=hourly) as started,
    ):
        await until(lambda: bool(plane.received))
        assert told_serial(plane) == (None, None)
        plane.bundles.envelope, plane.bundles.status = bundle(1, key=OTHER_KEY), 200
        await until(lambda: plane.received[-1]["heartbeat"]["refusal"] is not None)  # type: ignore[index,call-overload]  # an object
        plane.staged, plane.staged_serial = bundle(2, staged={"contacts": [CONTACT]}), 2
        plane.bundles.envelope = bundle(1)
        await until(lambda: told_serial(plane) == (1, None))
        await until(lambda: told_trial(plane) == 2)
        plane.staged_serial = None
        started.runtime.core.activity.report_soon.set()  # whose answer ends the trial
        await until(lambda: told_trial(plane) is None)


async def test_a_refused_release_is_told_with_its_serial_and_its_reason(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    def told() -> JSON:
        heartbeat = plane.received[-1]["heartbeat"] if plane.received else {}
        assert isinstance(heartbeat, dict)
        return heartbeat.get("refusal")

    async with linked(tmp_path, plane):
        await until(lambda: bool(plane.received))
        assert told() is None
        plane.bundles.envelope = bundle(2, limits={"loop_messages": -1})
        await until(lambda: told() is not None)
        refusal = told()
        plane.bundles.envelope = bundle(3)
        await until(lambda: told() is None)
    reason = "The limits cannot be used: limits.loop_messages: must be a number from 0 up"
    assert refusal == {"code": "bad_limits", "reason": reason, "serial": 2}


async def test_a_bundle_nobody_we_know_has_signed_is_told_without_a_serial(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    async with linked(tmp_path, plane) as started:
        plane.bundles.envelope = bundle(2, key=OTHER_KEY)
        await until(lambda: started.runtime.status().last_refusal is not None)
        refusal = started.runtime.status().last_refusal
    assert refusal is not None
    assert (refusal.code, refusal.serial) == ("unknown_key", None)


@pytest.mark.parametrize(
    ("what_happens", "failures"),
    [
        ("the control plane is down for three reports", [500, 500, 503]),
        ("the report is taken and its answer lost, twice", [200, 200]),
        ("the report is too big at first", [413, 413]),
        ("the token is refused for a while", [401]),
    ],
)
async def test_nothing_is_lost_or_counted_twice_when(
    tmp_path: Path, plane: ControlPlaneServer, what_happens: str, failures: list[int]
) -> None:
    async with linked(tmp_path, plane) as started:
        plane.failures = list(failures)
        for number in range(5):
            await say(started, f"m{number}", contact=f"3460011122{number}")
        await until(lambda: not plane.failures and len(plane.entries("turns")) == 5)
    ids = [turn["id"] for turn in plane.entries("turns")]
    assert len(set(ids)) == 5
    assert plane.count("turns", channel="http_dev") == 5


async def test_a_report_that_was_under_way_when_the_process_ended_comes_again_as_it_was(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        await until(lambda: bool(plane.entries("turns")))
        plane.failures = [200] * 50
        before = len(plane.reports)
        await say(started, "m2")
        await until(lambda: len(plane.reports) > before and plane.reports[[*plane.reports][-1]]["turns"] != [])
        pending = [*plane.reports][-1]
    plane.failures = []
    async with linked(tmp_path, plane):
        await until(lambda: plane.received[-1]["report_id"] != pending)
    again = [report for report in plane.received if report["report_id"] == pending]
    assert len(again) > 1
    assert all(report["turns"] == again[0]["turns"] for report in again)
    assert len(plane.entries("turns")) == 2
    assert plane.count("turns", channel="http_dev") == 2


async def test_a_suspended_bot_stores_and_keeps_silent_also_after_a_restart(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    write_trust(tmp_path)
    async with linked(tmp_path, plane) as started:
        plane.suspended = True
        await until(lambda: started.runtime.core.suspension.active)
        answer = await started.http.post("/inbound", json={"id": "m1", "contact_id": CONTACT, "text": "hola"})
        assert answer.status_code == 202
        health: JSONObject = (await started.http.get("/health")).json()
        assert health["reasons"] == ["suspended: messages are stored and not answered"]
        assert health["ready"] is True
    plane.failures = [500] * 1000  # the control plane is away: only the disk knows
    async with linked(tmp_path, plane) as started:
        assert started.runtime.core.suspension.active
        counts = await started.runtime.core.store.counts()
        assert (counts.inbox_open, counts.outbox_open) == (1, 0)
        plane.suspended, plane.failures = False, []
        await until(lambda: bool(plane.entries("turns")))
    assert [turn["said"] for turn in plane.entries("turns")] == [["Welcome to Luna [Pick | Bye]"]]


def test_the_toy_flow_is_the_one_these_tests_speak_of() -> None:
    assert "Welcome to {{ business.name }}" in TOY_FLOW
