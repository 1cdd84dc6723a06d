"""What ``/metrics`` shows: numbers of this process and of its rows, no word of any customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from runtime.bundles.status import BundleStatus
from runtime.condition import condition_of
from runtime.core import Core, CoreHealth
from runtime.telemetry.connector_watch import ConnectorWatch
from runtime.telemetry.exposition import Family, Sample, exposition
from runtime.telemetry.process import cpu_seconds, resident_bytes
from runtime.version import VERSION
from runtime.watchdog import Watchdog


@dataclass(frozen=True, slots=True)
class Metrics:
    """Gathered anew for every request."""

    tenant: str
    build: str
    core: Core
    watch: ConnectorWatch
    watchdog: Watchdog
    bundle: Callable[[], BundleStatus]
    started_at: datetime

    async def page(self) -> str:
        health = await self.core.health()
        return exposition([*self._of_runtime(health), *self._of_rows(health), *self._of_calls(), *self._of_process()])

    def _of_runtime(self, health: CoreHealth) -> list[Family]:
        condition = condition_of(health, self.bundle(), refused_by=self.watch.unauthorized)
        info = {"tenant": self.tenant, "version": VERSION, "build": self.build}
        activity = self.core.activity
        return [
            Family("frontdesk_info", "gauge", "Which program serves which tenant.", (Sample(1, info),)),
            _gauge("frontdesk_ready", "Whether a message can be verified and stored.", condition.ready),
            _gauge("frontdesk_degraded_reasons", "Things somebody should look at.", len(condition.reasons)),
            _gauge("frontdesk_suspended", "Whether messages are stored and not answered.", health.suspended),
            _gauge("frontdesk_bundle_serial", "The live release.", health.serial or 0),
            _counter("frontdesk_turns_total", "Events worked on to their end.", activity.turns),
            _counter("frontdesk_messages_out_total", "Messages decided to say.", activity.messages),
            _counter("frontdesk_loop_stalls_total", "Times the event loop stood still.", self.watchdog.stalls),
            _gauge("frontdesk_loop_longest_lag_seconds", "Longest so far.", round(self.watchdog.longest_lag_s, 6)),
            Family(
                "frontdesk_channel_halted",
                "gauge",
                "Channels that are stopped.",
                tuple(Sample(1, {"channel": channel}) for channel in health.halted),
            ),
        ]

    def _of_rows(self, health: CoreHealth) -> list[Family]:
        counts = asdict(health.counts) if health.counts is not None else {}
        rows = tuple(Sample(number, {"kind": kind}) for kind, number in counts.items())
        return [Family("frontdesk_rows", "gauge", "Rows by what they wait for.", rows)]

    def _of_calls(self) -> list[Family]:
        calls = tuple(
            Sample(number, {"connector": connector, "operation": operation, "outcome": outcome})
            for (connector, operation, outcome), number in sorted(self.watch.calls.items())
        )
        latencies = tuple(
            Sample(value, {"connector": found.connector, "operation": found.operation, "quantile": quantile})
            for found in self.watch.latencies()
            for quantile, value in (("0.5", found.p50_ms), ("0.95", found.p95_ms))
        )
        return [
            Family("frontdesk_connector_calls_total", "counter", "Connector calls by outcome.", calls),
            Family("frontdesk_connector_latency_milliseconds", "gauge", "Of the last 200 calls.", latencies),
        ]

    def _of_process(self) -> list[Family]:
        return [
            _gauge("process_resident_memory_bytes", "Memory in use.", resident_bytes()),
            _counter("process_cpu_seconds_total", "Time spent working.", round(cpu_seconds(), 3)),
            _gauge("process_start_time_seconds", "When it began, since 1970.", self.started_at.timestamp()),
        ]


def _gauge(name: str, words: str, value: float) -> Family:
    return Family(name, "gauge", words, (Sample(value),))


def _counter(name: str, words: str, value: float) -> Family:
    return Family(name, "counter", words, (Sample(value),))
