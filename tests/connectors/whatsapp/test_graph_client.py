"""The Graph client against a real server, and against servers that are not Graph at all."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from connectors.whatsapp import (
    AmbiguousSendError,
    ChannelBlockedError,
    ErrorAction,
    GraphClient,
    GraphError,
    MessageRefusedError,
    NotSentError,
    open_http_client,
)
from flow_engine.vocabulary import JSON
from tests.fakes.graph_server import FakeGraphServer, Fault

TEXT: dict[str, JSON] = {
    "messaging_product": "whatsapp",
    "recipient_type": "individual",
    "to": "+34600111222",
    "biz_opaque_callback_data": "c1:7:0",
    "type": "text",
    "text": {"body": "mañana 😀"},
}
SOON_S = 0.3


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraphServer]:
    async with FakeGraphServer(tokens=["good"], phone_number_ids=["123"]) as server:
        yield server


def client_of(url: str, token: str = "good", *, total_timeout_s: float = SOON_S) -> GraphClient:
    return GraphClient(open_http_client(), url, "v25.0", "123", token, total_timeout_s=total_timeout_s)


async def failure_of(client: GraphClient) -> GraphError:
    try:
        with pytest.raises(GraphError) as caught:
            await client.send(TEXT)
        return caught.value
    finally:
        await client.close()


async def test_an_accepted_message_has_an_id_and_arrived_unchanged(graph: FakeGraphServer) -> None:
    client = client_of(graph.url)
    wamid = await client.send(TEXT)
    await client.close()
    assert [(sent.wamid, sent.body) for sent in graph.sent] == [(wamid, TEXT)]


async def test_a_wrong_token_stops_the_channel(graph: FakeGraphServer) -> None:
    failure = await failure_of(client_of(graph.url, "expired"))
    assert isinstance(failure, ChannelBlockedError)
    assert (failure.code, failure.http_status, failure.trace_id) == (190, 401, "AfakeTraceId")
    assert graph.sent == []


async def test_a_token_that_is_no_header_value_stops_the_channel_and_stays_secret(graph: FakeGraphServer) -> None:
    failure = await failure_of(client_of(graph.url, "tok3n\nX-Evil: 1"))
    assert isinstance(failure, ChannelBlockedError)
    assert "tok3n" not in str(failure)
    assert failure.__cause__ is None
    assert (graph.sent, graph.refused) == ([], [])


async def test_a_refused_message_is_for_a_person(graph: FakeGraphServer) -> None:
    graph.script(Fault("fail", code=131009))
    failure = await failure_of(client_of(graph.url))
    assert isinstance(failure, MessageRefusedError)
    assert (failure.code, failure.error_class.name) == (131009, "request")


async def test_a_throttled_number_hears_how_long_to_wait(graph: FakeGraphServer) -> None:
    graph.script(Fault("throttle", retry_after=30))
    failure = await failure_of(client_of(graph.url))
    assert isinstance(failure, NotSentError)
    assert (failure.action, failure.retry_after_s) == (ErrorAction.RETRY_LATER, 30.0)


async def test_an_absurd_wait_is_bounded(graph: FakeGraphServer) -> None:
    graph.script(Fault("throttle", retry_after=999_999_999))
    assert (await failure_of(client_of(graph.url))).retry_after_s == 3600.0


async def test_an_answer_that_never_comes_is_ambiguous(graph: FakeGraphServer) -> None:
    graph.script(Fault("hang"))
    assert isinstance(await failure_of(client_of(graph.url)), AmbiguousSendError)
    assert len(graph.sent) == 1


async def test_a_connection_cut_after_the_request_is_ambiguous(graph: FakeGraphServer) -> None:
    graph.script(Fault("cut"))
    assert isinstance(await failure_of(client_of(graph.url)), AmbiguousSendError)
    assert len(graph.sent) == 1


async def test_nobody_listening_is_not_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        failure = await failure_of(client_of(f"http://127.0.0.1:{free.getsockname()[1]}"))
    assert isinstance(failure, NotSentError)
    assert failure.action is ErrorAction.RETRY_NOW


STRANGE_ANSWERS: dict[str, tuple[bytes, type[GraphError]]] = {
    "accepted without an id": (b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"messages": []}', AmbiguousSendError),
    "accepted with a web page": (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", AmbiguousSendError),
    "half an answer": (b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"mess', AmbiguousSendError),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", AmbiguousSendError),
    "nothing": (b"", AmbiguousSendError),
    "a gateway's page": (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>", AmbiguousSendError),
    "a redirect": (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", NotSentError),
    "429 from a proxy": (b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", NotSentError),
    "403 from a firewall": (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", ChannelBlockedError),
    "404 from something else": (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", MessageRefusedError),
    "a broken encoding": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        AmbiguousSendError,
    ),
    "an error that is a text": (b'HTTP/1.1 400 No\r\nContent-Length: 15\r\n\r\n{"error": "bad"}', MessageRefusedError),
}


@pytest.mark.parametrize(("answer", "expected"), STRANGE_ANSWERS.values(), ids=STRANGE_ANSWERS)
async def test_a_strange_answer_is_judged_by_whether_it_may_have_been_sent(
    answer: bytes, expected: type[GraphError]
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.read(65536)
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        failure = await failure_of(client_of(f"http://127.0.0.1:{port}", total_timeout_s=5))
    assert type(failure) is expected


async def test_an_answer_without_end_is_cut_off() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
        try:
            while True:
                writer.write(b" " * 65536)
                await writer.drain()
                sent += 65536
        except ConnectionError:
            writer.close()

    async with await asyncio.start_server(flood, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        failure = await failure_of(client_of(f"http://127.0.0.1:{port}", total_timeout_s=20))
    assert isinstance(failure, AmbiguousSendError)
    assert sent < 50_000_000


async def test_an_answer_that_drips_is_given_up_after_the_total_time() -> None:
    """Each byte comes in time for the socket; only the deadline of the whole call ends it."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        try:
            for _ in range(100):
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass
        writer.close()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        failure = await failure_of(client_of(f"http://127.0.0.1:{port}"))
    assert isinstance(failure, AmbiguousSendError)
    assert "TimeoutError" in str(failure)


async def test_meta_codes_decide_before_the_http_status(graph: FakeGraphServer) -> None:
    graph.script(Fault("fail", status=500, code=131047))
    failure = await failure_of(client_of(graph.url))
    assert (type(failure), failure.error_class.name) == (MessageRefusedError, "window_closed")


@pytest.mark.parametrize("version", ["", "25.0", "v25", "v25.0/../v1.0", "latest"])
def test_a_version_that_is_none_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match="does not look like"):
        GraphClient(open_http_client(), "http://127.0.0.1", version, "123", "good")


@pytest.mark.parametrize("number", ["", "1/2", "..", "12 3", "1?x"])
def test_a_number_id_that_would_change_the_path_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="phone_number_id"):
        GraphClient(open_http_client(), "http://127.0.0.1", "v25.0", number, "good")
