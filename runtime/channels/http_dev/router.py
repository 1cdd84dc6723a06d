"""The routes of the development channel: ``/inbound``, ``/messages`` and the chat page."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flow_engine.vocabulary import JSON
from runtime.channels.http_dev.adapter import HttpDevChannelAdapter
from runtime.channels.http_dev.inbound import Problem, read_inbound
from runtime.channels.http_dev.loopback import is_local
from runtime.channels.outgoing_view import view
from runtime.channels.shown_as import PROFILES, ChannelViews
from runtime.errors import StoreUnavailableError
from runtime.ports.clock import Clock
from runtime.ports.inbox import InboundEnvelope, InboundIntake
from runtime.ports.outgoing_messages import OutgoingMessage, OutgoingMessages
from runtime.web.answers import answer, refusal
from runtime.web.page_folder import PageFolder
from runtime.web.strict_json import read_strict_json
from runtime.web.waiting import first_of

MAX_WAIT_S: Final = 25.0
"""Below the 30 s after which proxies and browsers' patience end."""
RETRY_AFTER_S: Final = "2"
_HIGHEST_CURSOR: Final = 2**53 - 1
_NO_SUCH_CHANNEL: Final = Problem("as", f"must be one of {', '.join(PROFILES)}")

type Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class HttpDevRoutes:
    """The inbound half of the channel, and the reading half that a push channel would not have."""

    adapter: HttpDevChannelAdapter
    intake: InboundIntake
    outgoing: OutgoingMessages
    clock: Clock
    page: PageFolder
    views: ChannelViews
    allow_remote: bool
    stopping: asyncio.Event

    def routes(self) -> list[Route]:
        return [
            Route("/inbound", self._guarded(self.inbound), methods=["POST"]),
            Route("/messages", self._guarded(self.messages), methods=["GET"]),
            Route("/chat", self._guarded(self.page.page), methods=["GET"]),
            Route("/chat/{name}", self._guarded(self.page.file), methods=["GET"]),
        ]

    async def inbound(self, request: Request) -> Response:
        """202 with ``{"id", "duplicate"}`` once the message is on disk; a refusal stores nothing.

        ``?as=`` a channel makes the conversation of a new contact one of that channel's kind.
        """
        # A form on any web page may post text/plain to localhost; JSON needs a preflight, which fails.
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return refusal(415, "not_json", "Send the message as JSON: -H 'Content-Type: application/json'.")
        try:
            body = read_strict_json(await request.body())
        except ValueError as error:
            return refusal(400, "malformed_json", f"Nothing was stored: {error}.")
        profile = _profile(request, self.adapter.profile)
        if isinstance(profile, Problem):
            return _invalid((profile,), outcome="Nothing was stored")
        message = read_inbound(body, fresh_id=f"dev-{uuid.uuid4()}", now=self.clock.now())
        if isinstance(message, tuple):
            return _invalid(message, outcome="Nothing was stored")
        # Two customers may both count from 1, as people do who type curl lines; the channel's ids are one space.
        own = replace(message, id=f"{len(message.contact_id)}:{message.contact_id}:{message.id}")
        envelope = InboundEnvelope(self.adapter.channel_id, profile, own)
        try:
            accepted = await self.intake.accept([envelope])
        except StoreUnavailableError:
            return _unavailable("Nothing was stored: the database cannot be written now. Try again.")
        return answer({"id": message.id, "duplicate": accepted.stored == 0}, status=202)

    async def messages(self, request: Request) -> Response:
        """A JSON array in order. ``wait`` (seconds) holds the answer back until there is something to say.

        ``?as=`` a channel adds to each message what that channel would have been sent (``shown_as``).
        """
        query = _read_query(request)
        if isinstance(query, tuple):
            return _invalid(query, outcome="Nothing was read")
        try:
            found = await self._read(query)
        except StoreUnavailableError:
            return _unavailable("Nothing was read: the database cannot be read now. Try again.")
        return answer(found)

    async def _read(self, query: _Query) -> list[JSON]:
        bell = self.adapter.bell
        deadline = self.clock.monotonic() + query.wait_s
        while True:
            rows = await self.outgoing.list(self.adapter.channel_id, query.contact_id, query.after)
            left_s = deadline - self.clock.monotonic()
            if rows or left_s <= 0 or self.adapter.closed or self.stopping.is_set():
                return [self._shown(row, query.shown_as) for row in rows]
            await first_of(bell, self.stopping, within_s=left_s)
            bell = self.adapter.bell

    def _shown(self, row: OutgoingMessage, channel: str | None) -> JSON:
        shown = view(row)
        return shown if channel is None else shown | {"shown_as": self.views.show(channel, row.output)}

    def _guarded(self, handler: Handler) -> Handler:
        async def guard(request: Request) -> Response:
            if self.allow_remote or is_local(request):
                return await handler(request)
            return refusal(
                403,
                "loopback_only",
                "This channel answers its own machine only. Set HTTP_DEV_ALLOW_REMOTE=1 to open it.",
            )

        return guard


@dataclass(frozen=True, slots=True)
class _Query:
    contact_id: str | None
    after: int
    wait_s: float
    shown_as: str | None


def _read_query(request: Request) -> _Query | tuple[Problem, ...]:
    problems: list[Problem] = []
    after = request.query_params.get("after", "0")
    wait = request.query_params.get("wait", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= len(str(_HIGHEST_CURSOR))):
        problems.append(Problem("after", "must be the cursor of a message you have, or 0"))
    if not (wait.isascii() and wait.isdigit() and len(wait) <= len("25") and int(wait) <= MAX_WAIT_S):
        problems.append(Problem("wait", f"must be a whole number of seconds from 0 to {MAX_WAIT_S:g}"))
    shown_as = request.query_params.get("as")
    if shown_as is not None and shown_as not in PROFILES:
        problems.append(_NO_SUCH_CHANNEL)
    if problems:
        return tuple(problems)
    contact_id = request.query_params.get("contact_id") or None
    return _Query(contact_id, min(int(after), _HIGHEST_CURSOR), float(wait), shown_as)


def _profile(request: Request, own: str) -> str | Problem:
    """What the conversation is shaped for."""
    wanted = request.query_params.get("as")
    return own if wanted is None else PROFILES.get(wanted, _NO_SUCH_CHANNEL)


def _invalid(problems: Sequence[Problem], *, outcome: str) -> Response:
    return refusal(
        422,
        "invalid_request",
        f"{outcome}: {'; '.join(f'{problem.field} {problem.message}'.strip() for problem in problems)}.",
        problems=[{"field": problem.field, "message": problem.message} for problem in problems],
    )


def _unavailable(message: str) -> Response:
    return refusal(503, "store_unavailable", message, headers={"Retry-After": RETRY_AFTER_S})
