"""The development channel for the factory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flow_engine.vocabulary import JSON
from runtime.channels.http_dev.adapter import CHANNEL_ID, HttpDevChannelAdapter
from runtime.channels.http_dev.chat_page import load_chat_page
from runtime.channels.http_dev.router import HttpDevRoutes
from runtime.channels.kind import BuiltChannels, ChannelKind
from runtime.channels.services import ChannelServices
from runtime.channels.shown_as import ChannelViews


def problems(config: Mapping[str, JSON], location: str) -> Sequence[str]:
    return [f"{location}.{key}: unknown key; http_dev has only type" for key in config if key != "type"]


def build(_configs: Sequence[Mapping[str, JSON]], services: ChannelServices) -> BuiltChannels:
    adapter = HttpDevChannelAdapter()
    routes = HttpDevRoutes(
        adapter=adapter,
        intake=services.intake,
        outgoing=services.outgoing,
        clock=services.clock,
        page=load_chat_page(
            business_name=services.business_name, tenant_id=services.tenant_id, language=services.language
        ),
        views=ChannelViews(services.language),
        allow_remote=services.http_dev_allow_remote,
        stopping=services.stopping,
    )
    return BuiltChannels((adapter,), tuple(routes.routes()))


HTTP_DEV: Final = ChannelKind(problems, lambda _: CHANNEL_ID, build, entrance=("Chat page", "/chat"))
