"""Numbers of the command line that are taken within bounds, and refused in one line beyond them."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import Final

from platform_admin.fleet.models import HIGHEST_PORT, LOWEST_PORT

LONGEST_KEPT_DAYS: Final = 3650
"""Ten years: longer than any law has conversations kept, and still a date."""

LARGEST_BATCH: Final = 10_000
"""As many tenants as a fleet is made for (docs/scaling.md)."""

LONGEST_WAIT_S: Final = 86_400
"""A day: whoever has more patience with an upgrade is not waiting for it."""


def whole(least: int, most: int) -> Callable[[str], int]:
    """A type for ``add_argument``: digits, from ``least`` to ``most``."""

    def read(value: str) -> int:
        # No number of more digits is within bounds, and int() refuses very many of them.
        fits = value.isascii() and value.isdigit() and len(value) <= len(str(most))
        if not (fits and least <= int(value) <= most):
            raise ArgumentTypeError(f"a whole number from {least} to {most}")
        return int(value)

    return read


port = whole(LOWEST_PORT, HIGHEST_PORT)
keep_days = whole(0, LONGEST_KEPT_DAYS)
batch = whole(1, LARGEST_BATCH)
patience_s = whole(1, LONGEST_WAIT_S)
soak_s = whole(0, LONGEST_WAIT_S)
