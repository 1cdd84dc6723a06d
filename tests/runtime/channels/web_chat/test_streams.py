"""Server-sent events: each message once, in order, resumable, and an end when the runtime stops."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from flow_engine.outputs.output import Buttons, Option
from tests.runtime.channels.web_chat.conftest import SITE, Chat


class Stream:
    """An open stream, read event by event."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._chunks = response.aiter_text()
        self._kept = ""

    async def block(self) -> str:
        """The next block up to its blank line; empty at the end."""
        async with asyncio.timeout(10):
            while "\n\n" not in self._kept:
                chunk = await anext(self._chunks, None)
                if chunk is None:
                    return ""
                self._kept += chunk
        block, _, self._kept = self._kept.partition("\n\n")
        return block

    async def event(self) -> dict[str, Any]:
        """The next message, with ``id`` of the event as ``event_id``."""
        while not (block := await self.block()).startswith("id: "):
            assert block, "the stream has ended"
        identity, data = block.split("\n")
        shown: dict[str, Any] = json.loads(data.removeprefix("data: "))
        return shown | {"event_id": identity.removeprefix("id: ")}


@asynccontextmanager
async def listening(chat: Chat, visitor: str, *, last: str | None = None) -> AsyncIterator[Stream]:
    headers = {"Authorization": f"Bearer {visitor}", "Origin": SITE} | ({"Last-Event-ID": last} if last else {})
    async with chat.http.stream("GET", f"{chat.url}/widget/events", headers=headers) as response:
        yield Stream(response)


async def test_what_was_said_before_and_what_is_said_now_arrive_in_order(chat: Chat) -> None:
    visitor = await chat.visit()
    await chat.bot_says(visitor, "uno")
    async with listening(chat, visitor) as stream:
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert stream.response.headers["access-control-allow-origin"] == SITE
        assert stream.response.headers["cache-control"] == "no-store"
        assert await stream.block() == "retry: 3000"
        assert (await stream.event())["text"] == "uno"
        await chat.bot_says(visitor, Buttons("dos\n\nmás", (Option("a~1", "A"),)))
        shown = await stream.event()
    assert (shown["type"], shown["text"]) == ("buttons", "dos\n\nmás")
    assert shown["options"] == [{"id": "a~1", "title": "A", "description": None}]
    assert shown["event_id"] == str(shown["cursor"])
    assert "contact_id" not in shown


async def test_who_comes_back_reads_on_from_the_last_event(chat: Chat) -> None:
    visitor = await chat.visit()
    for words in ("uno", "dos", "tres"):
        await chat.bot_says(visitor, words)
    async with listening(chat, visitor) as stream:
        first = await stream.event()
    async with listening(chat, visitor, last=first["event_id"]) as stream:
        assert [(await stream.event())["text"] for _ in range(2)] == ["dos", "tres"]


async def test_nobody_reads_what_was_said_to_another(chat: Chat) -> None:
    ana, bruno = await chat.visit(), await chat.visit()
    await chat.bot_says(ana, "for Ana")
    await chat.bot_says(bruno, "for Bruno")
    async with listening(chat, bruno) as stream:
        assert (await stream.event())["text"] == "for Bruno"
        await chat.bot_says(ana, "for Ana again")
        await chat.bot_says(bruno, "for Bruno again")
        assert (await stream.event())["text"] == "for Bruno again"


async def test_our_own_page_reads_without_naming_an_origin_and_a_foreign_one_does_not(chat: Chat) -> None:
    visitor = await chat.visit()
    await chat.bot_says(visitor, "hola")
    address = f"{chat.url}/widget/events"
    async with chat.http.stream("GET", address, headers={"Authorization": f"Bearer {visitor}"}) as response:
        assert (await Stream(response).event())["text"] == "hola"
    refused = await chat.http.get(
        address, headers={"Authorization": f"Bearer {visitor}", "Origin": "https://evil.example"}
    )
    assert (refused.status_code, "hola" in refused.text) == (403, False)


async def test_a_cursor_that_is_none_is_refused(chat: Chat) -> None:
    visitor = await chat.visit()
    for last in ("-1", "1.5", "x", "9" * 30):
        headers = {"Authorization": f"Bearer {visitor}", "Origin": SITE, "Last-Event-ID": last}
        assert (await chat.http.get(f"{chat.url}/widget/events", headers=headers)).status_code == 422


async def test_a_fifth_stream_takes_the_place_of_the_first(chat: Chat) -> None:
    visitor = await chat.visit()
    async with listening(chat, visitor) as first:
        assert await first.block() == "retry: 3000"
        others = [listening(chat, visitor) for _ in range(4)]
        opened = [await other.__aenter__() for other in others]
        assert [await stream.block() for stream in opened] == ["retry: 3000"] * 4
        assert not (await first.block()).startswith("id: ")
        assert await first.block() == ""
        await chat.bot_says(visitor, "hola")
        assert [(await stream.event())["text"] for stream in opened] == ["hola"] * 4
        for other in others:
            await other.__aexit__(None, None, None)


async def test_the_adapters_end_and_the_runtimes_stop_end_every_stream(chat: Chat) -> None:
    visitor = await chat.visit()
    async with listening(chat, visitor) as stream:
        assert await stream.block() == "retry: 3000"
        await chat.adapter.close()
        assert await stream.block() in ("", ": still here")
    async with listening(chat, visitor) as again:
        assert await again.block() == "retry: 3000"
        assert await again.block() == ""


async def test_that_the_bot_is_working_is_an_event_of_its_own(chat: Chat) -> None:
    visitor = await chat.visit()
    async with listening(chat, visitor) as stream:
        assert await stream.block() == "retry: 3000"
        await chat.adapter.show_working(visitor.split(".")[0], "m1")
        assert await stream.block() == "event: working\ndata: {}"
        await chat.bot_says(visitor, "hola")
        assert (await stream.event())["text"] == "hola"


async def test_a_reader_who_leaves_leaves_nothing_behind(chat: Chat) -> None:
    visitor = await chat.visit()
    async with listening(chat, visitor) as stream:
        assert await stream.block() == "retry: 3000"
        assert chat.adapter._bells != {}
    for _ in range(500):
        if not chat.adapter._bells:
            break
        await asyncio.sleep(0.01)
    assert chat.adapter._bells == {}
