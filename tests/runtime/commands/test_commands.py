"""What a control plane can make a runtime do: once each, and refused with a reason where it makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow_engine.outputs.output import Parameter, Template
from flow_engine.vocabulary import JSON
from tests.runtime.control_plane_server import ControlPlaneServer, heard, linked, quiet, say, until

CONTACT = "34600111222"


@pytest.fixture
def plane() -> ControlPlaneServer:
    return ControlPlaneServer()


async def test_a_person_takes_over_replies_and_gives_back(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        await until(lambda: bool(plane.entries("turns")))
        pseudonym = plane.entries("turns")[0]["contact"]
        plane.send("pause_contact", "c1", contact=pseudonym)
        assert (await plane.result("c1"))["status"] == "done"
        await quiet(started)
        await say(started, "m2", "is anybody there?")
        plane.send("staff_reply", "c2", contact=pseudonym, text="Yes, Eva here.")
        assert (await plane.result("c2"))["result"] == {"message_id": "staff:c2"}
        plane.send("resume_contact", "c3", contact=CONTACT, channel="http_dev")
        assert (await plane.result("c3"))["status"] == "done"
        await quiet(started)
        await say(started, "m3", "and now?")
        bodies = await heard(started, CONTACT)
    assert bodies == ["Welcome to Luna", "Yes, Eva here.", "Welcome to Luna"]


async def test_a_template_is_put_into_the_line_as_it_was_filled(tmp_path: Path, plane: ControlPlaneServer) -> None:
    template: JSON = {
        "name": "hello",
        "language": "es",
        "parameters": [{"text": "Ana"}, {"text": "10:00", "name": "at"}],
    }
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        plane.send("staff_reply", "c1", contact=CONTACT, template=template)
        assert (await plane.result("c1"))["result"] == {"message_id": "staff:c1"}
        messages = await started.runtime.core.outgoing.list("http_dev", CONTACT)
    assert messages[-1].output == Template("hello", "es", (Parameter("Ana"), Parameter("10:00", "at")))


async def test_a_command_that_comes_with_every_answer_is_carried_out_once(
    tmp_path: Path, plane: ControlPlaneServer
) -> None:
    plane.long_poll = True  # the same command comes on both ways, again and again
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        plane.send("staff_reply", "c1", contact=CONTACT, text="once")
        await plane.result("c1")
        await say(started, "m2")
        await quiet(started)
        bodies = await heard(started, CONTACT)
    assert bodies.count("once") == 1


REFUSALS: list[tuple[str, str, dict[str, JSON], str]] = [
    ("nobody of this name", "pause_contact", {"contact": "c-000000000000-11"}, "unknown_contact"),
    ("nobody wrote", "staff_reply", {"contact": "34999999999", "text": "hi"}, "unknown_contact"),
    ("no text", "staff_reply", {"contact": CONTACT, "text": "  "}, "empty_text"),
    ("no text at all", "staff_reply", {"contact": CONTACT}, "bad_payload"),
    ("too much text", "staff_reply", {"contact": CONTACT, "text": "x" * 4097}, "too_long"),
    ("a template that is none", "staff_reply", {"contact": CONTACT, "template": "hello"}, "bad_payload"),
    (
        "a blank that is no text",
        "staff_reply",
        {"contact": CONTACT, "template": {"name": "hello", "language": "es", "parameters": [7]}},
        "bad_payload",
    ),
    ("a task that never was", "run_task", {"task_id": "4711"}, "unknown_task"),
    ("a task to cancel that never was", "cancel_task", {"task_id": "4711"}, "unknown_task"),
    ("a letter that never was", "resend_dead_letter", {"id": "outbound:x"}, "unknown_dead_letter"),
    ("a letter of no kind", "drop_dead_letter", {"id": "x"}, "unknown_dead_letter"),
    ("a connector nobody bound", "breaker", {"connector": "calendar", "mode": "auto"}, "unknown_connector"),
    ("a breaker's mood", "breaker", {"connector": "calendar", "mode": "grumpy"}, "unknown_mode"),
    ("a kind from the future", "dance", {}, "unknown_kind"),
]


@pytest.mark.parametrize(("case", "kind", "payload", "word"), REFUSALS, ids=[row[0] for row in REFUSALS])
async def test_a_command_is_refused_with_a_word(
    tmp_path: Path, plane: ControlPlaneServer, case: str, kind: str, payload: dict[str, JSON], word: str
) -> None:
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        plane.send(kind, "c1", **payload)
        result = await plane.result("c1")
        await quiet(started)
        bodies = await heard(started, CONTACT)
    assert result["status"] == "refused"
    assert str(result["detail"]).startswith(f"{word}: ")
    assert bodies == ["Welcome to Luna"]


async def test_a_command_that_is_too_old_is_refused(tmp_path: Path, plane: ControlPlaneServer) -> None:
    async with linked(tmp_path, plane) as started:
        await say(started, "m1")
        plane.send("staff_reply", "c1", contact=CONTACT, text="late")
        plane.commands[0]["expires_at"] = "2026-01-01T00:00:00+00:00"
        assert (await plane.result("c1"))["detail"] == "expired: It came too late."
