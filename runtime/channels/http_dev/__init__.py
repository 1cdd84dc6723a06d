"""The development channel: ``POST /inbound``, ``GET /messages`` and the chat page on ``/chat``.

A pull channel: what the bot says stays in the outbox's history and is read from there as often as anyone likes.
"""

from runtime.channels.http_dev.adapter import HttpDevChannelAdapter

__all__ = ["HttpDevChannelAdapter"]
