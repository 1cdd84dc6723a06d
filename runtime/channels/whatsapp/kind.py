"""WhatsApp for the factory: an adapter for each number, one webhook for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from connectors.whatsapp import DEFAULT_BASE_URL, DEFAULT_VERSION, GraphClient, open_http_client
from flow_engine.outputs.capabilities import read_capabilities
from flow_engine.vocabulary import JSON
from runtime.channels.kind import BuiltChannels, ChannelKind
from runtime.channels.services import ChannelServices
from runtime.channels.whatsapp.adapter import WhatsAppAdapter
from runtime.channels.whatsapp.config import WhatsAppChannelConfig, parse_whatsapp_channel
from runtime.channels.whatsapp.file_fetch import FileFetch
from runtime.channels.whatsapp.inbound import PROFILE
from runtime.channels.whatsapp.router import build_routes
from runtime.channels.whatsapp.send_planner import SendPlanner
from runtime.channels.whatsapp.uploads import Uploads
from runtime.errors import ConfigurationError


def problems(config: Mapping[str, JSON], location: str) -> Sequence[str]:
    try:
        parse_whatsapp_channel(config, location=location)
    except ConfigurationError as error:
        return error.problems
    return []


def channel_id(config: Mapping[str, JSON]) -> str:
    return parse_whatsapp_channel(config).channel_id


def build(configs: Sequence[Mapping[str, JSON]], services: ChannelServices) -> BuiltChannels:
    numbers = [parse_whatsapp_channel(config) for config in configs]
    routes = build_routes(numbers, services.intake, services.clock)
    return BuiltChannels(tuple(_adapter(number, services) for number in numbers), tuple(routes))


def _adapter(number: WhatsAppChannelConfig, services: ChannelServices) -> WhatsAppAdapter:
    graph = GraphClient(
        open_http_client(),
        services.graph_base_url or DEFAULT_BASE_URL,
        services.graph_version or DEFAULT_VERSION,
        number.phone_number_id,
        number.access_token,
    )
    fetch = FileFetch(services.egress)
    return WhatsAppAdapter(
        number,
        graph=graph,
        planner=SendPlanner(read_capabilities()[PROFILE], services.templates),
        contacts=services.contacts,
        clock=services.clock,
        uploads=Uploads(number.channel_id, graph, services.uploads, fetch, services.clock),
        close_also=fetch.close,
    )


WHATSAPP: Final = ChannelKind(problems, channel_id, build, entrance=("WhatsApp webhook", "/webhook"))
