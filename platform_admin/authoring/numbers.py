"""``number_in``: a whole number that a form or an address names, such as that of a version."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

_DIGITS: Final = 9
"""More than any version has, and less than a column of the database holds."""


def number_in(request: HttpRequest, name: str) -> int | None:
    """``None`` for anything that is none."""
    text = (request.POST if request.method == "POST" else request.GET).get(name, "")
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None
