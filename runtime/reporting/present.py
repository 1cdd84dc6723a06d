"""``Present``: how things are at this moment, in the words of a report. Asked anew for every report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from connectors.llm.usage import month_of
from flow_engine.vocabulary import JSON, JSONObject
from runtime.bundles.status import BundleStatus
from runtime.condition import condition_of
from runtime.core import Core, CoreHealth
from runtime.ports.report_readings import ReportReadings
from runtime.telemetry.connector_watch import ConnectorWatch
from runtime.version import VERSION
from runtime.watchdog import Watchdog

OPEN_FOR: Final = timedelta(hours=24)
"""A conversation that has not moved for a day is at rest: that is also how long a customer may be answered freely."""

UNDERSTOOD_FORMATS: Final[JSONObject] = {"bundle": [1], "report": [1]}


@dataclass(frozen=True, slots=True)
class Present:
    """``staged`` gives the serial of the release that is tried, ``bundle`` the status of the live one."""

    core: Core
    readings: ReportReadings
    watch: ConnectorWatch
    watchdog: Watchdog
    bundle: Callable[[], BundleStatus]
    staged: Callable[[], int | None]
    build: str
    started_at: datetime

    def runtime(self) -> JSONObject:
        """Which program this is."""
        started = self.started_at.isoformat()
        return {"version": VERSION, "build": self.build, "started_at": started, "formats": dict(UNDERSTOOD_FORMATS)}

    async def heartbeat(self, health: CoreHealth) -> JSONObject:
        """Whether it works, on what, and what somebody should look at."""
        bundle = self.bundle()
        condition = condition_of(health, bundle, refused_by=self.watch.unauthorized)
        last_inbound = await self.readings.last_inbound_at()
        refusal = bundle.last_refusal
        return {
            "at": self.core.clock.now().isoformat(),
            "serial": health.serial,
            "staged_serial": self.staged(),
            "ready": condition.ready,
            "degraded": list[JSON](condition.reasons),
            "refusal": None
            if refusal is None
            else {"code": refusal.code, "reason": refusal.reason, "serial": refusal.serial},
            "last_inbound_at": None if last_inbound is None else last_inbound.isoformat(),
            "suspended": health.suspended,
        }

    async def gauges(self, health: CoreHealth) -> JSONObject:
        """Numbers of the moment."""
        counts = health.counts
        open_now = await self.readings.open_conversations(since=self.core.clock.now() - OPEN_FOR)
        return {
            "open_conversations": [
                {"state": found.state, "serial": found.serial, "count": found.count} for found in open_now
            ],
            "breakers": self._breakers(),
            "connector_latency": [
                {
                    "connector": latency.connector,
                    "operation": latency.operation,
                    "count": latency.count,
                    "p50_ms": latency.p50_ms,
                    "p95_ms": latency.p95_ms,
                }
                for latency in self.watch.latencies()
            ],
            "dead_letters": counts.inbox_dead + counts.outbox_dead if counts else 0,
            "outbox_waiting": counts.outbox_open if counts else 0,
            "inbox_waiting": counts.inbox_open if counts else 0,
            "quota": await self._quota(),
        }

    def _breakers(self) -> list[JSON]:
        config = self.core.configs.current
        if config is None:
            return []
        registry = config.registry
        return [
            {"connector": category, "state": registry.pipeline(category).breaker.state.value}
            for category in registry.categories
        ]

    async def _quota(self) -> JSON:
        config = self.core.configs.current
        if config is None:
            return None
        month = month_of(self.core.clock.now(), config.timezone)
        use = await self.core.store.usage.month_use(month)
        llm = config.registry.llm
        cost = None if llm is None else llm.cost(use.paid)
        return {
            "month": month,
            "tokens": use.settled,
            "limit": config.quota_monthly_tokens,
            "usage": dict(asdict(use.paid)),
            "cost": None if cost is None else {"amount": f"{cost[0]:f}", "currency": cost[1]},
        }
