"""Makes a text fit for a log: no credential, no phone number, no control character, bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from connectors.plain_json import JSON

HIDDEN = "•••"

_MAX_LOG_TEXT = 500
"""Characters. Enough for our own sentences and a provider's first line; a page of HTML is no news."""

_MIN_SECRET = 6
"""Characters. Replacing shorter values would riddle every text with holes."""

_SECRET_KEYS = re.compile(
    r"token|secret|password|passwd|api_?key|private_?key|credential|authori[sz]ation", re.IGNORECASE
)

_PATTERNS = (
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]{6,}"),
    re.compile(r"(?i)(?<=[?&;\s])(?:access_token|api_?key|token|secret|password)=[^&\s]+"),
    re.compile(r"(?<![\w.])\+?\d{9,15}(?![\w.])"),  # E.164 has up to fifteen digits
)

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Terminal sequences, and everything that could begin a new log line."""


class Redactor:
    """Hides known secret values and what looks like one. Cheap to call, safe on any text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        values = sorted({secret for secret in secrets if len(secret) >= _MIN_SECRET}, key=len, reverse=True)
        self._known = re.compile("|".join(re.escape(value) for value in values)) if values else None

    def __call__(self, text: str) -> str:
        text = text[: 4 * _MAX_LOG_TEXT]
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        for pattern in _PATTERNS:
            text = pattern.sub(HIDDEN, text)
        text = _CONTROL.sub(" ", text)
        return text if len(text) <= _MAX_LOG_TEXT else text[: _MAX_LOG_TEXT - 1] + "…"


def secrets_in(block: Mapping[str, JSON]) -> list[str]:
    """Every text below a key whose name says that it is secret."""
    found: list[str] = []
    for key, value in block.items():
        _collect(value, secret=_SECRET_KEYS.search(key) is not None, found=found)
    return found


def _collect(value: JSON, *, secret: bool, found: list[str]) -> None:
    match value:
        case str() if secret:
            found.append(value)
        case list():
            for item in value:
                _collect(item, secret=secret, found=found)
        case dict():
            for key, item in value.items():
                _collect(item, secret=secret or _SECRET_KEYS.search(key) is not None, found=found)
        case _:
            pass
