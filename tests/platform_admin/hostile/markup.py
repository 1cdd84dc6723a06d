"""What a page is made of, apart from its words: the shapes of its elements, as a parser reads them."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from typing import Final

_LEADS: Final = frozenset(
    {"href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcset", "background"}
)
"""Attributes that name an address."""

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_BEFORE_A_SCHEME: Final = re.compile(r"[\x00-\x20]")
"""What a browser takes out of an address before it looks for the scheme (WHATWG URL, "basic URL parser")."""


class Markup(HTMLParser):
    """Reads a page. ``shapes`` counts ``element attribute attribute=scheme: …``."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shapes: Counter[str] = Counter()
        self._words: list[str] = []
        self._document: list[str] | None = None
        self.feed(page)
        self.close()

    @property
    def squeezed_words(self) -> str:
        """Every text, every value of an attribute and every text in data for scripts, without spaces."""
        return squeezed("".join(self._words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        described = sorted(f"{name}{_leads_to(name, value or '')}" for name, value in attrs)
        self.shapes[" ".join([tag, *described])] += 1
        self._words += [value for _, value in attrs if value]
        if tag == "script" and ("type", "application/json") in attrs:
            self._document = []

    def handle_data(self, data: str) -> None:
        (self._words if self._document is None else self._document).append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._document is not None:
            self._words += _texts(json.loads("".join(self._document)))
            self._document = None

    def handle_comment(self, data: str) -> None:
        self.shapes["a comment"] += 1

    def handle_decl(self, decl: str) -> None:
        self.shapes[f"<!{decl}>"] += 1

    def unknown_decl(self, data: str) -> None:
        self.shapes["a declaration"] += 1

    def handle_pi(self, data: str) -> None:
        self.shapes["an instruction"] += 1


def squeezed(text: str) -> str:
    return "".join(text.split())


def _leads_to(name: str, value: str) -> str:
    """The scheme, or ``//`` where the address is another host's without one."""
    if name not in _LEADS:
        return ""
    plain = _BEFORE_A_SCHEME.sub("", value).replace("\\", "/")
    scheme = _SCHEME.match(plain)
    return f"={scheme[1].lower()}:" if scheme else "=//" if plain.startswith("//") else ""


def _texts(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [text for item in value for text in _texts(item)]
        case dict():
            return [text for item in value.values() for text in _texts(item)]
        case _:
            return []
