"""A web chat as a tenant's configuration describes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flow_engine.vocabulary import JSON
from runtime.errors import ConfigurationError

CHANNEL_ID: Final = "web_chat"
MOST_ORIGINS: Final = 20
"""A business has a site or two, with and without www."""
MIN_SECRET_CHARS: Final = 32
"""What signs a visitor's id must not be guessed: 32 characters of base64 are 192 bits."""

# RFC 6454: scheme, host, port; no path. Plain http only on this machine: a page on it could be rewritten on its way.
_ORIGIN: Final = re.compile(
    r"https://[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?", re.ASCII
)
_KEYS: Final = ("type", "visitor_secret", "allowed_origins")


@dataclass(frozen=True, slots=True)
class WebChatConfig:
    """``allowed_origins`` are the sites that may embed the widget; the runtime's own page always may.

    ``visitor_secret`` signs visitors' ids. Another secret makes strangers of all of them.
    """

    allowed_origins: frozenset[str]
    visitor_secret: str = field(repr=False)


def parse_web_chat_channel(raw: Mapping[str, JSON], *, location: str = "channel") -> WebChatConfig:
    """Read a channel block. ``location`` leads every complaint: ``channel``, ``channels.0``.

    Raises:
        ConfigurationError: names every faulty key at once, and no secret.
    """
    problems = [
        f"{location}.{key}: unknown key; a web_chat channel has {', '.join(_KEYS)}" for key in raw if key not in _KEYS
    ]
    secret = raw.get("visitor_secret")
    if not isinstance(secret, str) or len(secret) < MIN_SECRET_CHARS:
        problems.append(f"{location}.visitor_secret: must be a text of {MIN_SECRET_CHARS} characters or more")
    origins = raw.get("allowed_origins", [])
    problems += _origin_problems(origins, f"{location}.allowed_origins")
    if problems or not isinstance(secret, str) or not isinstance(origins, list):
        raise ConfigurationError(problems)
    return WebChatConfig(frozenset(str(origin) for origin in origins), secret)


def _origin_problems(origins: JSON, location: str) -> Sequence[str]:
    if not isinstance(origins, list) or len(origins) > MOST_ORIGINS:
        return [f"{location}: must be a list of at most {MOST_ORIGINS}"]
    return [
        f"{location}.{index}: must be an origin such as https://www.example.com, in small letters and without a path"
        for index, origin in enumerate(origins)
        if not isinstance(origin, str) or not _ORIGIN.fullmatch(origin)
    ]
