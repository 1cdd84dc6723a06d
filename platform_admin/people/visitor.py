"""Who stands at the door as far as a request tells: from where, with what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from platform_admin.people.client_address import client_address, counted_as

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What its name in the header is → what people call it. Those that call themselves Chrome as well come first."""

_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_LONGEST_HEADER_CHARS: Final = 512
_WORD: Final = re.compile(r"[\w.-]{1,30}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """``device`` in words, such as ``Firefox, Windows``; not trusted, for people to recognise their own."""

    address: str
    device: str

    @property
    def counted_as(self) -> str:
        return counted_as(self.address)


def visitor_of(request: HttpRequest) -> Visitor:
    return Visitor(client_address(request), device_in_words(request.headers.get("User-Agent", "")))


def device_in_words(header: str) -> str:
    """Browser and system of a ``User-Agent``; the program's own name where neither is known; may be empty."""
    header = header[:_LONGEST_HEADER_CHARS]
    found = [next((name for mark, name in table if mark in header), "") for table in (_BROWSERS, _SYSTEMS)]
    words = ", ".join(word for word in found if word)
    first = _WORD.match(header)
    return words or (first[0] if first else "")
