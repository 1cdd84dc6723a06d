"""The client against a server that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from connectors.errors import (
    ConflictError,
    ConnectorError,
    RateLimitedError,
    RejectedError,
    TimedOutError,
    UnauthorizedError,
    UnavailableError,
)
from connectors.kernel.http_client import BodyTooLargeError, EncodedBodyError, HttpPolicy, build_http_client
from connectors.kernel.http_errors import raise_for_status, read_json, retry_after_s, transport_errors
from tests.fakes.loopback import LoopbackServer

_LIMIT = 10_000


async def _endless(_request: Request) -> Response:
    async def chunks() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000
            await asyncio.sleep(0)  # else the task of a gone client never lets another one run

    return StreamingResponse(chunks())


async def _exact(_request: Request) -> Response:
    return Response(b"x" * _LIMIT)


async def _zipped(_request: Request) -> Response:
    return Response(gzip.compress(b"x" * 10_000_000), headers={"content-encoding": "gzip"})


async def _elsewhere(_request: Request) -> Response:
    return RedirectResponse("/exact")


async def _hang(_request: Request) -> Response:
    await asyncio.sleep(60)
    return Response()


async def _echo(request: Request) -> Response:
    return JSONResponse(dict(request.headers))


_APP = Starlette(
    routes=[
        Route("/endless", _endless),
        Route("/exact", _exact),
        Route("/zipped", _zipped),
        Route("/elsewhere", _elsewhere),
        Route("/hang", _hang),
        Route("/echo", _echo),
    ]
)


@pytest.fixture
async def base_url() -> AsyncIterator[str]:
    async with LoopbackServer(_APP) as server:
        yield server.url


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with build_http_client(HttpPolicy(read_s=0.2, max_body_bytes=_LIMIT)) as client:
        yield client


async def test_an_answer_as_large_as_allowed_is_read(client: httpx2.AsyncClient, base_url: str) -> None:
    assert len((await client.get(f"{base_url}/exact")).content) == _LIMIT


async def test_an_endless_answer_is_dropped_while_it_is_read(client: httpx2.AsyncClient, base_url: str) -> None:
    with pytest.raises(BodyTooLargeError):
        await client.get(f"{base_url}/endless")


async def test_a_compressed_answer_is_refused_because_nobody_asked_for_it(
    client: httpx2.AsyncClient, base_url: str
) -> None:
    with pytest.raises(EncodedBodyError):
        await client.get(f"{base_url}/zipped")


async def test_a_redirect_is_not_followed(client: httpx2.AsyncClient, base_url: str) -> None:
    response = await client.get(f"{base_url}/elsewhere")
    with pytest.raises(UnavailableError, match="redirects are not followed"):
        raise_for_status(response, "server")


async def test_a_hanging_server_is_a_timeout(client: httpx2.AsyncClient, base_url: str) -> None:
    with pytest.raises(TimedOutError), transport_errors("server"):
        await client.get(f"{base_url}/hang")


async def test_a_closed_port_is_unavailable(client: httpx2.AsyncClient, unused_tcp_port: int) -> None:
    with pytest.raises(UnavailableError, match="ConnectError"), transport_errors("server"):
        await client.get(f"http://127.0.0.1:{unused_tcp_port}/")


async def test_too_large_an_answer_is_unavailable_to_a_connector(client: httpx2.AsyncClient, base_url: str) -> None:
    with pytest.raises(UnavailableError, match="BodyTooLargeError"), transport_errors("server"):
        await client.get(f"{base_url}/endless")


async def test_a_proxy_of_the_environment_is_ignored(base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with build_http_client() as client:
        response = await client.get(f"{base_url}/echo")
    assert response.json()["accept-encoding"] == "identity"


_STATUSES: list[tuple[int, type[ConnectorError]]] = [
    (302, UnavailableError),
    (400, RejectedError),
    (401, UnauthorizedError),
    (403, UnauthorizedError),
    (404, RejectedError),
    (408, TimedOutError),
    (409, ConflictError),
    (412, ConflictError),
    (422, RejectedError),
    (429, RateLimitedError),
    (500, UnavailableError),
    (503, UnavailableError),
]


@pytest.mark.parametrize(("status", "error"), _STATUSES)
def test_a_status_means(status: int, error: type[ConnectorError]) -> None:
    with pytest.raises(error) as raised:
        raise_for_status(httpx2.Response(status, text="secret detail"), "server")
    assert type(raised.value) is error
    assert "secret" not in str(raised.value)


def test_success_means_nothing() -> None:
    for status in (200, 201, 204):
        raise_for_status(httpx2.Response(status), "server")


_RETRY_AFTER = {
    "seconds": ("3", 3.0),
    "nothing": ("", None),
    "a date": ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    "a negative number": ("-1", None),
    "digits of another script": ("٣", None),
    "an absurd number": ("9" * 400, None),
}


@pytest.mark.parametrize(("header", "seconds"), _RETRY_AFTER.values(), ids=_RETRY_AFTER.keys())
def test_retry_after_is_read(header: str, seconds: float | None) -> None:
    assert retry_after_s(httpx2.Response(429, headers=[(b"retry-after", header.encode())])) == seconds


@pytest.mark.parametrize("body", ["", "<html>", "{", "[" * 100_000, "\udcff"], ids=range(5))
def test_an_answer_that_is_no_json_is_a_broken_server(body: str) -> None:
    with pytest.raises(UnavailableError, match="not JSON"):
        read_json(httpx2.Response(200, content=body.encode(errors="surrogateescape")), "server")
