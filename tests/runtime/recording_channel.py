"""``RecordingChannel``: a channel whose other end is a list. Fails or waits when told to."""

from __future__ import annotations

import asyncio
from collections import deque

from flow_engine.outputs.output import Output, Text
from runtime.errors import SendError
from runtime.limits import UNPACED, SendPace
from runtime.ports.channel_adapter import ChannelAdapter, OutboundMessage, SendReceipt
from tests.flow_engine.spoken import spoken


class RecordingChannel(ChannelAdapter):
    """``heard`` holds every attempt in order, also those that were then made to fail."""

    def __init__(self, channel_id: str = "http_dev", profile: str = "http_dev", *, pace: SendPace = UNPACED) -> None:
        self.channel_id = channel_id
        self.pace = pace
        self.profile = profile
        self.heard: list[OutboundMessage] = []
        self.faults: deque[Exception | None] = deque()
        self.open = asyncio.Event()
        self.open.set()
        self.closed = False

    async def send(self, message: OutboundMessage) -> SendReceipt:
        self.heard.append(message)
        fault = self.faults.popleft() if self.faults else None
        await self.open.wait()
        if fault is not None:
            raise fault
        return SendReceipt(f"wamid.{len(self.heard)}")

    async def close(self) -> None:
        self.closed = True

    def texts(self, contact_id: str | None = None) -> list[str]:
        """What was said, in order."""
        return [
            body(message.output) for message in self.heard if contact_id is None or message.contact_id == contact_id
        ]

    def fail_next(self, *faults: SendError | Exception | None) -> None:
        """Give the next attempts these results; ``None`` succeeds."""
        self.faults.extend(faults)


def body(output: Output) -> str:
    return spoken(output) if isinstance(output, Text) else f"{spoken(output)} …"
