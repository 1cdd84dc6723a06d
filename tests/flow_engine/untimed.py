"""How property tests of the engine run: as many examples as usual, but never judged by the clock of a busy machine."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
