"""``channel_factory``: from channel blocks to the channels' two halves. The one place that knows every channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from starlette.routing import Route

from flow_engine.vocabulary import JSON
from runtime.channels.kind import BuiltChannels, ChannelKind
from runtime.channels.services import ChannelServices
from runtime.errors import ConfigurationError
from runtime.ports.channel_adapter import ChannelAdapter


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
    built = _CHANNELS[str(config["type"])]().build([config], services)
    return built.adapters[0], [*built.routes]


def build_channels(configs: Sequence[Mapping[str, JSON]], services: ChannelServices) -> BuiltChannels:
    """All channels of a tenant. Accounts of one kind share their routes. Opens no connection.

    Raises:
        ConfigurationError: every fault of every block, as ``channels.<index>.<key>: what; what to do``.
    """
    problems = [
        problem
        for index, config in enumerate(configs)
        for problem in channel_problems(config, location=f"channels.{index}")
    ]
    if not problems:
        problems = _twice(configs)
    if problems:
        raise ConfigurationError(problems)
    built = [
        _CHANNELS[kind]().build([config for config in configs if config["type"] == kind], services)
        for kind in dict.fromkeys(str(config["type"]) for config in configs)
    ]
    adapters = tuple(adapter for one in built for adapter in one.adapters)
    return BuiltChannels(adapters, tuple(route for one in built for route in one.routes))


def channel_problems(config: Mapping[str, JSON], *, location: str) -> Sequence[str]:
    """Everything wrong with a channel block as ``<location>.<key>: what; what to do``. Builds nothing."""
    kind = config.get("type")
    if not isinstance(kind, str) or kind not in _CHANNELS:
        return [f"{location}.type: there is no such channel; one of {', '.join(_CHANNELS)}"]
    return _CHANNELS[kind]().problems(config, location)


def entrances(channels: Sequence[Mapping[str, JSON]]) -> list[tuple[str, str]]:
    """Name and path of each address behind which these (sound) channel blocks listen."""
    return list(dict.fromkeys(_CHANNELS[str(channel["type"])]().entrance for channel in channels))


def _twice(configs: Sequence[Mapping[str, JSON]]) -> list[str]:
    """Sound blocks that are the same account: two of them would answer the same customer."""
    ids = [_CHANNELS[str(config["type"])]().channel_id(config) for config in configs]
    return [
        f"channels.{index}: {channel_id} stands there already; keep one"
        for index, channel_id in enumerate(ids)
        if channel_id in ids[:index]
    ]


def _http_dev() -> ChannelKind:
    from runtime.channels.http_dev.kind import HTTP_DEV  # noqa: PLC0415 - a channel loads when a tenant has it

    return HTTP_DEV


def _telegram() -> ChannelKind:
    from runtime.channels.telegram.kind import TELEGRAM  # noqa: PLC0415 - loads the HTTP stack

    return TELEGRAM


def _web_chat() -> ChannelKind:
    from runtime.channels.web_chat.kind import WEB_CHAT  # noqa: PLC0415 - a channel loads when a tenant has it

    return WEB_CHAT


def _whatsapp() -> ChannelKind:
    from runtime.channels.whatsapp.kind import WHATSAPP  # noqa: PLC0415 - loads the HTTP stack

    return WHATSAPP


_CHANNELS: Final[Mapping[str, Callable[[], ChannelKind]]] = {
    "http_dev": _http_dev,
    "telegram": _telegram,
    "web_chat": _web_chat,
    "whatsapp": _whatsapp,
}
"""Type → how to get to know it. Literal on purpose: what can run is read here."""

CHANNEL_TYPES: Final = tuple(_CHANNELS)
