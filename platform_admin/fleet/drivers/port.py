"""How the fleet asks a substrate for runtimes. A driver knows processes or containers and nothing of tenants' data.

Every verb is level-triggered: it says what must be true, so asking twice is the same as asking once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RuntimeSpec:
    """One tenant's runtime as it should run.

    ``environment`` holds settings and paths of secret files, never a secret itself: environments are visible to
    whoever may look at a process or a container. ``state_dir`` outlives every restart.
    """

    tenant: str
    port: int
    state_dir: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"


class RuntimeState(StrEnum):
    """What the driver sees of a runtime; whether it is ready to serve is for its own ``/health`` to say."""

    RUNNING = "running"
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class RuntimeStatus:
    """``reason`` tells people why a runtime is not running, and is empty while it is. ``restarts`` since the start."""

    state: RuntimeState
    reason: str = ""
    restarts: int = 0


class RuntimeDriver(Protocol):
    """Runs runtimes on one substrate."""

    def start(self, spec: RuntimeSpec) -> None:
        """Have the tenant's runtime running as specified. One running under another spec is replaced.

        Raises:
            DriverError: the substrate refuses.
        """

    def stop(self, tenant: str) -> None:
        """Have no runtime for the tenant: asked to finish first, ended after a deadline. Its state stays.

        Raises:
            DriverError: the substrate refuses.
        """

    def status(self, tenant: str) -> RuntimeStatus:
        """What is true now. A tenant never heard of is stopped."""

    def logs(self, tenant: str) -> Sequence[str]:
        """The last lines the runtime wrote, oldest first."""

    def close(self) -> None:
        """Let go of the substrate. A driver whose runtimes cannot live without it stops them."""
