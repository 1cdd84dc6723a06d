"""``ConnectorWatch``: how the calls of this process went: latencies for reports, and who refuses our credentials."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from typing import Final

from connectors.errors import FailureKind
from connectors.kernel.pipeline import CallReport

REMEMBERED: Final = 200
"""Durations per operation: enough for a 95th percentile, a few kilobytes for a tenant's dozen operations."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Of the last calls of one operation, in milliseconds. ``count`` is how many there were in all."""

    connector: str
    operation: str
    count: int
    p50_ms: float
    p95_ms: float


class ConnectorWatch:
    """An observer of connector pipelines. It is told of every finished call, whatever its end."""

    def __init__(self) -> None:
        self._durations: dict[tuple[str, str], deque[float]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self.calls: Counter[tuple[str, str, str]] = Counter()
        self._unauthorized: set[str] = set()

    def __call__(self, report: CallReport) -> None:
        self._durations[report.connector, report.operation].append(report.duration_s * 1000)
        self.calls[report.connector, report.operation, report.outcome] += 1
        if report.outcome == FailureKind.UNAUTHORIZED.value:
            self._unauthorized.add(report.connector)
        elif report.outcome == "ok":
            self._unauthorized.discard(report.connector)

    @property
    def unauthorized(self) -> frozenset[str]:
        """Connectors whose credentials were refused and have not been accepted since."""
        return frozenset(self._unauthorized)

    def latencies(self) -> list[Latency]:
        """One for each operation that was called since the process began."""
        found = []
        for (connector, operation), durations in sorted(self._durations.items()):
            ordered = sorted(durations)
            count = sum(number for key, number in self.calls.items() if key[:2] == (connector, operation))
            median, late = ordered[len(ordered) // 2], ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
            found.append(Latency(connector, operation, count, round(median, 1), round(late, 1)))
        return found
