"""``channel_factory``: from a channel block to the channel's two halves. The one place that knows every channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from starlette.routing import Route

from flow_engine.vocabulary import JSON
from runtime.errors import ConfigurationError
from runtime.ports.channel_adapter import ChannelAdapter
from runtime.ports.clock import Clock
from runtime.ports.inbox import InboundIntake
from runtime.ports.outgoing_messages import OutgoingMessages

DEFAULT_LANGUAGE: Final = "en"
"""Until a release says which one its bot speaks."""

type Channel = tuple[ChannelAdapter, list[Route]]


@dataclass(frozen=True, slots=True)
class ChannelServices:
    """What a channel may use of the runtime. ``graph_*`` of ``None`` leaves the Graph client's defaults.

    ``stopping`` is set when the process begins to stop: requests that only wait are answered then.
    """

    intake: InboundIntake
    outgoing: OutgoingMessages
    clock: Clock
    tenant_id: str
    business_name: str
    language: str = DEFAULT_LANGUAGE
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    http_dev_allow_remote: bool = False
    graph_base_url: str | None = None
    graph_version: str | None = None

    def speaking(self, language: str, *, as_business: str) -> ChannelServices:
        """The same for a release in which the business calls itself so and the bot speaks that language."""
        return replace(self, business_name=as_business, language=language)


def channel_factory(
    config: Mapping[str, JSON], services: ChannelServices, *, location: str = "channel"
) -> tuple[ChannelAdapter, list[Route]]:
    """The adapter and the routes of one channel block. Opens no connection; the adapter's owner closes it.

    Raises:
        ConfigurationError: the block cannot be used; every fault, with ``location`` before each key.
    """
    problems = channel_problems(config, location=location)
    if problems:
        raise ConfigurationError(problems)
    return _CHANNELS[str(config["type"])].build(config, services)


def channel_problems(config: Mapping[str, JSON], *, location: str) -> Sequence[str]:
    """Everything wrong with a channel block as ``<location>.<key>: what; what to do``. Builds nothing."""
    kind = config.get("type")
    if not isinstance(kind, str) or kind not in _CHANNELS:
        return [f"{location}.type: there is no such channel; one of {', '.join(_CHANNELS)}"]
    return _CHANNELS[kind].problems(config, location)


def _http_dev_problems(config: Mapping[str, JSON], location: str) -> Sequence[str]:
    return [f"{location}.{key}: unknown key; http_dev has only type" for key in config if key != "type"]


def _build_http_dev(_config: Mapping[str, JSON], services: ChannelServices) -> Channel:
    from runtime.channels.http_dev import HttpDevChannelAdapter  # noqa: PLC0415 - a channel loads when a tenant has it
    from runtime.channels.http_dev.chat_page import ChatPage  # noqa: PLC0415 - the same
    from runtime.channels.http_dev.router import HttpDevRoutes  # noqa: PLC0415 - the same

    adapter = HttpDevChannelAdapter()
    routes = HttpDevRoutes(
        adapter=adapter,
        intake=services.intake,
        outgoing=services.outgoing,
        clock=services.clock,
        page=ChatPage.load(
            business_name=services.business_name, tenant_id=services.tenant_id, language=services.language
        ),
        allow_remote=services.http_dev_allow_remote,
        stopping=services.stopping,
    )
    return adapter, routes.routes()


def _whatsapp_problems(config: Mapping[str, JSON], location: str) -> Sequence[str]:
    from runtime.channels.whatsapp.config import parse_whatsapp_channel  # noqa: PLC0415 - a channel loads when wanted

    try:
        parse_whatsapp_channel(config, location=location)
    except ConfigurationError as error:
        return error.problems
    return []


def _build_whatsapp(config: Mapping[str, JSON], services: ChannelServices) -> Channel:
    from connectors.whatsapp import (  # noqa: PLC0415 - loads the HTTP stack, which only this channel needs
        DEFAULT_BASE_URL,
        DEFAULT_VERSION,
        GraphClient,
        open_http_client,
    )
    from runtime.channels.whatsapp import WhatsAppAdapter, parse_whatsapp_channel  # noqa: PLC0415 - the same

    channel = parse_whatsapp_channel(config)
    graph = GraphClient(
        open_http_client(),
        services.graph_base_url or DEFAULT_BASE_URL,
        services.graph_version or DEFAULT_VERSION,
        channel.phone_number_id,
        channel.access_token,
    )
    adapter = WhatsAppAdapter(channel, intake=services.intake, graph=graph, clock=services.clock)
    return adapter, adapter.routes


@dataclass(frozen=True, slots=True)
class _Kind:
    problems: Callable[[Mapping[str, JSON], str], Sequence[str]]
    build: Callable[[Mapping[str, JSON], ChannelServices], Channel]
    entrance: tuple[str, str]


_CHANNELS: Final[Mapping[str, _Kind]] = {
    "http_dev": _Kind(_http_dev_problems, _build_http_dev, ("Chat page", "/chat")),
    "whatsapp": _Kind(_whatsapp_problems, _build_whatsapp, ("WhatsApp webhook", "/webhook")),
}
"""Type → how to check and build it, and its address for people. Literal on purpose: what can run is read here."""

CHANNEL_TYPES: Final = tuple(_CHANNELS)


def entrances(channels: Sequence[Mapping[str, JSON]]) -> list[tuple[str, str]]:
    """Name and path of the address behind which each of these (sound) channel blocks listens."""
    return [_CHANNELS[str(channel["type"])].entrance for channel in channels]
