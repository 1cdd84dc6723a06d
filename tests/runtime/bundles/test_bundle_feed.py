"""A whole runtime with a control plane: without one, with one, after one, and while stopping."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flow_engine.vocabulary import JSONObject
from runtime.app import open_runtime
from runtime.bundles.pacing import PollPacing, pause_s
from runtime.errors import StoreInUseError
from runtime.telemetry.json_log import JSONFormatter
from runtime.telemetry.redaction import Redactor
from tests.fakes.loopback import LoopbackServer
from tests.runtime.bundles.bundle_line import (
    FakeControlPlane,
    bundle,
    control_plane_settings,
    secret,
    write_trust,
)
from tests.runtime.running import Running, running

QUICK = PollPacing(interval_s=0.02, first_pause_s=0.01, longest_pause_s=0.02)
NOWHERE = "http://127.0.0.1:1"
PATIENCE_S = 10

WHATSAPP: JSONObject = {"type": "whatsapp", "phone_number_id": "1234567890"}
SECRETS = {"access_token": "EAAcanary-access", "app_secret": "canary-app-secret", "verify_token": "canary-verify"}


@pytest.fixture
def plane(tmp_path: Path) -> FakeControlPlane:
    write_trust(tmp_path)
    return FakeControlPlane()


async def until(started: Running, wanted: Callable[[JSONObject], bool]) -> JSONObject:
    """The health page, once it is as wanted."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        health: JSONObject = (await started.http.get("/health")).json()
        if wanted(health):
            return health
        await asyncio.sleep(0.01)
    pytest.fail(f"health stayed {health}")


def bundle_of(health: JSONObject) -> JSONObject:
    found = health["bundle"]
    assert isinstance(found, dict)
    return found


def fault_of(health: JSONObject) -> JSONObject:
    found = bundle_of(health)["last_error"]
    return found if isinstance(found, dict) else {}


async def test_without_cache_and_control_plane_it_lives_but_takes_nothing(tmp_path: Path) -> None:
    write_trust(tmp_path)
    async with running(control_plane_settings(tmp_path, NOWHERE), pacing=QUICK) as started:
        health = await until(started, lambda health: bool(fault_of(health)))
        assert (health["status"], health["ready"], health["serial"]) == ("degraded", False, None)
        assert fault_of(health)["code"] == "unreachable"
        assert (await started.http.get("/ready")).status_code == 503
        assert (await started.http.post("/webhook", content=b"{}")).status_code == 503


async def test_the_first_release_brings_it_to_life(tmp_path: Path, plane: FakeControlPlane) -> None:
    async with (
        LoopbackServer(plane.app()) as server,
        running(control_plane_settings(tmp_path, server.url), pacing=QUICK) as started,
    ):
        health = await until(started, lambda health: fault_of(health).get("code") == "http_404")
        assert health["ready"] is False
        plane.envelope = bundle(1)
        health = await until(started, lambda health: health["status"] == "ok")
        assert (health["serial"], bundle_of(health)["source"]) == (1, "control_plane")
        assert (await started.http.get("/ready")).status_code == 200
        assert (await started.http.get("/messages")).json() == []


async def test_it_starts_from_its_kept_bundle_and_asks_with_its_tag(tmp_path: Path, plane: FakeControlPlane) -> None:
    plane.envelope = bundle(1)
    async with LoopbackServer(plane.app()) as server:
        settings = control_plane_settings(tmp_path, server.url)
        async with running(settings, pacing=QUICK) as started:
            await until(started, lambda health: health["serial"] == 1)
    async with running(control_plane_settings(tmp_path, NOWHERE), pacing=QUICK) as started:
        assert (await started.http.get("/ready")).status_code == 200
        health = await until(started, lambda health: bool(fault_of(health)))
        assert (health["status"], health["serial"], bundle_of(health)["source"]) == ("ok", 1, "cache")
    async with LoopbackServer(plane.app()) as server:
        plane.asked_with.clear()
        async with running(control_plane_settings(tmp_path, server.url), pacing=QUICK) as started:
            await until(started, lambda health: bundle_of(health)["fetched_at"] is not None)
        assert None not in plane.asked_with


async def test_an_outage_does_not_hide_why_a_kept_bundle_was_refused(tmp_path: Path, plane: FakeControlPlane) -> None:
    plane.envelope = bundle(1)
    async with (
        LoopbackServer(plane.app()) as server,
        running(control_plane_settings(tmp_path, server.url), pacing=QUICK) as started,
    ):
        await until(started, lambda health: health["serial"] == 1)
    (kept,) = (file for file in (tmp_path / "state" / "bundles").iterdir() if file.is_file())
    kept.write_bytes(kept.read_bytes()[:-3])
    async with running(control_plane_settings(tmp_path, NOWHERE), pacing=QUICK) as started:
        health = await until(started, lambda health: fault_of(health).get("code") == "unreachable")
        assert health["reasons"] == [
            "no configuration is live yet",
            "bundle malformed: A kept bundle was refused: The bytes are not strict JSON in UTF-8.",
            "bundle unreachable: The control plane cannot be reached (ConnectError).",
        ]


async def test_an_outage_does_not_hide_why_a_release_was_refused(tmp_path: Path, plane: FakeControlPlane) -> None:
    plane.envelope = bundle(2)
    async with contextlib.AsyncExitStack() as outage:
        server = await outage.enter_async_context(LoopbackServer(plane.app()))
        async with running(control_plane_settings(tmp_path, server.url), pacing=QUICK) as started:
            await until(started, lambda health: health["serial"] == 2)
            plane.envelope = bundle(1)
            await until(started, lambda health: fault_of(health).get("code") == "rollback")
            await outage.aclose()
            health = await until(started, lambda health: fault_of(health).get("code") == "unreachable")
            refusal = bundle_of(health)["last_refusal"]
            assert isinstance(refusal, dict)
            assert (health["status"], health["serial"]) == ("degraded", 2)
            assert health["reasons"] == [f"bundle rollback: {refusal['reason']}"]


async def test_a_new_release_is_swapped_in_while_serving(tmp_path: Path, plane: FakeControlPlane) -> None:
    plane.envelope = bundle(1)
    async with (
        LoopbackServer(plane.app()) as server,
        running(control_plane_settings(tmp_path, server.url), pacing=QUICK) as started,
    ):
        await until(started, lambda health: health["serial"] == 1)
        plane.envelope = bundle(2, channels=[])
        await until(started, lambda health: bundle_of(health)["serial"] == 2)
        assert (await started.http.get("/messages")).status_code == 404


async def test_b28_a_hanging_answer_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    write_trust(tmp_path)
    asked = asyncio.Event()

    async def hang(_request: Request) -> Response:
        asked.set()
        await asyncio.sleep(PATIENCE_S)
        return Response()

    app = Starlette(routes=[Route("/{path:path}", hang)])
    async with (
        LoopbackServer(app) as server,
        asyncio.timeout(PATIENCE_S / 2),
        open_runtime(control_plane_settings(tmp_path, server.url)),
    ):
        await asked.wait()


async def test_a_refused_token_is_told_and_the_bot_goes_on(tmp_path: Path, plane: FakeControlPlane) -> None:
    plane.envelope = bundle(1)
    async with (
        LoopbackServer(plane.app()) as server,
        running(control_plane_settings(tmp_path, server.url), pacing=QUICK) as started,
    ):
        await until(started, lambda health: health["serial"] == 1)
        (tmp_path / "token").write_text("another", encoding="utf-8")
        health = await until(started, lambda health: fault_of(health).get("code") == "http_401")
        assert (health["status"], health["serial"]) == ("degraded", 1)
        assert "another" not in json.dumps(health)
        (tmp_path / "token").write_text("the-runtime-token", encoding="utf-8")
        await until(started, lambda health: health["status"] == "ok")


async def test_a_second_runtime_for_the_tenant_is_refused(tmp_path: Path, plane: FakeControlPlane) -> None:
    settings = control_plane_settings(tmp_path, NOWHERE)
    async with running(settings, pacing=QUICK):
        with pytest.raises(StoreInUseError):
            async with open_runtime(settings):
                pass


@pytest.fixture
async def log() -> AsyncIterator[tuple[io.StringIO, Redactor]]:
    """Everything the process logs, through the production formatter."""
    stream, redactor = io.StringIO(), Redactor()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter(redactor))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream, redactor
    root.removeHandler(handler)
    root.setLevel(level)


async def test_secrets_of_a_bundle_work_and_are_nowhere_in_clear(
    tmp_path: Path, plane: FakeControlPlane, log: tuple[io.StringIO, Redactor]
) -> None:
    stream, redactor = log
    sealed = {f"channels.0.{name}": secret(f"channels.0.{name}", value) for name, value in SECRETS.items()}
    plane.envelope = bundle(1, channels=[WHATSAPP], secrets=dict(sealed))
    async with LoopbackServer(plane.app()) as server:
        settings = control_plane_settings(tmp_path, server.url)
        async with open_runtime(settings, redactor=redactor, pacing=QUICK) as runtime:
            transport = httpx2.ASGITransport(runtime.asgi)
            async with httpx2.AsyncClient(transport=transport, base_url="http://hook.example") as http:
                started = Running(runtime, http)
                await until(started, lambda health: health["status"] == "ok")
                challenge = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": "canary-verify"}
                assert (await http.get("/webhook", params=challenge)).text == "42"
                logging.getLogger("test").warning("a careless line: %s", SECRETS)
                health = (await http.get("/health")).text
    for file in (tmp_path / "state").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not [value for value in SECRETS.values() if value.encode() in content], file
    for text in (stream.getvalue(), health):
        assert not [value for value in SECRETS.values() if value in text]
    assert "a careless line" in stream.getvalue()


def test_pauses_grow_with_failures_and_never_beyond_the_bound() -> None:
    pacing = PollPacing(interval_s=10, first_pause_s=1, longest_pause_s=60)
    assert [pause_s(pacing, failures, 1.0) for failures in (1, 2, 3, 7, 5000)] == [1, 2, 4, 60, 60]
    assert [pause_s(pacing, failures, 0.0) for failures in (1, 5000)] == [0, 0]
    assert (pause_s(pacing, 0, 0.0), pause_s(pacing, 0, 1.0)) == (5, 15)
