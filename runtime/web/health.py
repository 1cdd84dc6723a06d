"""``/health`` tells how the runtime is; ``/ready`` whether it can take a message now. Neither shows a secret."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from flow_engine.vocabulary import JSON, JSONObject
from runtime.bundles.status import BundleStatus
from runtime.core import CoreHealth
from runtime.version import VERSION
from runtime.web.answers import answer

_HARMLESS_FAULTS: Final = frozenset({"unreachable"})
"""A control plane that is away is no reason for concern while a bundle is live: that is what the cache is for."""


@dataclass(frozen=True, slots=True)
class HealthPages:
    """``core`` and ``bundle`` are asked anew for every request."""

    tenant: str
    build: str
    core: Callable[[], Awaitable[CoreHealth]]
    bundle: Callable[[], BundleStatus]

    async def health(self, _request: Request) -> Response:
        """200 while the process lives: ``status`` is ``ok`` or ``degraded``, and ``reasons`` says why."""
        core, bundle = await self.core(), self.bundle()
        reasons = _reasons(core, bundle)
        return answer(
            {
                "status": "degraded" if reasons else "ok",
                "reasons": list[JSON](reasons),
                "version": VERSION,
                "build": self.build,
                "tenant": self.tenant,
                "ready": _is_ready(core),
                "serial": core.serial,
                "bundle": bundle.to_json(),
                "channels": {"halted": dict[str, JSON](core.halted)},
                "counts": _counts(core),
            }
        )

    async def ready(self, _request: Request) -> Response:
        """200 when a configuration is live and the database takes writes, 503 with the reasons otherwise."""
        core = await self.core()
        if _is_ready(core):
            return answer({"ready": True})
        reasons = _reasons(core, self.bundle())
        return answer({"ready": False, "reasons": list[JSON](reasons)}, status=503)


def _is_ready(core: CoreHealth) -> bool:
    return core.serial is not None and core.store_failure is None


def _reasons(core: CoreHealth, bundle: BundleStatus) -> list[str]:
    reasons: list[str] = []
    if core.serial is None:
        reasons.append("no configuration is live yet")
    if core.store_failure is not None:
        reasons.append("the database cannot be written")
    if bundle.last_refusal is not None:
        reasons.append(f"bundle {bundle.last_refusal.code}: {bundle.last_refusal.reason}")
    fault = bundle.last_error
    if (
        fault is not None
        and fault != bundle.last_refusal
        and (core.serial is None or fault.code not in _HARMLESS_FAULTS)
    ):
        reasons.append(f"bundle {fault.code}: {fault.reason}")
    reasons += [f"channel {channel} is halted: {why}" for channel, why in core.halted.items()]
    return reasons


def _counts(core: CoreHealth) -> JSONObject | None:
    return asdict(core.counts) if core.counts is not None else None
