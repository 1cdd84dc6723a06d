"""What passes by the framework, and what does not."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from runtime.web.channel_door import ChannelDoor
from runtime.web.front_door import FrontDoor


class Endpoint:
    def __init__(self, *, self_reliant: bool) -> None:
        self.self_reliant = self_reliant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        routed = "endpoint" in scope  # the framework notes what it found
        await PlainTextResponse("by the framework" if routed else "directly")(scope, receive, send)


async def shown(_request: Request) -> Response:
    return PlainTextResponse("a page")


async def asked(door: ChannelDoor, method: str, path: str) -> tuple[int, str]:
    app: Any = FrontDoor(Starlette(routes=[Mount("", app=door)]), door)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://desk") as http:
        answer = await http.request(method, path)
        return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        pytest.param("POST", "/webhook", 200, "directly", id="a self-reliant endpoint is called directly"),
        pytest.param("POST", "/plain", 200, "by the framework", id="any other goes the usual way"),
        pytest.param("GET", "/webhook", 200, "a page", id="the other method of the same path too"),
        pytest.param("POST", "/webhook/", 404, "Not Found", id="and so does a path that only looks like it"),
    ],
)
async def test_the_front_door(method: str, path: str, status: int, words: str) -> None:
    door = ChannelDoor()
    door.open(
        [
            Route("/webhook", Endpoint(self_reliant=True), methods=["POST"]),
            Route("/webhook", shown, methods=["GET"]),
            Route("/plain", Endpoint(self_reliant=False), methods=["POST"]),
        ]
    )
    assert await asked(door, method, path) == (status, words)


async def test_a_closed_door_is_closed_for_everybody() -> None:
    door = ChannelDoor()
    door.open([Route("/webhook", Endpoint(self_reliant=True), methods=["POST"])])
    door.close()
    assert (await asked(door, "POST", "/webhook"))[0] == 503
