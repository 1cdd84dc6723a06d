"""A bundle that passed every check, compiled and waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flow_engine.bundle import Bundle
from flow_engine.bundle.rollout import InFlight
from runtime.tenant_config import TenantConfig


class PreparedRelease(Protocol):
    """A compiled configuration. Exactly one of its methods is called."""

    @property
    def people_in_flight(self) -> Mapping[str, InFlight]: ...

    async def activate(self) -> None: ...

    async def activate_knowledge(self) -> None: ...

    async def stage(self) -> None: ...

    async def keep_older(self, replaced_at: datetime) -> None: ...

    async def discard(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """A bundle that passed every check, with what became of it."""

    bundle: Bundle
    config: TenantConfig
    release: PreparedRelease
