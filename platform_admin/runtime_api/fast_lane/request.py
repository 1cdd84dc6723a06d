"""What of a request the fast lane reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs

from django.conf import settings

_METHODS: Final = {"bundle": "GET", "commands": "GET", "report": "POST"}
_LONGEST_NUMBER: Final = len("3600")


@dataclass(frozen=True, slots=True)
class FastRequest:
    """``etags`` as ``If-None-Match`` had them, without quotes and without a proxy's ``W/``."""

    slug: str
    door: str
    token: str
    etags: tuple[str, ...]
    wait_s: float
    encrypted: bool


def request_of(scope: Mapping[str, Any], *, slug: str, door: str) -> FastRequest | None:
    """``None`` for what is written in a way that the ordinary way should read."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if scope["method"] != _METHODS[door] or len(headers) != len(scope["headers"]):  # a header that comes twice
        return None
    if b"content-encoding" in headers:
        return None
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not token or not token.isascii() or any(sign.isspace() for sign in token):
        return None
    quoted = [tag.strip().removeprefix("W/") for tag in headers.get(b"if-none-match", b"").decode("latin-1").split(",")]
    return FastRequest(
        slug=slug,
        door=door,
        token=token,
        etags=tuple(tag.strip('"') for tag in quoted if tag),
        wait_s=_seconds(scope.get("query_string", b"")),
        encrypted=_encrypted(scope, headers),
    )


def _seconds(query: bytes) -> float:
    """What cannot be read as a time to wait is none, as in ``commands``."""
    text = parse_qs(query.decode("latin-1")).get("wait", [""])[-1]
    return float(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else 0.0


def _encrypted(scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> bool:
    """As Django's ``HttpRequest.scheme`` sees it."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        said = headers.get(name.removeprefix("HTTP_").replace("_", "-").lower().encode())
        if said is not None:
            return said.decode("latin-1").split(",")[0].strip() == value
    return bool(scope.get("scheme") == "https")
