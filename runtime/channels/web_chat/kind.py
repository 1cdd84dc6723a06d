"""The web chat for the factory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flow_engine.vocabulary import JSON
from runtime.channels.kind import BuiltChannels, ChannelKind
from runtime.channels.services import ChannelServices
from runtime.channels.web_chat.adapter import WebChatAdapter
from runtime.channels.web_chat.config import CHANNEL_ID, parse_web_chat_channel
from runtime.channels.web_chat.guard import Guard
from runtime.channels.web_chat.origins import Origins
from runtime.channels.web_chat.routes import WebChatRoutes
from runtime.channels.web_chat.streams import Streams
from runtime.channels.web_chat.visitor import Visitors
from runtime.channels.web_chat.widget_page import load_widget
from runtime.errors import ConfigurationError


def problems(config: Mapping[str, JSON], location: str) -> Sequence[str]:
    try:
        parse_web_chat_channel(config, location=location)
    except ConfigurationError as error:
        return error.problems
    return []


def build(configs: Sequence[Mapping[str, JSON]], services: ChannelServices) -> BuiltChannels:
    (chat,) = map(parse_web_chat_channel, configs)
    adapter = WebChatAdapter()
    origins, visitors = Origins(chat.allowed_origins), Visitors(chat.visitor_secret, services.tenant_id)
    routes = WebChatRoutes(
        services=services,
        channel_id=adapter.channel_id,
        origins=origins,
        visitors=visitors,
        guard=Guard(origins, visitors, services.clock, services.trusted_proxies),
        streams=Streams(adapter, services.outgoing, services.stopping),
        files=load_widget(business_name=services.business_name, language=services.language),
    )
    return BuiltChannels((adapter,), tuple(routes.routes()))


WEB_CHAT: Final = ChannelKind(problems, lambda _: CHANNEL_ID, build, entrance=("Web chat", "/widget"))
