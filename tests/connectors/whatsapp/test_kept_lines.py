"""The lean HTTP of a send, against servers that answer in every way HTTP/1.1 allows, and in some that it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from connectors.whatsapp.kept_lines import AnswerLostError, KeptLines, LineAnswer, LineError, NotConnectedError

type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[str]:
    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    async with await asyncio.start_server(one, "127.0.0.1", 0) as listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


async def request_of(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return head + await reader.readexactly(length)


def answering(*answers: bytes) -> Serve:
    """Each request of a connection gets the next answer; after the last one the connection is closed."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await request_of(reader)
            writer.write(answer)
            await writer.drain()

    return serve


async def post(lines: KeptLines, *, timeout_s: float = 2.0, most_bytes: int = 1000) -> LineAnswer:
    return await lines.post("/v25.0/1/messages", {"X-A": "b"}, b'{"a":1}', timeout_s=timeout_s, most_bytes=most_bytes)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LONG = b"x" * 2000


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        pytest.param(OK, 200, b"{}", id="a length"),
        pytest.param(CHUNKED + b"1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n", 200, b"{}", id="chunks"),
        pytest.param(CHUNKED + b"2\r\n{}\r\n0\r\nT: 1\r\n\r\n", 200, b"{}", id="trailers"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 200, b"{}", id="an informational answer before it"),
        pytest.param(b"HTTP/1.0 400 No\r\n\r\n{}", 400, b"{}", id="to the end of the connection"),
        pytest.param(b"HTTP/1.1 204\r\n\r\n", 204, b"", id="no body and no reason"),
        pytest.param(OK.replace(b"2\r\n\r\n{}", b"2000\r\n\r\n") + LONG, 200, LONG[:1000], id="longer than allowed"),
        pytest.param(CHUNKED + b"7d0\r\n" + LONG, 200, LONG[:1000], id="chunks longer than allowed"),
    ],
)
async def test_an_answer_is_read(answer: bytes, status: int, body: bytes) -> None:
    async with server(answering(answer)) as url:
        lines = KeptLines(url)
        found = await post(lines)
        lines.close()
        assert (found.http_status, found.body) == (status, body)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", id="half a body"),
        pytest.param(CHUNKED + b"zz\r\n", id="a chunk without a size"),
        pytest.param(CHUNKED + b"2\r\n{}xx", id="a chunk without an end"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000, id="a head without an end"),
    ],
)
async def test_an_answer_that_is_none_is_lost_and_its_line_is_not_used_again(answer: bytes) -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await answering(answer if connections == 1 else OK)(reader, writer)

    async with server(serve) as url:
        lines = KeptLines(url)
        with pytest.raises(AnswerLostError):
            await post(lines)
        assert (await post(lines)).body == b"{}"
        lines.close()
    assert connections == 2


async def test_a_line_is_kept_until_the_server_hangs_up_or_says_so() -> None:
    connections = 0
    closing = OK.replace(b"Content-Length", b"Connection: close\r\nContent-Length")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await answering(OK, OK, closing)(reader, writer)

    async with server(serve) as url:
        lines = KeptLines(url)
        for _ in range(6):
            assert (await post(lines)).http_status == 200
        lines.close()
    assert connections == 2


async def test_a_server_that_hung_up_meanwhile_is_called_anew() -> None:
    async with server(answering(OK)) as url:
        lines = KeptLines(url)
        for _ in range(3):
            assert (await post(lines)).http_status == 200
            await asyncio.sleep(0.05)
        lines.close()


async def test_a_silent_server_is_given_up_and_a_closed_port_was_never_reached() -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with server(silent) as url:
        lines = KeptLines(url)
        with pytest.raises(AnswerLostError):
            await post(lines, timeout_s=0.1)
    with pytest.raises(NotConnectedError):
        await post(lines, timeout_s=1)


async def test_a_header_that_would_be_two_is_refused_before_anything_is_written() -> None:
    lines = KeptLines("http://127.0.0.1:9")
    with pytest.raises(ValueError, match="no header may"):
        await lines.post("/", {"Authorization": "Bearer a\r\nX: b"}, b"", timeout_s=1, most_bytes=10)


def test_the_errors_are_one_family() -> None:
    assert issubclass(NotConnectedError, LineError)
    assert issubclass(AnswerLostError, LineError)
