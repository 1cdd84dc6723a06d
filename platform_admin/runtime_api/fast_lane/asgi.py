"""The ASGI application in front of Django's: takes what it can answer in one look, and hands everything else on.

On PostgreSQL alone, whose statement it is. Whatever is unusual (no or a wrong token, a new release, a command, a report
that is more than a report) goes the ordinary way, so that there is one place that says no.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Barrier
from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection

from platform_admin.commands.waiting_room import WaitingRoom
from platform_admin.config.response_headers import ALWAYS, NOT_KEPT
from platform_admin.runtime_api.commands import LONGEST_WAIT_S, look_into_the_queue
from platform_admin.runtime_api.fast_lane.answers import Answer, bundle_answer, commands_answer, report_answer
from platform_admin.runtime_api.fast_lane.body import MessageTooLongError, RuntimeGoneError, read_body, replayed
from platform_admin.runtime_api.fast_lane.request import FastRequest, request_of

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
type Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_THREADS: Final = 4
"""Each holds a connection to the database while it looks; more would wait for its two or four cores anyway."""

_PATH: Final = re.compile(r"/api/runtime/v1/tenants/([^/]+)/(bundle|report|commands)")


_USUAL_KEPT: Final = tuple(
    (name.lower().encode(), value.encode()) for name, value in {**ALWAYS, "X-Content-Type-Options": "nosniff"}.items()
)
_USUAL: Final = (*_USUAL_KEPT, (b"cache-control", NOT_KEPT.encode()))
"""Headers of every answer, and of those that say nothing of being kept."""

_LOG = logging.getLogger(__name__)


class FastLane:
    """``inner`` is Django."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner
        # Not asked of `connection`: each request has a task of its own, for which Django would make one first.
        self._speaks = settings.DATABASES[DEFAULT_DB_ALIAS]["ENGINE"].endswith("postgresql")
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="fast lane")
        self._room = WaitingRoom(look_into_the_queue)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = _asked(scope) if self._speaks else None
        if request is None:
            return await self._inner(scope, receive, send)
        if request.door == "report":
            return await self._take_report(request, scope, receive, send)
        answer = await self._in_thread(bundle_answer if request.door == "bundle" else commands_answer, request, b"")
        # A command that has come meanwhile is handed out the ordinary way, which also writes down that it was.
        if answer is None or (request.door == "commands" and await self._something_came(answer, request)):
            return await self._inner(scope, receive, send)
        return await _send(send, answer)

    def close(self) -> None:
        """Ends its threads once they have answered, and gives their connections back."""
        everybody = Barrier(_THREADS)
        for _ in range(_THREADS):
            self._threads.submit(_let_go, everybody)
        self._threads.shutdown()

    async def _take_report(self, request: FastRequest, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(receive)
        except MessageTooLongError as error:
            return await self._inner(scope, replayed(error.read, receive), send)
        except RuntimeGoneError:
            return None  # it reports again; Django says as little
        answer = await self._in_thread(report_answer, request, body)
        if answer is None:
            return await self._inner(scope, replayed([body], receive), send)
        return await _send(send, answer)

    async def _something_came(self, answer: Answer, request: FastRequest) -> bool:
        return await self._room.wait_for(answer.tenant, seconds=min(request.wait_s, LONGEST_WAIT_S))

    async def _in_thread(
        self, ask: Callable[[FastRequest, bytes], Answer | None], request: FastRequest, body: bytes
    ) -> Answer | None:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _on_the_threads_connection, ask, request, body)


def _asked(scope: Scope) -> FastRequest | None:
    if scope["type"] != "http":
        return None
    found = _PATH.fullmatch(scope["path"])
    if found is None:
        return None
    request = request_of(scope, slug=found[1], door=found[2])
    if request is None or (settings.SECURE_SSL_REDIRECT and not request.encrypted):
        return None
    return request


def _on_the_threads_connection(
    ask: Callable[[FastRequest, bytes], Answer | None], request: FastRequest, body: bytes
) -> Answer | None:
    """The thread's own connection is kept: these few live as long as the process. One that broke is let go."""
    try:
        return ask(request, body)
    except DatabaseError:
        _LOG.exception("the fast lane cannot use the database; Django is asked instead")
        return None
    finally:
        connection.close_at = None
        connection.close_if_unusable_or_obsolete()


def _let_go(everybody: Barrier) -> None:
    everybody.wait()  # so that each thread does it once
    connection.close()


async def _send(send: Send, answer: Answer) -> None:
    content = b"" if answer.content is None else json.dumps(answer.content, separators=(",", ":")).encode()
    said = dict(answer.headers)
    if answer.status != HTTPStatus.NOT_MODIFIED:
        said |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
    usual = _USUAL_KEPT if "Cache-Control" in said else _USUAL
    headers = [*usual, *((name.lower().encode(), value.encode()) for name, value in said.items())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
