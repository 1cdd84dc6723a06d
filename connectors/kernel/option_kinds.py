"""What a key of a connector's block may hold: each kind parses a value and describes itself as JSON Schema.

``parse`` raises ``ValueError`` with what is wrong, and never repeats the value: it may be a secret in the
wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.kernel.egress.addresses import is_public
from connectors.plain_json import JSON, JSONObject

_INSIDE = (".internal", ".local", ".lan", ".home.arpa", ".localhost")
"""Endings that nobody can register: RFC 6762, RFC 8375, and what ICANN keeps out of the root."""

_SECRET = re.compile(r"[\x21-\x7e]{1,500}")

_TEXT_MAX = 2_000
"""Characters of a setting. Longer ones are documents and have a place of their own."""


class Kind[T](Protocol):
    """One kind of value."""

    def schema(self) -> JSONObject:
        """Its JSON Schema, for forms and for checking before anything is imported."""
        ...

    def parse(self, value: JSON) -> T:
        """The value typed. Raises ``ValueError`` in words that follow the key."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is not empty. ``pattern`` must match it whole; ``wanted`` says in words what that means."""

    wanted: str = "a text that is not empty"
    pattern: str = ""
    max_length: int = _TEXT_MAX
    format: str = ""

    def schema(self) -> JSONObject:
        described: JSONObject = {"type": "string", "minLength": 1, "maxLength": self.max_length}
        if self.pattern:
            described["pattern"] = f"^(?:{self.pattern})$"
        if self.format:
            described["format"] = self.format
        return described

    def parse(self, value: JSON) -> str:
        fits = isinstance(value, str) and value.strip() and len(value) <= self.max_length
        if not isinstance(value, str) or not fits or (self.pattern and not re.fullmatch(self.pattern, value)):
            raise ValueError(f"must be {self.wanted}")
        return value


@dataclass(frozen=True, slots=True)
class Secret:
    """A credential: stored apart from the settings, shown to nobody, kept out of every log."""

    wanted: str = "the provider's key, without spaces"
    multiline: bool = False

    def schema(self) -> JSONObject:
        return {"type": "string", "writeOnly": True, **({"x-multiline": True} if self.multiline else {})}

    def parse(self, value: JSON) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if not text or (not self.multiline and not _SECRET.fullmatch(text)):
            raise ValueError(f"must be {self.wanted}")
        return text


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from ``minimum`` to ``maximum``."""

    minimum: int
    maximum: int

    def schema(self) -> JSONObject:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}

    def parse(self, value: JSON) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.minimum <= value <= self.maximum:
            raise ValueError(f"must be a whole number from {self.minimum} to {self.maximum}, not {shown(value)}")
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A number above ``above`` and up to ``maximum``."""

    above: float
    maximum: float

    def schema(self) -> JSONObject:
        return {"type": "number", "exclusiveMinimum": self.above, "maximum": self.maximum}

    def parse(self, value: JSON) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.above < value <= self.maximum:
            raise ValueError(f"must be a number above {self.above:g} and up to {self.maximum:g}, not {shown(value)}")
        return float(value)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    def schema(self) -> JSONObject:
        return {"type": "boolean"}

    def parse(self, value: JSON) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"must be true or false, not {shown(value)}")  # noqa: TRY004 - a fault of the document
        return value


@dataclass(frozen=True, slots=True)
class Choice[E: StrEnum]:
    """One of the members of an enumeration, by its value."""

    members: type[E]

    def schema(self) -> JSONObject:
        return {"type": "string", "enum": [member.value for member in self.members]}

    def parse(self, value: JSON) -> E:
        for member in self.members:
            if value == member.value:
                return member
        raise ValueError(f"must be one of {', '.join(self.members)}")


@dataclass(frozen=True, slots=True)
class HttpsAddress:
    """An https address without user, password, query or fragment; http only for what cannot be on the internet.

    Whether such an address may be called is decided when it is (``kernel.egress``).
    """

    def schema(self) -> JSONObject:
        return {"type": "string", "format": "uri"}

    def parse(self, value: JSON) -> str:
        problem = "must be an https address without user, password or query (http only in a network of one's own)"
        try:
            parts = urlsplit(value) if isinstance(value, str) else None
            usable = parts is not None and parts.hostname and (parts.port or True)
        except ValueError:
            raise ValueError(problem) from None
        if parts is None or not usable or "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError(problem)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_inside(parts.hostname or "")):
            raise ValueError(problem)
        return parts.geturl().rstrip("/")


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A name of the IANA database."""

    def schema(self) -> JSONObject:
        return {"type": "string", "format": "iana-time-zone"}

    def parse(self, value: JSON) -> str:
        try:
            return ZoneInfo(value if isinstance(value, str) else "").key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be a time zone like Europe/Madrid") from None


@dataclass(frozen=True, slots=True)
class Document[T]:
    """A list or mapping with a reader and a schema of its own."""

    reader: Callable[[JSON], T]
    described: JSONObject

    def schema(self) -> JSONObject:
        return self.described

    def parse(self, value: JSON) -> T:
        return self.reader(value)


def _is_inside(host: str) -> bool:
    """Whether ``host`` can only be something of one's own network."""
    try:
        return not is_public(ip_address(host))
    except ValueError:
        return "." not in host or host.endswith(_INSIDE)


def shown(value: JSON) -> str:
    """The kind of a value, never the value itself: it may be a secret in the wrong place."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "a yes/no value"
        case int() | float():
            return f"the number {value}"
        case str():
            return "an empty text" if not value.strip() else "a text"
        case list():
            return "a list"
        case dict():
            return "a mapping"
