"""Telegram for the factory: an adapter and a route for each bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flow_engine.vocabulary import JSON
from runtime.channels.kind import BuiltChannels, ChannelKind
from runtime.channels.services import ChannelServices
from runtime.channels.telegram.adapter import TelegramAdapter
from runtime.channels.telegram.bot_api import DEFAULT_BASE_URL, BotAPI, open_http_client
from runtime.channels.telegram.config import parse_telegram_channel
from runtime.channels.telegram.used_keyboards import UsedKeyboards
from runtime.channels.telegram.webhook import TelegramWebhook
from runtime.channels.telegram.words import words_in
from runtime.errors import ConfigurationError


def problems(config: Mapping[str, JSON], location: str) -> Sequence[str]:
    try:
        parse_telegram_channel(config, location=location)
    except ConfigurationError as error:
        return error.problems
    return []


def channel_id(config: Mapping[str, JSON]) -> str:
    return parse_telegram_channel(config).channel_id


def build(configs: Sequence[Mapping[str, JSON]], services: ChannelServices) -> BuiltChannels:
    built = [_build_one(config, services) for config in configs]
    return BuiltChannels(
        tuple(adapter for adapter, _ in built), tuple(route for _, webhook in built for route in webhook.routes())
    )


def _build_one(config: Mapping[str, JSON], services: ChannelServices) -> tuple[TelegramAdapter, TelegramWebhook]:
    bot, words = parse_telegram_channel(config), words_in(services.language)
    api = BotAPI(open_http_client(), services.telegram_base_url or DEFAULT_BASE_URL, bot.bot_token)
    used_keyboards = UsedKeyboards(api, words)
    adapter = TelegramAdapter(
        bot, api=api, words=words, used_keyboards=used_keyboards, intake=services.intake, clock=services.clock
    )
    webhook = TelegramWebhook(
        bot,
        intake=services.intake,
        outgoing=services.outgoing,
        clock=services.clock,
        used_keyboards=used_keyboards,
    )
    return adapter, webhook


TELEGRAM: Final = ChannelKind(problems, channel_id, build, entrance=("Telegram webhook", "/telegram/<bot id>"))
