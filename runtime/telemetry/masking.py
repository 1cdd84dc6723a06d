"""``Masking``: what must not leave the runtime is replaced, in names of contacts and in texts."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

from runtime.telemetry.redaction import HIDDEN, Redactor

TEXT_CHARS: Final = 500
"""Enough to judge a turn by; a longer text is no evidence but a document."""

_HEX_DIGITS: Final = 12
"""48 bits: no two of a million contacts share a name but once in five hundred tenants."""

_EMAIL: Final = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}\.[^\W\d_]{2,}")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{2,4}){3,8}\b")
_NUMBER: Final = re.compile(r"(?<![\w])\+?\(?\d(?:[\s().·-]{0,2}\d){6,18}[A-Za-z]?(?!\w)")
"""Phone, card and identity numbers, however they are grouped: seven digits or more."""

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}\D?.*|\d{1,2}[.-]\d{1,2}[.-]\d{4}")
"""A date looks like a grouped number and tells nobody who it is."""


class Masking:
    """``pepper`` is this tenant's own and never leaves: no pseudonym can be tried out against a phone book."""

    def __init__(self, redactor: Redactor, pepper: bytes) -> None:
        self._redactor = redactor
        self._pepper = pepper

    def name(self, contact_id: str) -> str:
        """``c-<12 hex>-<last two digits>``; without digits, the hash alone."""
        short = hmac.new(self._pepper, contact_id.encode(), hashlib.sha256).hexdigest()[:_HEX_DIGITS]
        last = contact_id[-2:]
        return f"c-{short}-{last}" if last.isascii() and last.isdigit() else f"c-{short}"

    def text(self, text: str) -> str:
        """``text`` without numbers, addresses and secrets, at most 500 characters of it."""
        text = text[: 2 * TEXT_CHARS]
        text = _EMAIL.sub(HIDDEN, text)
        text = _IBAN.sub(HIDDEN, text)
        text = _NUMBER.sub(lambda found: found[0] if _DATE.fullmatch(found[0]) else HIDDEN, text)
        return self._redactor.clean(text)[:TEXT_CHARS]
