"""A chat for the business's own web pages: a widget to embed, messages in by POST, out as server-sent events.

A pull channel: what the bot says stays in the outbox's history, and a widget that comes back reads on from there.
"""

from runtime.channels.web_chat.adapter import WebChatAdapter
from runtime.channels.web_chat.config import WebChatConfig, parse_web_chat_channel

__all__ = ["WebChatAdapter", "WebChatConfig", "parse_web_chat_channel"]
