"""Tasks that no flow schedules: the platform runs them when something has happened, if a flow has them.

The business moved or cancelled an appointment in its own calendar, or a booking in doubt turned out to stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PLATFORM_TASKS: Final[Mapping[str, frozenset[str]]] = dict.fromkeys(
    ("appointment_moved", "appointment_cancelled", "appointment_confirmed"), frozenset({"booking", "before"})
)
"""Name → what is in ``data`` when it runs: the appointment as it is now, and as it was."""


def given_to(tasks: Mapping[str, object]) -> frozenset[str]:
    """The names in ``data`` that the platform gives to the ``tasks`` of a flow."""
    return frozenset().union(*(names for task, names in PLATFORM_TASKS.items() if task in tasks))
