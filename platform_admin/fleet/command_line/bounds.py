"""Numbers of the command line that are taken within bounds, and refused in one line beyond them."""

from __future__ import annotations

from typing import Final

from platform_admin.fleet.models import HIGHEST_PORT, LOWEST_PORT
from platform_admin.tenants.argument_types import TEN_YEARS_DAYS, whole_number

LARGEST_BATCH: Final = 10_000
"""As many tenants as a fleet is made for (docs/scaling.md)."""

LONGEST_WAIT_S: Final = 86_400
"""A day: whoever has more patience with an upgrade is not waiting for it."""


port = whole_number(LOWEST_PORT, HIGHEST_PORT)
keep_days = whole_number(0, TEN_YEARS_DAYS)
batch = whole_number(1, LARGEST_BATCH)
patience_s = whole_number(1, LONGEST_WAIT_S)
soak_s = whole_number(0, LONGEST_WAIT_S)
