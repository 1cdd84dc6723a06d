"""A control plane as a server: takes reports as docs/runtime-api.md says, hands out commands, keeps uploads."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flow_engine.vocabulary import JSON, JSONObject
from runtime.bundles.pacing import PollPacing
from tests.fakes.loopback import LoopbackServer
from tests.flow_engine.spoken import spoken
from tests.runtime.bundles.bundle_line import (
    TENANT,
    TOKEN,
    FakeControlPlane,
    bundle,
    control_plane_settings,
    write_trust,
)
from tests.runtime.running import Running, running

QUICK = PollPacing(interval_s=0.05, first_pause_s=0.01, longest_pause_s=0.05)
PATIENCE_S = 15.0

type Answers = list[Response | None]


@dataclass(slots=True)
class ControlPlaneServer:
    """``failures`` answer the next reports instead, in order; ``lose_answer`` takes a report and breaks off.

    ``reports`` holds each id once, as a control plane that adds nothing twice would. ``copies`` lie under the tickets
    they came with; a ``copy_status`` refuses them. With ``long_poll`` it hands out commands after ``hold_s`` seconds.
    """

    bundles: FakeControlPlane = field(default_factory=FakeControlPlane)
    staged: bytes | None = None
    staged_serial: int | None = None
    suspended: bool = False
    commands: list[JSONObject] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    reports: dict[str, JSONObject] = field(default_factory=dict)
    received: list[JSONObject] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    copies: dict[str, bytes] = field(default_factory=dict)
    copy_status: int = 0
    long_poll: bool = False
    hold_s: float = 0.05

    def send(self, kind: str, command_id: str = "c1", **payload: JSON) -> None:
        """Have the next answer carry this command, and every one after it until its result is here."""
        issued = "2026-11-29T18:00:00+00:00"
        self.commands.append(
            {"id": command_id, "kind": kind, "payload": payload, "issued_at": issued, "expires_at": None}
        )

    async def result(self, command_id: str = "c1") -> JSONObject:
        """What became of a command, once it is told."""
        found: list[JSONObject] = []

        def told() -> bool:
            found[:] = [entry for entry in self.entries("command_results") if entry["id"] == command_id]
            return bool(found)

        await until(told)
        assert len(found) == 1
        return found[0]

    def entries(self, name: str) -> list[JSONObject]:
        """Everything that reports brought under this name, each report counted once."""
        return [entry for report in self.reports.values() for entry in report[name]]  # type: ignore[union-attr,misc]  # a list of objects

    def count(self, name: str, **labels: str) -> int:
        """The sum of a counter's increments."""
        found = [
            entry["count"] for entry in self.entries("counters") if (entry["name"], entry["labels"]) == (name, labels)
        ]
        return sum(number for number in found if isinstance(number, int))

    async def take_report(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"error": "invalid_token"}, status_code=401)
        report = json.loads(await request.body())
        self.received.append(report)
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None and failure != 200:
            return Response(status_code=failure)
        self.reports.setdefault(report["report_id"], report)
        if failure == 200:  # taken, and the answer is lost on the way
            return Response(b"cut", status_code=502)
        known = {entry["id"] for entry in self.entries("command_results")}
        open_commands = [command for command in self.commands if command["id"] not in known]
        return JSONResponse(
            {
                "acknowledged": report["report_id"],
                "suspended": self.suspended,
                "staged_serial": self.staged_serial,
                "commands": open_commands,
            }
        )

    async def hand_out(self, _request: Request) -> Response:
        if not self.long_poll:
            return Response(status_code=404)
        await asyncio.sleep(self.hold_s)
        return JSONResponse({"commands": self.commands})

    async def serve_staged(self, _request: Request) -> Response:
        return Response(status_code=404) if self.staged is None else Response(self.staged)

    async def upload(self, request: Request) -> Response:
        self.uploads[request.path_params["command"]] = await request.body()
        return Response(status_code=204)

    async def take_copy(self, request: Request) -> Response:
        refused = self._refused_copy(request)
        if refused is None:
            self.copies[request.path_params["ticket"]] = await request.body()
        return refused or Response(status_code=201)

    async def hand_out_copy(self, request: Request) -> Response:
        copy = self.copies.get(request.path_params["ticket"])
        return self._refused_copy(request) or Response(copy, status_code=200 if copy is not None else 404)

    def _refused_copy(self, request: Request) -> Response | None:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(status_code=401)
        return Response(status_code=self.copy_status) if self.copy_status else None

    def app(self) -> Starlette:
        base = f"/api/runtime/v1/tenants/{TENANT}"
        return Starlette(
            routes=[
                Route("/api/runtime/v1/tenants/{tenant}/bundle", self.bundles.serve),
                Route(f"{base}/staged-bundle", self.serve_staged),
                Route(f"{base}/report", self.take_report, methods=["POST"]),
                Route(f"{base}/commands", self.hand_out),
                Route(f"{base}/exports/{{command}}", self.upload, methods=["POST"]),
                Route(f"{base}/copies/{{ticket}}", self.take_copy, methods=["PUT"]),
                Route(f"{base}/copies/{{ticket}}", self.hand_out_copy, methods=["GET"]),
            ]
        )


async def until(holds: Callable[[], bool]) -> None:
    """Return when this holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def linked(folder: Path, plane: ControlPlaneServer, *, release: bytes | None = None) -> AsyncIterator[Running]:
    """A runtime with this control plane, live on ``release`` (default: the toy flow as serial 1)."""
    if not (folder / "keys.json").exists():
        write_trust(folder)
    plane.bundles.envelope = plane.bundles.envelope or release or bundle(1)
    async with (
        LoopbackServer(plane.app()) as server,
        running(control_plane_settings(folder, server.url), pacing=QUICK) as started,
    ):
        await until(lambda: started.runtime.status().serial is not None)
        yield started


async def say(started: Running, message_id: str, text: str = "hola", contact: str = "34600111222") -> None:
    """A message over the development channel, and the turn it makes finished."""
    body = {"id": message_id, "contact_id": contact, "text": text}
    answer = await started.http.post("/inbound", json=body)
    assert answer.status_code == 202, answer.text
    await quiet(started)


async def quiet(started: Running) -> None:
    """Return when nothing is open in the inbox and the outbox."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            counts = await started.runtime.core.store.counts()
            if not counts.inbox_open and not counts.outbox_open:
                return
            await asyncio.sleep(0.005)


async def heard(started: Running, contact: str) -> list[str]:
    """The words of everything this contact was sent, in order."""
    messages = await started.runtime.core.outgoing.list("http_dev", contact)
    return [spoken(message.output) for message in messages]
