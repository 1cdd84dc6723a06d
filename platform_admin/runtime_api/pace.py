"""How often runtimes are to report."""

from __future__ import annotations

import time
from typing import Final

from platform_admin.tenants.models import Tenant

SHORTEST_S: Final = 15
"""A tenant's page is never older than this on a platform of up to a thousand tenants."""

LONGEST_S: Final = 60
"""What is wrong with a runtime is noticed within minutes, however many there are."""

REPORTS_A_SECOND: Final = 67
"""What a fifth of a core takes in (docs/scaling.md); more tenants report less often."""

_COUNTED_EVERY_S: Final = 60.0


class Pace:
    """Counts the tenants now and then."""

    def __init__(self) -> None:
        self._seconds = SHORTEST_S
        self._until = float("-inf")

    def seconds(self) -> int:
        now = time.monotonic()
        if now >= self._until:
            self._until = now + _COUNTED_EVERY_S
            self._seconds = pace_for(Tenant.objects.count())
        return self._seconds


def pace_for(tenants: int) -> int:
    """Whole seconds between two reports of one runtime."""
    return max(SHORTEST_S, min(LONGEST_S, round(tenants / REPORTS_A_SECOND)))


_PACE: Final = Pace()


def poll_after_s() -> int:
    return _PACE.seconds()
