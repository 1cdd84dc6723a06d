"""``FakeGoogle``: the server. Its methods are what happens at Google's end: people, sharing, keys, outages, races.

::

    POST   /token                                   a token for a signed assertion
    POST   /calendar/v3/freeBusy
    GET    /calendar/v3/calendars/{id}/events       pages, sync tokens
    POST   /calendar/v3/calendars/{id}/events       409 for an id that was ever used
    GET, PATCH, DELETE …/events/{event}             412 for another version, 410 for what is deleted
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.google_calendar.account import TOKEN_URI, KeyFile, checked_claims, make_key_file
from tests.fakes.google_calendar.discovery import DiscoveryError, check_answer, check_request
from tests.fakes.google_calendar.events_api import EventsAPI, GoogleError
from tests.fakes.google_calendar.faults import Fault, error_body
from tests.fakes.google_calendar.memory import Calendar

type Handler = Callable[[Request], Awaitable[Response]]

API = "/calendar/v3"
_CLOCK_TOLERANCE_S = 300
_HELD_UP, _HELD_UP_S = 0.4, 0.02
"""Share and longest time: some requests of one caller overtake several of another."""


@dataclass
class FakeGoogle:
    """``moments`` are called with ``events.insert`` and the like before the work is done: the place for races.

    With ``shuffle`` many requests are held up on their way to the work or back, for as long as chance will have it.
    """

    key: KeyFile = field(default_factory=make_key_file)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    moments: list[Callable[[str], None]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    page_size: int = 250
    api_enabled: bool = True
    clock_offset_s: float = 0.0
    shuffle: random.Random | None = None

    def __post_init__(self) -> None:
        self._events = EventsAPI(self.calendars, lambda: self.page_size)

    def calendar(self, calendar_id: str, **details: Any) -> Calendar:
        """The calendar, made and shared at first."""
        return self.calendars.setdefault(calendar_id, Calendar(calendar_id, **details))

    def revoke_tokens(self) -> None:
        self.tokens.clear()

    def expire_sync_tokens(self) -> None:
        for calendar in self.calendars.values():
            calendar.oldest_sync = calendar.revision + 1

    def app(self) -> Starlette:
        events, event = (
            f"{API}/calendars/{{calendar:path}}/events",
            f"{API}/calendars/{{calendar:path}}/events/{{event}}",
        )
        api = self._events
        return Starlette(
            routes=[
                Route("/token", self._faulty(self._token), methods=["POST"]),
                Route(f"{API}/freeBusy", self._called("freebusy.query", api.free_busy), methods=["POST"]),
                Route(event, self._called("events.get", api.get), methods=["GET"]),
                Route(event, self._called("events.patch", api.patch), methods=["PATCH"]),
                Route(event, self._called("events.delete", api.delete), methods=["DELETE"]),
                Route(events, self._called("events.list", api.list), methods=["GET"]),
                Route(events, self._called("events.insert", api.insert), methods=["POST"]),
            ]
        )

    async def _token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        claims = checked_claims(form.get("assertion", [""])[0], self.key.public_key)
        if form.get("grant_type") != ["urn:ietf:params:oauth:grant-type:jwt-bearer"]:
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        if claims is None:
            return _invalid("Invalid JWT Signature.")
        now = datetime.now(UTC).timestamp() + self.clock_offset_s
        if not claims["iat"] - _CLOCK_TOLERANCE_S <= now <= claims["exp"] or claims["exp"] - claims["iat"] > 3600:
            return _invalid(
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
            )
        if claims["aud"] != TOKEN_URI or claims["iss"] != json.loads(self.key.text)["client_email"]:
            return _invalid("Invalid grant: account not found")
        token = f"ya29.token-{len(self.tokens)}-{random.randrange(10**9)}"
        self.tokens.add(token)
        return JSONResponse({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _called(self, name: str, work: Callable[[Request, Any], Any]) -> Handler:
        async def called(request: Request) -> Response:
            body = json.loads(await request.body() or b"null")
            query = dict(request.query_params)
            self.queries.append(query)
            try:
                check_request(name, request.method, query, body)
                self._admit(request)
                for moment in tuple(self.moments):
                    moment(name)
                answer = work(request, body)
                if answer is None:
                    return Response(status_code=204)
                check_answer(name, answer)
            except DiscoveryError as error:
                self.violations.append(str(error))
                return JSONResponse(error_body(400, "badRequest", str(error)), 400)
            except GoogleError as error:
                return JSONResponse(error_body(error.status, error.reason), error.status)
            return JSONResponse(answer)

        return self._faulty(called)

    def _admit(self, request: Request) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise GoogleError(401, "authError")
        if not self.api_enabled:
            raise GoogleError(403, "accessNotConfigured")

    def _faulty(self, handler: Handler) -> Handler:
        async def observed(request: Request) -> Response:
            self.requests.append((request.method, request.url.path))
            await self._wait()
            fault = next((each for each in self.faults if each.fits(request.method, request.url.path)), None)
            if fault is None:
                response = await handler(request)
                await self._wait()
                return response
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
            work = await handler(request) if fault.after_work or not fault.status else None
            await asyncio.sleep(fault.hang_s)
            if work is not None and not fault.status:
                return work
            headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
            if fault.body is not None:
                return Response(fault.body, fault.status, headers=headers, media_type="application/json")
            return JSONResponse(error_body(fault.status, fault.reason), fault.status, headers=headers)

        return observed

    async def _wait(self) -> None:
        if self.shuffle is not None and self.shuffle.random() < _HELD_UP:
            await asyncio.sleep(self.shuffle.random() * _HELD_UP_S)


def _invalid(description: str) -> Response:
    return JSONResponse({"error": "invalid_grant", "error_description": description}, 400)
