"""A Telegram channel as a tenant's configuration describes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flow_engine.vocabulary import JSON
from runtime.errors import ConfigurationError

# Shapes and hints by key. BotFather's tokens are the bot's id, a colon and 35 characters; the length is not promised.
_KEYS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "bot_id": (re.compile(r"[0-9]{5,20}", re.ASCII), "it is the number before the colon of the bot's token"),
    "bot_token": (re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{20,128}", re.ASCII), "copy the whole token from BotFather"),
    "webhook_secret": (
        re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII),
        "choose 16 to 256 letters, digits, '_' and '-', and give the same to setWebhook as secret_token",
    ),
}


@dataclass(frozen=True, slots=True)
class TelegramChannelConfig:
    """One bot. Field names are the configuration's keys (beside ``type: telegram``).

    ``bot_token`` pays our way to the Bot API; ``webhook_secret`` stands in a header of everything Telegram delivers.
    """

    bot_id: str
    bot_token: str = field(repr=False)
    webhook_secret: str = field(repr=False)

    @property
    def channel_id(self) -> str:
        """The key of this account on every stored row."""
        return f"telegram:{self.bot_id}"

    @property
    def path(self) -> str:
        """Where Telegram delivers; each bot has its own, so that one secret opens one bot."""
        return f"/telegram/{self.bot_id}"


def parse_telegram_channel(raw: Mapping[str, JSON], *, location: str = "channel") -> TelegramChannelConfig:
    """Read a channel block. ``location`` leads every complaint: ``channel``, ``channels.0``.

    Raises:
        ConfigurationError: names every faulty key at once, and no value.
    """
    problems = [
        f"{location}.{key}: unknown key; a telegram channel has type, {', '.join(_KEYS)}"
        for key in raw
        if key not in {"type", *_KEYS}
    ]
    values: dict[str, str] = {}
    for key, (shape, hint) in _KEYS.items():
        value = raw.get(key)
        if key not in raw:
            problems.append(f"{location}.{key}: missing; {hint}")
        elif not isinstance(value, str):
            problems.append(f"{location}.{key}: must be text; put the value in quotes")
        elif not shape.fullmatch(value):
            problems.append(f"{location}.{key}: not usable; {hint}")
        else:
            values[key] = value
    if not problems and values["bot_token"].partition(":")[0] != values["bot_id"]:
        problems.append(f"{location}.bot_token: belongs to another bot; its first part must be bot_id")
    if problems:
        raise ConfigurationError(problems)
    return TelegramChannelConfig(**values)
