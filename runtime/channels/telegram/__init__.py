"""Telegram as a channel: ``/telegram/<bot id>`` in, the Bot API out."""

from runtime.channels.telegram.adapter import TelegramAdapter
from runtime.channels.telegram.config import TelegramChannelConfig, parse_telegram_channel

__all__ = ["TelegramAdapter", "TelegramChannelConfig", "parse_telegram_channel"]
