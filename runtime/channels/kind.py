"""``ChannelKind``: what the factory has to know of a kind of channel. Each channel's folder has its own ``kind.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.routing import Route

from flow_engine.vocabulary import JSON
from runtime.channels.services import ChannelServices
from runtime.ports.channel_adapter import ChannelAdapter


@dataclass(frozen=True, slots=True)
class BuiltChannels:
    """The two halves: adapters send, routes receive. Accounts of one kind may share their routes."""

    adapters: tuple[ChannelAdapter, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """``problems(block, location)`` lists what is wrong with one block and builds nothing.

    ``channel_id(block)`` names the account of a sound block, as it stands on every stored row. ``build`` makes all
    accounts of this kind from sound blocks and opens no connection. ``entrance`` names the address that people or
    providers use, with its path.
    """

    problems: Callable[[Mapping[str, JSON], str], Sequence[str]]
    channel_id: Callable[[Mapping[str, JSON]], str]
    build: Callable[[Sequence[Mapping[str, JSON]], ChannelServices], BuiltChannels]
    entrance: tuple[str, str]
