"""Meta's Graph API and a calendar on loopback, which can kill their caller between the work and the answer."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.crash.points import Injection, Point, Trap
from tests.crash.tenant import ACCESS_TOKEN, PHONE_NUMBER_ID
from tests.fakes import webhook_bodies
from tests.fakes.graph.validation import problems_of

LOST_REPORTS = 0.05
"""Of all messages: nothing is ever heard of them, so an ambiguous send has to be repeated."""


@dataclass(frozen=True, slots=True)
class AcceptedSend:
    """A message that the fake Graph API has taken. ``during`` is the life that sent it, from 0."""

    our_id: str
    to: str
    body: str
    during: int


@dataclass
class Graph:
    """Records every accepted send before it answers. ``report`` is told what to deliver to the webhook.

    Each life is born with an address of its own, because a request may be read when its sender is dead already.
    """

    chance: random.Random
    report: Callable[[webhook_bodies.Object], None]
    kill: Callable[[], None]
    sent: list[AcceptedSend] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    life: int = 0
    trap: Trap = field(default_factory=lambda: Trap(None))

    def app(self) -> Starlette:
        address = "/{version}/{number}/messages"
        routes = [Route(path, self._take, methods=["POST"]) for path in (address, f"/{{life:int}}{address}")]
        return Starlette(routes=routes)

    def expect(self, injection: Injection | None, life: int) -> None:
        """Prepare for a new life of the runtime."""
        self.trap, self.life = Trap(injection), life

    async def _take(self, request: Request) -> JSONResponse:
        try:
            body: dict[str, Any] = await request.json()
        except ClientDisconnect:
            return JSONResponse(None)  # killed in the middle of its request: nothing came
        if body.get("status") == "read":
            return JSONResponse({"success": True})  # somebody is typing; nothing that could be lost
        problems = problems_of(body)
        if request.headers.get("authorization") != f"Bearer {ACCESS_TOKEN}" or problems:
            self.refused.append("; ".join(problems) or "wrong token")
            return JSONResponse({"error": {"code": 100, "message": "refused"}}, status_code=400)
        wamid = f"wamid.CRASH{len(self.sent):08d}"
        to = str(body["to"]).lstrip("+")
        life = request.path_params.get("life", self.life)
        self.sent.append(AcceptedSend(body["biz_opaque_callback_data"], to, body["text"]["body"], life))
        self._report(wamid, to, body["biz_opaque_callback_data"])
        if life == self.life and self.trap.springs(Point.ON_THE_WIRE):
            self.kill()
        return JSONResponse({"messaging_product": "whatsapp", "messages": [{"id": wamid}]})

    def _report(self, wamid: str, to: str, our_id: str) -> None:
        """In any order, as Meta may."""
        if self.chance.random() < LOST_REPORTS:
            return
        states = ["sent", "delivered", "read"]
        self.chance.shuffle(states)
        for state in states:
            self.report(webhook_bodies.status(PHONE_NUMBER_ID, wamid, state, to, biz_opaque_callback_data=our_id))


@dataclass
class Calendar:
    """The part of a calendar's API that booking needs. ``starts`` tells who stands at which time."""

    kill: Callable[[], None]
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    trap: Trap = field(default_factory=lambda: Trap(None))

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/events", self._list, methods=["GET"]),
                Route("/events", self._add, methods=["POST"]),
                Route("/events/{id}", self._find, methods=["GET"]),
                Route("/events/{id}", self._cancel, methods=["DELETE"]),
            ]
        )

    def expect(self, injection: Injection | None) -> None:
        self.trap = Trap(injection)

    @property
    def starts(self) -> dict[str, list[str]]:
        standing: dict[str, list[str]] = {}
        for event in self.events.values():
            if event["status"] == "confirmed":
                standing.setdefault(event["start"], []).append(event["contact_id"])
        return standing

    async def _list(self, request: Request) -> JSONResponse:
        """Times are compared as texts: whoever asks writes them as it wrote the events."""
        since, until = request.query_params["from"], request.query_params["to"]
        found = [event for event in self.events.values() if event["start"] < until and event["end"] > since]
        return JSONResponse(found)

    async def _find(self, request: Request) -> JSONResponse:
        event = self.events.get(request.path_params["id"])
        return JSONResponse(event, status_code=404 if event is None else 200)

    async def _add(self, request: Request) -> JSONResponse:
        try:
            event: dict[str, Any] = await request.json()
        except ClientDisconnect:
            return JSONResponse(None)
        event_id = self.keys.setdefault(request.headers["idempotency-key"], event["id"])
        known = event_id in self.events
        self.repeated += known
        if not known:
            self.events[event_id] = event | {"status": "confirmed"}
        if self.trap.springs(Point.CALLED):
            self.kill()
        return JSONResponse(self.events[event_id], status_code=200 if known else 201)

    async def _cancel(self, request: Request) -> JSONResponse:
        self.events[request.path_params["id"]]["status"] = "cancelled"
        return JSONResponse(None)
