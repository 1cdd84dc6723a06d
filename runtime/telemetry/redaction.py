"""``Redactor``: takes out of a text what must not be kept in a log.

Three nets, one behind the other: the very secrets this process holds, texts that look like secrets whoever they belong
to, and phone numbers. A phone number becomes a short keyed hash, so that two lines about one customer can still be
brought together.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Final

HIDDEN: Final = "[hidden]"

_SHAPES: Final = re.compile(
    r"""(?ix)
      (?: bearer | basic ) \s+ [\w.~+/=-]{6,}          # an Authorization header's value
    | \b gAAAA [\w=-]{20,}                             # a Fernet token
    | \b EAA [a-z0-9]{20,}                             # a Graph access token
    | \b sk- [\w-]{16,}                                # a key of an LLM provider
    | \b eyJ [\w-]{8,} \. [\w-]{8,} \. [\w-]*          # a JSON web token
    | -----BEGIN [^-]* PRIVATE [ ] KEY----- .*? (?: -----END [^-]*----- | \Z )
    | (?<= :// ) [^/\s@]+ (?= @ )                      # user and password in an address
    | (?<= [?&] hub\.verify_token= ) [^&\s]+
    """,
    re.DOTALL,
)
_MARKS: Final = ("bearer", "basic", "gaaaa", "eaa", "sk-", "eyj", "private key", "://", "hub.verify_token=")
"""One of these, in lower case, is in every text that has one of the shapes; looking for them costs a tenth."""

_PHONE: Final = re.compile(r"(?<![\w.:-])\+?\d{9,15}(?![\w.:-])")
"""E.164 has at most 15 digits; shorter runs are counts and times."""

_HASH_HEX_DIGITS: Final = 8

SHORTEST_SECRET_CHARS: Final = 4
"""A shorter one is part of every other word: hiding it would make logs unreadable and protect nothing."""


class Redactor:
    """Knows the process's secrets. ``salt`` keeps the hashes of two tenants from being compared."""

    def __init__(self, salt: bytes = b"") -> None:
        self._salt = salt
        self._secrets: re.Pattern[str] | None = None
        self._known: set[str] = set()

    def add(self, secrets: Iterable[str]) -> None:
        """Hide these from now on. Secrets of an earlier configuration stay hidden too."""
        self._known.update(secret for secret in secrets if len(secret) >= SHORTEST_SECRET_CHARS)
        longest_first = sorted(self._known, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def clean(self, text: str) -> str:
        """``text`` without secrets and phone numbers."""
        if self._secrets is not None:
            text = self._secrets.sub(HIDDEN, text)
        lowered = text.lower()
        if any(mark in lowered for mark in _MARKS):
            text = _SHAPES.sub(HIDDEN, text)
        return _PHONE.sub(lambda found: self.contact(found.group()), text)

    def contact(self, contact_id: str) -> str:
        """A stable short name for a customer that does not tell who it is."""
        digits = contact_id.removeprefix("+").encode()
        return "c-" + hmac.new(self._salt or b"frontdesk", digits, hashlib.sha256).hexdigest()[:_HASH_HEX_DIGITS]
