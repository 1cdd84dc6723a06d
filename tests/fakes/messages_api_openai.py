"""A chat completions endpoint on loopback, as vLLM, Ollama and gateways offer it, failing on command."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fakes.loopback import LoopbackServer
from tests.fakes.messages_api import Brain, Reply, no_answer

_ENDINGS = {"end_turn": "stop", "max_tokens": "length", "refusal": "content_filter"}


class FakeChatCompletions:
    """Takes the same ``Reply`` as ``FakeMessagesAPI``; ``api_key`` empty: any or none. ``app``: for another server."""

    def __init__(self, *, api_key: str = "", brain: Brain = no_answer) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.calls = 0
        self.brain = brain
        self._api_key = api_key
        self._script: list[Reply] = []
        self._stopping = asyncio.Event()
        route = Route("/v1/chat/completions", self._create, methods=["POST"])
        self.app = Starlette(routes=[route])
        self._server = LoopbackServer(self.app)

    @property
    def url(self) -> str:
        return f"{self._server.url}/v1"

    def script(self, *replies: Reply) -> None:
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
        if self._api_key and request.headers.get("authorization") != f"Bearer {self._api_key}":
            return JSONResponse({"error": {"message": "Incorrect API key"}}, status_code=401)
        body = json.loads(await request.body())
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        reply = self._script.pop(0) if self._script else Reply(self.brain(body))
        if reply.hang_s:
            await self._pause(reply.hang_s)
        if reply.status != 200:
            return JSONResponse({"error": {}}, status_code=reply.status, headers=dict(reply.headers))
        if reply.body is not None:
            return Response(reply.body, media_type="application/json")
        text = reply.output if isinstance(reply.output, str) else json.dumps(reply.output)
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": _ENDINGS.get(reply.stop_reason, reply.stop_reason)}
        prompt_tokens = sum(len(item["content"]) for item in body["messages"]) // 4
        usage = {"prompt_tokens": prompt_tokens, "completion_tokens": len(text) // 4}
        body_out = json.dumps({"id": "c", "object": "chat.completion", "choices": [choice], "usage": usage}).encode()
        if reply.drip_s:
            return StreamingResponse(self._dripping(body_out, reply.drip_s), media_type="application/json")
        return Response(body_out, media_type="application/json")

    async def _dripping(self, content: bytes, drip_s: float) -> AsyncIterator[bytes]:
        for start in range(len(content)):
            if self._stopping.is_set():
                return
            yield content[start : start + 1]
            await self._pause(drip_s)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
