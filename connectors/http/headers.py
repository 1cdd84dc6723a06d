"""Headers of a declared request: which a tenant may set, and values that stay one line."""

from __future__ import annotations

import re

from connectors.errors import RejectedError

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
"""RFC 9110 section 5.6.2."""

_VALUE = re.compile(r"[\x20-\x7e]{0,1000}")
"""Visible ASCII and spaces. Nothing that could end the line, and nothing that two servers read differently."""

OURS = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "forwarded",
        "host",
        "idempotency-key",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-http-method-override",
    }
)
"""What decides where a request goes, how long it is or who asks: set by us or by nobody."""


def checked_name(name: str) -> str:
    """``name`` in lower case. Raises ``ValueError``."""
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{name[:40]!a} is no name of a header")
    if name.lower() in OURS:
        raise ValueError(f"'{name[:40]}' is not set by configuration")
    return name.lower()


def is_one_line(value: str) -> bool:
    """Whether ``value`` can be the value of a header."""
    return _VALUE.fullmatch(value) is not None


def checked_value(value: str, name: str) -> str:
    """``value`` as it is. Raises ``RejectedError`` for what is not one line of visible ASCII."""
    if not is_one_line(value):
        raise RejectedError(f"the value of the header '{name}' must be one line of plain characters")
    return value.strip()
