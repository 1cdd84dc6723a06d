"""One number with its adapter, a store in memory and a clock, against a Graph API on loopback."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.clock import ManualClock
from connectors.kernel.egress.policy import THIS_MACHINE
from connectors.whatsapp import GraphClient, open_http_client
from flow_engine.messages import InternalMessage
from flow_engine.outputs.capabilities import read_capabilities
from flow_engine.outputs.output import Output
from flow_engine.vocabulary import MessageType
from runtime.channels.whatsapp import WhatsAppAdapter, WhatsAppChannelConfig
from runtime.channels.whatsapp.file_fetch import FileFetch
from runtime.channels.whatsapp.send_planner import SendPlanner
from runtime.channels.whatsapp.uploads import Uploads
from runtime.outreach import ApprovedTemplates
from runtime.ports.channel_adapter import OutboundMessage, SendReceipt
from runtime.ports.inbox import InboundEnvelope
from runtime.store.in_memory import InMemoryStateStore
from tests.fakes.graph_server import FakeGraphServer

ANA = "34600111222"
NOW = datetime.fromisoformat("2026-03-02T09:30:00+00:00")


@dataclass(slots=True)
class Phone:
    """What tests do with it: the customer writes, the business says something."""

    adapter: WhatsAppAdapter
    store: InMemoryStateStore
    clock: ManualClock
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def hears(self, contact_id: str = ANA, *, ago: timedelta = timedelta(0)) -> None:
        sent_at = self.clock.now() - ago
        message = InternalMessage(f"in-{next(self._numbers)}", contact_id, MessageType.TEXT, sent_at, "hola")
        await self.store.inbox.accept([InboundEnvelope(self.adapter.channel_id, "whatsapp", message)], sent_at)

    async def say(self, output: Output, contact_id: str = ANA, *, attempt: int = 1) -> SendReceipt:
        return await self.adapter.send(OutboundMessage(f"out-{next(self._numbers)}", contact_id, output, attempt))


@asynccontextmanager
async def open_adapter(
    graph: FakeGraphServer, config: WhatsAppChannelConfig, templates: ApprovedTemplates | None = None
) -> AsyncIterator[Phone]:
    store, clock = InMemoryStateStore(), ManualClock(NOW)
    client = GraphClient(
        open_http_client(), graph.url, "v25.0", config.phone_number_id, config.access_token, total_timeout_s=1.5
    )
    fetch = FileFetch(THIS_MACHINE)
    adapter = WhatsAppAdapter(
        config,
        graph=client,
        planner=SendPlanner(read_capabilities()["whatsapp"], templates),
        contacts=store.contacts,
        clock=clock,
        uploads=Uploads(config.channel_id, client, store.uploads, fetch, clock),
        close_also=fetch.close,
    )
    try:
        yield Phone(adapter, store, clock)
    finally:
        await adapter.close()
