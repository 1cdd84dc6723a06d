"""How much the webhook reads, of whom, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from runtime.channels.whatsapp import WhatsAppChannelConfig
from runtime.channels.whatsapp.webhook import WebhookReceiver
from tests.fakes import webhook_bodies
from tests.fakes.loopback import LoopbackServer
from tests.fakes.webhook_bodies import Writer
from tests.fakes.webhook_sender import WebhookSender
from tests.runtime.channels.whatsapp.conftest import APP_SECRET
from tests.runtime.channels.whatsapp.expectations import NUMBER
from tests.runtime.channels.whatsapp.recording import RecordingIntake, StandingClock

WRITER = Writer(phone_number_id=NUMBER)
HOLA = webhook_bodies.batch([webhook_bodies.text(WRITER, "hola")])


def padded(size: int) -> bytes:
    """A good body of exactly ``size`` bytes; blanks after JSON are JSON."""
    return HOLA + b" " * (size - len(HOLA))


async def in_chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 65536):
        yield body[start : start + 65536]


class TestSize:
    @pytest.mark.parametrize("size", [3_000_000, 3 * 1024 * 1024, 4_000_000])
    async def test_three_megabytes_and_more_are_accepted(
        self, meta: WebhookSender, intake: RecordingIntake, size: int
    ) -> None:
        assert (await meta.post(padded(size))).status_code == 200
        assert intake.texts == ["hola"]

    @pytest.mark.parametrize("size", [4_000_001, 5_000_000, 12_000_000])
    async def test_more_than_four_are_too_large(self, meta: WebhookSender, intake: RecordingIntake, size: int) -> None:
        assert (await meta.post(padded(size))).status_code == 413
        assert intake.is_untouched

    async def test_a_chunked_body_is_measured_while_it_comes(
        self, http: httpx2.AsyncClient, webhook_url: str, intake: RecordingIntake
    ) -> None:
        for size, status in ((3_000_000, 200), (5_000_000, 413)):
            body = padded(size)
            headers = {"X-Hub-Signature-256": webhook_bodies.sign(body, APP_SECRET)}
            answer = await http.post(webhook_url, content=in_chunks(body), headers=headers)
            assert answer.status_code == status
        assert intake.texts == ["hola"]

    async def test_the_answer_comes_before_the_end_of_an_endless_body(
        self, webhook_url: str, intake: RecordingIntake
    ) -> None:
        """The client sends a little more than the limit and then waits, without ending the body."""
        head = b"POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunk = b"%x\r\n%s\r\n" % (100_000, b" " * 100_000)
        assert await raw_answer(webhook_url, head + chunk * 41) == b"HTTP/1.1 413"
        assert intake.is_untouched

    async def test_an_announced_size_is_refused_before_anything_is_sent(
        self, webhook_url: str, intake: RecordingIntake
    ) -> None:
        head = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 4000001\r\n\r\n"
        assert await raw_answer(webhook_url, head) == b"HTTP/1.1 413"
        assert intake.is_untouched

    async def test_more_bytes_than_announced_are_not_part_of_the_body(
        self, webhook_url: str, intake: RecordingIntake
    ) -> None:
        longer = padded(len(HOLA) + 100)
        signature = webhook_bodies.sign(longer, APP_SECRET).encode()
        head = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nX-Hub-Signature-256: %s\r\n\r\n"
        answer = await raw_answer(webhook_url, head % (len(HOLA), signature) + longer)
        assert answer != b"HTTP/1.1 200"
        assert intake.is_untouched

    async def test_a_client_that_hangs_up_half_way_leaves_nothing(
        self, webhook_url: str, meta: WebhookSender, intake: RecordingIntake
    ) -> None:
        reader, writer = await connect(webhook_url)
        writer.write(b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert await reader.read() == b""
        assert (await meta.post(HOLA)).status_code == 200
        assert intake.texts == ["hola"]


async def test_a_body_that_drips_for_ever_is_given_up(config: WhatsAppChannelConfig, intake: RecordingIntake) -> None:
    receiver = WebhookReceiver([config], intake, StandingClock(), body_timeout_s=0.05)
    async with LoopbackServer(receiver) as server:
        head = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"
        assert await raw_answer(server.url, head) == b"HTTP/1.1 408"
    assert intake.is_untouched


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = httpx2.URL(url)
    assert parts.port is not None
    return await asyncio.open_connection(parts.host, parts.port)


async def raw_answer(url: str, request: bytes) -> bytes:
    """The first twelve bytes that come back, with the connection still open on our side."""
    reader, writer = await connect(url)
    try:
        writer.write(request)
        await writer.drain()
        async with asyncio.timeout(10):
            return await reader.readexactly(12)
    finally:
        writer.close()
