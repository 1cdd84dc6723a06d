"""A strict Telegram Bot API on loopback, and the customers who write to the bot."""

from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import FakeTelegramServer

__all__ = ["FakeTelegramServer", "Fault"]
