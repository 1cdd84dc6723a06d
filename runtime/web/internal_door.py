"""``InternalDoor``: what only the operator of this machine may ask. Without the token nothing is said, not even why."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from flow_engine.vocabulary import JSON, JSONObject
from runtime.errors import StoreError, StoreUnavailableError
from runtime.internal_token import InternalToken
from runtime.ports.task_store import RunNow
from runtime.scheduler.task_executor import TaskExecutor
from runtime.telemetry.exposition import CONTENT_TYPE
from runtime.web.answers import NO_STORE, answer, refusal

MOST_BODY_BYTES: Final = 4_096
"""``{"task_id": …}``; anything longer is no such body."""

_RUN_TASK: Final = {
    RunNow.ACCEPTED: (202, "accepted", "The task runs now."),
    RunNow.UNKNOWN: (404, "unknown_task", "There is no such task."),
    RunNow.ALREADY_DONE: (409, "already_done", "The task has run, was missed or was cancelled."),
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InternalDoor:
    """``metrics`` gives the page, ``inspect`` the state in numbers; ``backup`` makes a verified copy."""

    token: InternalToken
    executor: TaskExecutor
    metrics: Callable[[], Awaitable[str]]
    inspect: Callable[[], Awaitable[JSONObject]]
    backup: Callable[[Path], Awaitable[JSONObject]]

    def routes(self) -> list[Route]:
        return [
            Route("/run-task", self._guarded(self.run_task), methods=["POST"]),
            Route("/metrics", self._guarded(self.show_metrics), methods=["GET"]),
            Route("/internal/inspect", self._guarded(self.show_inspection), methods=["GET"]),
            Route("/internal/backup", self._guarded(self.make_backup), methods=["POST"]),
        ]

    async def run_task(self, request: Request) -> Response:
        """``{"task_id": "17"}``: 202 it enters the contact's line now, 404 unknown, 409 it is not waiting any more."""
        task_id = _text(await _body(request), "task_id")
        if task_id is None:
            return refusal(422, "bad_body", "The body is a JSON object with the text task_id.")
        try:
            status, word, sentence = _RUN_TASK[await self.executor.run(task_id)]
        except StoreUnavailableError:
            return refusal(503, "store_unavailable", "The database cannot be written now.")
        if status == 202:  # noqa: PLR2004 - the one that is no refusal
            return answer({"state": word}, status=status)
        return refusal(status, word, sentence)

    async def show_metrics(self, _request: Request) -> Response:
        return PlainTextResponse(await self.metrics(), headers={**NO_STORE, "Content-Type": CONTENT_TYPE})

    async def show_inspection(self, _request: Request) -> Response:
        return answer(await self.inspect())

    async def make_backup(self, request: Request) -> Response:
        """``{"path": "/where/to.sqlite3"}``: a copy on this machine, made beside the running bot."""
        path = _text(await _body(request), "path")
        if path is None:
            return refusal(422, "bad_body", "The body is a JSON object with the text path.")
        try:
            return answer(await self.backup(Path(path)))
        except (OSError, StoreError) as error:
            log.warning("a backup could not be made: %s", error)
            return refusal(507, "backup_failed", f"The copy could not be made ({type(error).__name__}).")

    def _guarded(self, serve: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            if not await asyncio.to_thread(self.token.accepts, request.headers.get("authorization")):
                return refusal(401, "invalid_token", "This address is for the operator of this machine.")
            return await serve(request)

        return guarded


async def _body(request: Request) -> JSON:
    body = await request.body()
    try:
        return json.loads(body) if len(body) <= MOST_BODY_BYTES else None
    except (ValueError, RecursionError):
        return None


def _text(body: JSON, name: str) -> str | None:
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) and value else None
