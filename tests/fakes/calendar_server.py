"""A calendar server over HTTP that remembers every request and fails on command.

``python -m tests.fakes.calendar_server --port N`` (port 0 takes a free one; the address is printed).

::

    GET    /events?from=&to=            events that stand and overlap, by start
    GET    /events?contact_id=          events of one customer that stand, by start
    GET    /events/{id}                 one event, cancelled or not; 404
    POST   /events   Idempotency-Key    201; 200 for an id or key seen before; 409 when the time is taken
    DELETE /events/{id}                 204, also when already cancelled; 404

    POST   /control/faults   {"status", "times", "retry_after"?, "after_work"?, "body"?, "hang_s"?}
    GET    /control/requests            [{"method", "path", "idempotency_key", "status"}]
    GET    /control/events              every event, cancelled ones too
    POST   /control/reset

``after_work`` performs the request and loses the answer: the case that idempotency keys exist for.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

type Event = dict[str, Any]
type Handler = Callable[[Request], Awaitable[Response]]


@dataclass
class Fault:
    """What the next ``times`` requests meet. ``status`` 0 leaves the answer as it is (with ``hang_s``)."""

    status: int = 503
    times: int = 1
    retry_after: int | None = None
    after_work: bool = False
    body: str = ""
    hang_s: float = 0.0


@dataclass
class CalendarServer:
    """The server's memory and its handlers."""

    events: dict[str, Event] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/events", self._observed(self._list), methods=["GET"]),
                Route("/events", self._observed(self._add), methods=["POST"]),
                Route("/events/{id}", self._observed(self._find), methods=["GET"]),
                Route("/events/{id}", self._observed(self._cancel), methods=["DELETE"]),
                Route("/control/faults", self._set_fault, methods=["POST"]),
                Route("/control/requests", self._read_requests, methods=["GET"]),
                Route("/control/events", self._read_events, methods=["GET"]),
                Route("/control/reset", self._reset, methods=["POST"]),
            ]
        )

    def _observed(self, handler: Handler) -> Handler:
        async def observed(request: Request) -> Response:
            response = await self._with_faults(handler, request)
            self.requests.append(
                {
                    "method": request.method,
                    "path": request.url.path,
                    "idempotency_key": request.headers.get("idempotency-key"),
                    "status": response.status_code,
                }
            )
            return response

        return observed

    async def _with_faults(self, handler: Handler, request: Request) -> Response:
        if not self.faults:
            return await handler(request)
        fault = self.faults[0]
        fault.times -= 1
        if fault.times <= 0:
            self.faults.pop(0)
        work = await handler(request) if fault.after_work or not fault.status else None
        await asyncio.sleep(fault.hang_s)
        if work is not None and not fault.status:
            return work
        headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        return Response(fault.body, status_code=fault.status, headers=headers)

    async def _list(self, request: Request) -> Response:
        query = request.query_params
        found = [event for event in self.events.values() if event["status"] == "confirmed"]
        if "contact_id" in query:
            found = [event for event in found if event["contact_id"] == query["contact_id"]]
        if "from" in query and "to" in query:
            found = [event for event in found if _overlap(event["start"], event["end"], query["from"], query["to"])]
        return JSONResponse(sorted(found, key=lambda event: datetime.fromisoformat(event["start"])))

    async def _find(self, request: Request) -> Response:
        event = self.events.get(request.path_params["id"])
        return JSONResponse(event) if event is not None else Response(status_code=404)

    async def _add(self, request: Request) -> Response:
        event: Event = json.loads(await request.body())
        key = request.headers.get("idempotency-key", "")
        event_id: str = event["id"]
        known = self.events.get(self.keys.get(key, event_id))
        if known is not None:
            return JSONResponse(known)
        for other in self.events.values():
            if other["id"] == event.get("replaces"):
                continue  # it is given up as soon as this one stands
            if other["status"] == "confirmed" and _overlap(event["start"], event["end"], other["start"], other["end"]):
                return JSONResponse({"error": "taken"}, status_code=409)
        self.events[event_id] = event | {"status": "confirmed"}
        if key:
            self.keys[key] = event_id
        return JSONResponse(self.events[event_id], status_code=201)

    async def _cancel(self, request: Request) -> Response:
        event = self.events.get(request.path_params["id"])
        if event is None:
            return Response(status_code=404)
        event["status"] = "cancelled"
        return Response(status_code=204)

    async def _set_fault(self, request: Request) -> Response:
        self.faults.append(Fault(**json.loads(await request.body())))
        return Response(status_code=204)

    async def _read_requests(self, _request: Request) -> Response:
        return JSONResponse(self.requests)

    async def _read_events(self, _request: Request) -> Response:
        return JSONResponse(list(self.events.values()))

    async def _reset(self, _request: Request) -> Response:
        self.events.clear()
        self.keys.clear()
        self.requests.clear()
        self.faults.clear()
        return Response(status_code=204)


def _overlap(start: str, end: str, other_start: str, other_end: str) -> bool:
    one, two = datetime.fromisoformat(start), datetime.fromisoformat(end)
    return one < datetime.fromisoformat(other_end) and datetime.fromisoformat(other_start) < two


def main() -> None:
    parser = argparse.ArgumentParser(description="A fake calendar server on loopback.")
    parser.add_argument("--port", type=int, default=0)
    uvicorn.run(CalendarServer().app(), host="127.0.0.1", port=parser.parse_args().port, log_level="info")


if __name__ == "__main__":
    main()
