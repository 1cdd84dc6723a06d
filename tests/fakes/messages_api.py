"""Anthropic's Messages API on loopback, as far as answers need it, failing on command.

Checks requests the way the service does (headers, closed set of keys, what 2026-10-21 took away) and
keeps every body. Each call takes the next scripted reply; without one, the model's ``brain`` answers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fakes.loopback import LoopbackServer

type Brain = Callable[[dict[str, Any]], object]
"""From a request's body to the output: a JSON value, or a text as it is."""

NOT_ANSWERABLE = {"answerable": False, "answer": "", "quotes": []}


def no_answer(body: dict[str, Any]) -> object:
    """The brain of a model that never finds anything."""
    return NOT_ANSWERABLE


_ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    503: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_KNOWN_KEYS = {"model", "max_tokens", "system", "messages", "thinking", "output_config", "stream", "metadata"}


@dataclass(frozen=True)
class Reply:
    """One scripted reply. ``body`` replaces everything; ``drip_s`` is the pause between bytes."""

    output: object = None
    stop_reason: str = "end_turn"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    hang_s: float = 0.0
    drip_s: float = 0.0
    thinking_first: bool = False


class FakeMessagesAPI:
    """``async with FakeMessagesAPI() as api``: ``url`` is the base URL, ``requests`` what was accepted."""

    def __init__(self, *, api_key: str = "test-key", brain: Brain = no_answer) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.calls = 0
        self.brain = brain
        self._api_key = api_key
        self._script: list[Reply] = []
        self._cached: set[str] = set()
        self._stopping = asyncio.Event()
        self._server = LoopbackServer(Starlette(routes=[Route("/v1/messages", self._create, methods=["POST"])]))

    @property
    def url(self) -> str:
        return self._server.url

    def script(self, *replies: Reply) -> None:
        """Let the coming calls be answered like this, in this order."""
        self._script += replies

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        await self._server.__aexit__(kind, error, trace)

    async def _create(self, request: Request) -> Response:
        self.calls += 1
        if self._api_key not in (request.headers.get("x-api-key"), _bearer(request)):
            return _error(401, "invalid x-api-key")
        body = json.loads(await request.body())
        problem = _problem(request, body)
        if problem:
            return _error(400, problem)
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        reply = self._script.pop(0) if self._script else Reply(self.brain(body))
        if reply.hang_s:
            await self._pause(reply.hang_s)
        if reply.status != 200:
            return _error(reply.status, "scripted", reply.headers)
        content = reply.body if reply.body is not None else json.dumps(self._message(body, reply)).encode()
        headers = {"content-type": "application/json", "request-id": "req_test"}
        return StreamingResponse(self._dripping(content, reply.drip_s), headers=headers)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _dripping(self, content: bytes, drip_s: float) -> AsyncIterator[bytes]:
        if not drip_s:
            yield content
            return
        for start in range(len(content)):
            if self._stopping.is_set():
                return
            yield content[start : start + 1]
            await self._pause(drip_s)

    def _message(self, body: dict[str, Any], reply: Reply) -> dict[str, Any]:
        text = reply.output if isinstance(reply.output, str) else json.dumps(reply.output)
        content: list[dict[str, Any]] = [{"type": "text", "text": text}]
        if reply.thinking_first:
            content.insert(0, {"type": "thinking", "thinking": "…", "signature": "x"})
        return {
            "id": "msg_test",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": content,
            "stop_reason": reply.stop_reason,
            "stop_sequence": None,
            "usage": self._usage(body, text),
        }

    def _usage(self, body: dict[str, Any], text: str) -> dict[str, Any]:
        """Four characters a token; everything up to the cache mark is written once and read afterwards."""
        prefix = json.dumps(body["system"])
        known = prefix in self._cached
        self._cached.add(prefix)
        return {
            "input_tokens": len(body["messages"][0]["content"]) // 4,
            "cache_creation_input_tokens": 0 if known else len(prefix) // 4,
            "cache_read_input_tokens": len(prefix) // 4 if known else None,
            "output_tokens": max(1, len(text) // 4),
        }


def _bearer(request: Request) -> str:
    """The key as version 2 of the package sends it; plain HTTP users send ``x-api-key``."""
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def _problem(request: Request, body: dict[str, Any]) -> str:
    if request.headers.get("anthropic-version") not in {"2023-06-01", "2026-10-21"}:
        return "anthropic-version"
    if set(body) - _KNOWN_KEYS:
        return f"unknown or removed keys: {sorted(set(body) - _KNOWN_KEYS)}"
    if not body.get("model") or not isinstance(body.get("max_tokens"), int):
        return "model and max_tokens are required"
    if not body.get("messages") or body["messages"][-1]["role"] != "user":
        return "prefill is not supported"
    schema = body.get("output_config", {}).get("format", {}).get("schema")
    return "" if schema is None or _is_closed(schema) else "additionalProperties must be false everywhere"


def _is_closed(schema: dict[str, Any]) -> bool:
    if schema["type"] == "array":
        return _is_closed(schema["items"])
    if schema["type"] != "object":
        return True
    return schema.get("additionalProperties") is False and all(map(_is_closed, schema["properties"].values()))


def _error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    error = {"type": _ERROR_TYPES.get(status, "api_error"), "message": message}
    body = {"type": "error", "error": error, "request_id": "req_test"}
    return JSONResponse(body, status_code=status, headers={"request-id": "req_test", **(headers or {})})
