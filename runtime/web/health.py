"""``/health`` tells how the runtime is; ``/ready`` whether it can take a message now. Neither shows a secret."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import Response

from flow_engine.vocabulary import JSON, JSONObject
from runtime.bundles.status import BundleStatus
from runtime.condition import condition_of
from runtime.core import CoreHealth
from runtime.version import VERSION
from runtime.web.answers import answer


@dataclass(frozen=True, slots=True)
class HealthPages:
    """All are asked anew for every request. ``refused_by`` names connectors whose credentials are refused."""

    tenant: str
    build: str
    core: Callable[[], Awaitable[CoreHealth]]
    bundle: Callable[[], BundleStatus]
    refused_by: Callable[[], Collection[str]] = frozenset
    damage: Callable[[], str | None] = lambda: None

    async def health(self, _request: Request) -> Response:
        """200 while the process lives: ``status`` is ``ok`` or ``degraded``, and ``reasons`` says why."""
        core, bundle = await self.core(), self.bundle()
        condition = condition_of(core, bundle, refused_by=self.refused_by(), damage=self.damage())
        return answer(
            {
                "status": "degraded" if condition.reasons else "ok",
                "reasons": list[JSON](condition.reasons),
                "version": VERSION,
                "build": self.build,
                "tenant": self.tenant,
                "ready": condition.ready,
                "serial": core.serial,
                "bundle": bundle.to_json(),
                "channels": {"halted": dict[str, JSON](core.halted)},
                "counts": _counts(core),
            }
        )

    async def ready(self, _request: Request) -> Response:
        """200 when a configuration is live and the database takes writes, 503 with the reasons otherwise."""
        condition = condition_of(await self.core(), self.bundle())
        if condition.ready:
            return answer({"ready": True})
        return answer({"ready": False, "reasons": list[JSON](condition.reasons)}, status=503)


def _counts(core: CoreHealth) -> JSONObject | None:
    return asdict(core.counts) if core.counts is not None else None
