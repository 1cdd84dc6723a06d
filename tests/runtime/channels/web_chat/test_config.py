"""What a web_chat block may say, and what is said about one that may not."""

from __future__ import annotations

from typing import Any

import pytest

from flow_engine.vocabulary import JSON
from runtime.channels.web_chat import parse_web_chat_channel
from runtime.errors import ConfigurationError
from tests.runtime.channels.web_chat.conftest import SECRET, SITE

GOOD: dict[str, Any] = {"type": "web_chat", "visitor_secret": SECRET, "allowed_origins": [SITE]}
BAD_ORIGINS: list[JSON] = [
    "https://luna.example/",
    "https://luna.example/path",
    "https://*.luna.example",
    "*",
    "null",
    "http://luna.example",
    "HTTPS://luna.example",
    "https://Luna.example",
    "luna.example",
    "https://user@luna.example",
    "https://luna.example:port",
    7,
]


def test_a_sound_block_is_read_and_hides_its_secret() -> None:
    config = parse_web_chat_channel({**GOOD, "allowed_origins": [SITE, "http://localhost:5173", "https://x.es:8443"]})
    assert config.allowed_origins == {SITE, "http://localhost:5173", "https://x.es:8443"}
    assert SECRET not in repr(config)


def test_no_origin_at_all_leaves_the_runtimes_own_page() -> None:
    assert parse_web_chat_channel({"type": "web_chat", "visitor_secret": SECRET}).allowed_origins == frozenset()


@pytest.mark.parametrize("origin", BAD_ORIGINS)
def test_what_is_no_origin_is_refused_by_its_place(origin: JSON) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_web_chat_channel({**GOOD, "allowed_origins": [SITE, origin]}, location="channels.1")
    (problem,) = caught.value.problems
    assert problem.startswith("channels.1.allowed_origins.1: must be an origin")


def test_every_fault_is_named_at_once_and_no_secret() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_web_chat_channel({"type": "web_chat", "visitor_secret": "short", "allowed_origins": "x", "title": "y"})
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "channel.title",
        "channel.visitor_secret",
        "channel.allowed_origins",
    ]
    assert "short" not in str(caught.value)
