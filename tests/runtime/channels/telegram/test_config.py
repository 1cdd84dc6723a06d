"""What a telegram block may say, and what is said about one that may not."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.channels.telegram import parse_telegram_channel
from runtime.errors import ConfigurationError
from tests.runtime.channels.telegram.conftest import SECRET, TOKEN

GOOD: dict[str, Any] = {"type": "telegram", "bot_id": "123456789", "bot_token": TOKEN, "webhook_secret": SECRET}


def test_a_bot_has_a_channel_and_a_path_of_its_own_and_hides_its_secrets() -> None:
    config = parse_telegram_channel(GOOD)
    assert (config.channel_id, config.path) == ("telegram:123456789", "/telegram/123456789")
    assert repr(config) == "TelegramChannelConfig(bot_id='123456789')"


FAULTY: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": (
        {"type": "telegram"},
        ["channel.bot_id: missing", "channel.bot_token: missing", "channel.webhook_secret: missing"],
    ),
    "a number instead of a text": ({**GOOD, "bot_id": 123456789}, ["channel.bot_id: must be text"]),
    "a path in the bot's id": ({**GOOD, "bot_id": "1/../2"}, ["channel.bot_id: not usable"]),
    "a token with a line break": ({**GOOD, "bot_token": f"{TOKEN}\n"}, ["channel.bot_token: not usable"]),
    "the token of another bot": ({**GOOD, "bot_id": "987654321"}, ["channel.bot_token: belongs to another bot"]),
    "a short secret": ({**GOOD, "webhook_secret": "short"}, ["channel.webhook_secret: not usable"]),
    "a secret that no header carries": ({**GOOD, "webhook_secret": "ñ" * 20}, ["channel.webhook_secret: not usable"]),
    "a key too many": ({**GOOD, "chat": "1"}, ["channel.chat: unknown key"]),
}


@pytest.mark.parametrize(("block", "beginnings"), FAULTY.values(), ids=FAULTY)
def test_every_fault_is_named_without_its_value(block: dict[str, Any], beginnings: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_telegram_channel(block)
    problems = caught.value.problems
    assert [any(p.startswith(b) for b in beginnings) for p in problems] == [True] * len(beginnings)
    assert TOKEN not in str(caught.value)
