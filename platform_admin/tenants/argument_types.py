"""What an argument of a command may be: the parser says of everything else what would do, and nothing is begun."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

TEN_YEARS_DAYS: Final = 3650
"""The most that a span of days may be; whoever means longer means for ever."""


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """``type`` of an argument that counts something: digits, without a sign or a space."""

    def read(text: str) -> int:
        # No number of more digits is within bounds, and int() refuses very many of them.
        fits = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if not (fits and least <= int(text) <= most):
            raise ArgumentTypeError(f"a whole number from {least} to {most}, not {text!r}")
        return int(text)

    return read


def short_text(most: int) -> Callable[[str], str]:
    """``type`` of an argument that is stored in ``most`` characters."""

    def read(text: str) -> str:
        if len(text) > most:
            raise ArgumentTypeError(f"{len(text)} characters, {most} fit")
        return text

    return read


def moment(text: str) -> datetime:
    """``type`` of a day or a moment; without an offset it is UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"a moment such as 2026-11-29T04:00+00:00, not {text!r}") from error
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
