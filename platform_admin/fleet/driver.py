"""The driver port: how the fleet asks a substrate for runtimes, and the values that cross it.

A driver knows processes, containers or pods, and nothing of tenants' data. Every verb is level-triggered: it says what
must be true, so asking twice is the same as asking once, and a half-done verb is finished by asking again. Nothing is
inferred from absence: a driver touches what it is asked about by name, and never what a list did not contain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Resources:
    """The most that one runtime may take. A runtime at rest takes about 45 MB and no CPU (docs/adr/0022).

    ``memory_bytes``: with the Anthropic SDK (65 MB) and a hundred busy contacts a runtime stays under 200 MB.
    ``cpu_millis``: thousandths of a core. ``processes``: threads count; a busy runtime has about 20.
    """

    memory_bytes: int = 256 * MEGABYTE
    cpu_millis: int = 1000
    processes: int = 128


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A secret that the runtime reads from a file. ``variable`` tells it where: NAME_FILE=<wherever the driver put it>.

    ``name`` is the file's name, without a folder. The content stands in no representation and no label.
    """

    variable: str
    name: str
    content: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WantedRuntime:
    """One tenant's runtime as it should run.

    ``environment`` holds settings, never a secret: environments are visible to whoever may look at a process or a
    container. ``image`` is a reference that the substrate can resolve; a process has none and takes it as a mark of
    its version. ``port`` is where a process listens on ``host``; containers listen on ``CONTAINER_PORT`` of their own.
    """

    tenant: str
    image: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[SecretFile, ...] = ()
    resources: Resources = field(default_factory=Resources)
    host: str = "127.0.0.1"
    port: int = 0

    @property
    def fingerprint(self) -> str:
        """Equal for two wishes that need no restart between them: 16 hexadecimal digits, safe to show.

        The content of secrets is left out: a runtime reads its files anew, so that a fresh token needs no restart.
        """
        wish = {
            "tenant": self.tenant,
            "image": self.image,
            "environment": dict(self.environment),
            "secrets": [[secret.variable, secret.name] for secret in self.secrets],
            "resources": [self.resources.memory_bytes, self.resources.cpu_millis, self.resources.processes],
            "address": [self.host, self.port],
        }
        return hashlib.sha256(json.dumps(wish, sort_keys=True).encode()).hexdigest()[:16]


LOG_LINES: Final = 1000
"""Enough to see why a start failed."""

CONTAINER_PORT: Final = 8002
"""Where a runtime listens in its container (deploy/docker/runtime.Dockerfile)."""


class RuntimeState(StrEnum):
    """What the substrate does with a runtime; whether it is ready to serve is asked by ``readiness``.

    ``ABSENT``: nothing runs and nothing would be started, though a volume may be left.
    """

    RUNNING = "running"
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPED = "stopped"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class SeenRuntime:
    """One tenant's runtime as it is. ``reason`` tells people why it does not run, and is empty while it does.

    ``fingerprint`` is that of the wish it was made from, ``""`` when nobody can tell. ``address`` is host:port where
    the ingress reaches it, ``""`` while there is nothing to reach. ``restarts`` by the substrate since it was made.
    """

    tenant: str
    state: RuntimeState
    reason: str = ""
    restarts: int = 0
    image: str = ""
    fingerprint: str = ""
    address: str = ""
    has_volume: bool = False


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a message can be taken in now; ``reason`` says why not."""

    ready: bool
    reason: str = ""


class RuntimeDriver(Protocol):
    """Runs runtimes on one substrate. Every verb raises ``DriverError`` (``drivers/errors.py``) when it is refused."""

    def seen(self) -> Mapping[str, SeenRuntime]:
        """Everything of ours on the substrate, by tenant, half-deleted things too.

        Raises:
            EngineUnreachableError: nobody answered, so nothing is known. Never an empty mapping instead.
        """

    def apply(self, wanted: WantedRuntime) -> None:
        """Have it running as wished, its volume made if it has none.

        One that runs under another wish is replaced: asked to finish, then started anew on the same volume. Fresh
        secrets are put in place without a restart.
        Returns when the substrate has taken the wish, which may be before the runtime is ready.
        """

    def stop(self, tenant: str) -> None:
        """Have it not running: asked to finish, ended after a deadline. Its volume stays. Unknown: nothing to do."""

    def remove(self, tenant: str, *, keep_volume: bool) -> None:
        """Have nothing of it but, if so asked, its volume: a later ``apply`` goes on with it. Unknown: nothing to do.

        The secret files go in either case.
        """

    def readiness(self, tenant: str) -> Readiness:
        """Ask the runtime itself, or who watches it. One that does not run is not ready."""

    def logs(self, tenant: str, *, lines: int = LOG_LINES) -> Sequence[str]:
        """The last ``lines`` that the runtime wrote, oldest first; none when the substrate keeps none."""

    def close(self) -> None:
        """Let go of the substrate. Runtimes that cannot live without this process are stopped."""


@runtime_checkable
class StateAccess(Protocol):
    """What a driver may offer besides: a tenant's state as a file on this machine. Moves and backups need it."""

    def back_up(self, tenant: str, target: Path) -> None:
        """Write a checked copy of the tenant's state and its list of erasures as one tar file.

        Beside a running runtime or without one. ``target`` appears whole or not at all.
        """

    def restore(self, wanted: WantedRuntime, source: Path) -> None:
        """Put a copy made by ``back_up`` in the place of the tenant's state; whoever was erased since is erased again.

        The runtime is stopped meanwhile and stays stopped. The state that was there is kept beside it.
        """


@runtime_checkable
class FetchesBeside(Protocol):
    """What a driver offers besides that has images fetched while ``apply`` is refused with ``ImageOnItsWayError``."""

    def wait_for_images(self) -> bool:
        """Return when nothing is being fetched any more; whether anything was."""


@runtime_checkable
class RunsBeside(Protocol):
    """What a driver offers instead whose volumes cannot be reached from this machine."""

    def run_beside(self, wanted: WantedRuntime, arguments: Sequence[str]) -> None:
        """Run ``python -m runtime <arguments>`` once, with the runtime's settings, secrets and volume, to its end.

        The runtime is stopped meanwhile and stays stopped; a volume is made where there is none.

        Raises:
            StateUnavailableError: it failed; the message ends with its last words.
            RefusedError: another one is under way, or it does not begin.
        """
