"""What an orchestrator is told by its environment: which substrate, and how runtimes and the ingress are reached."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from platform_admin.errors import ConflictError
from platform_admin.fleet.driver import MEGABYTE, Resources
from platform_admin.fleet.drivers.kubernetes.settings import PRIVATE_NETWORKS
from platform_admin.fleet.flag import flag
from platform_admin.fleet.models import Deployment

ROOT = Path(__file__).resolve().parents[2]

_NAME: Final = "frontdesk"
_MOST_DIGITS: Final = 9
"""A million gigabytes; int() refuses very many digits."""


@dataclass(frozen=True, slots=True)
class FleetConfiguration:
    """``control_plane_url`` is as runtimes reach it. ``image`` is for deployments that name none.

    ``name`` tells two fleets on one substrate apart. ``place`` is where this orchestrator's runtimes and their
    volumes are: others of the same driver and place stand by for it, those of other places have nothing to do with its
    tenants. ``engine`` is the address of a container engine, ``None``: as DOCKER_HOST says.
    ``folder`` holds local runtimes and copies under way. ``ingress_socket`` is the ingress's admin socket,
    ``None`` where nobody stands before the runtimes. ``passed_on`` are settings that every runtime gets.
    ``warm_parent``: local runtimes are forked from one parent (docs/adr/0034).
    ``backups`` is a folder or ``s3://bucket/prefix``; ``backups_endpoint`` an S3-compatible store's address.
    """

    driver: str = Deployment.Driver.PROCESS
    name: str = _NAME
    place: str = ""
    engine: str | None = None
    folder: Path = ROOT / ".frontdesk" / "fleet"
    control_plane_url: str = "http://127.0.0.1:8001"
    image: str = ""
    resources: Resources = field(default_factory=Resources)
    ingress_socket: Path | None = None
    passed_on: Mapping[str, str] = field(default_factory=dict)
    warm_parent: bool = False
    backups: str = ""
    backups_endpoint: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables named FLEET_…; an empty one counts as absent.

        Raises:
            ConflictError: one of them is none of its choices, by name.
        """
        default = cls()
        driver = environment.get("FLEET_DRIVER") or default.driver
        if driver not in Deployment.Driver.values:
            raise ConflictError(f"FLEET_DRIVER must be one of {', '.join(Deployment.Driver.values)}.")
        ingress = environment.get("FLEET_INGRESS_SOCKET")
        return cls(
            driver=driver,
            name=environment.get("FLEET_NAME") or default.name,
            place=environment.get("FLEET_PLACE") or _place(environment, driver),
            engine=environment.get("FLEET_ENGINE") or None,
            folder=Path(environment.get("FLEET_FOLDER") or default.folder),
            control_plane_url=environment.get("FLEET_CONTROL_PLANE_URL") or default.control_plane_url,
            image=environment.get("FLEET_IMAGE") or default.image,
            resources=Resources(
                memory_bytes=_whole(environment, "FLEET_MEMORY_MB", 256) * MEGABYTE,
                cpu_millis=_whole(environment, "FLEET_CPU_MILLIS", 1000),
                processes=_whole(environment, "FLEET_PROCESSES", 128),
            ),
            ingress_socket=Path(ingress) if ingress else None,
            warm_parent=_warm_parent(environment),
            backups=environment.get("FLEET_BACKUPS") or default.backups,
            backups_endpoint=environment.get("FLEET_BACKUPS_ENDPOINT") or default.backups_endpoint,
            passed_on=_passed_on(environment, driver),
        )


def _place(environment: Mapping[str, str], driver: str) -> str:
    """Where nobody says it: the fleet's name on a cluster or a remote engine, which all share; else ours too."""
    name = environment.get("FLEET_NAME") or _NAME
    engine = environment.get("FLEET_ENGINE") or environment.get("DOCKER_HOST") or ""
    if driver == Deployment.Driver.KUBERNETES:
        return name
    if driver == Deployment.Driver.DOCKER and engine and not engine.startswith("unix:"):
        return f"{name}@{engine}"
    return f"{name}@{socket.gethostname()}"


PASSED_ON: Final[Mapping[str, str]] = {
    "FLEET_RUNTIME_GRAPH_BASE_URL": "GRAPH_BASE_URL",
    "FLEET_RUNTIME_GRAPH_VERSION": "GRAPH_VERSION",
    "FLEET_RUNTIME_TELEGRAM_BASE_URL": "TELEGRAM_BASE_URL",
    "FLEET_RUNTIME_EGRESS_ALLOW": "EGRESS_ALLOW",
    "FLEET_RUNTIME_EGRESS_ALLOW_HTTP": "EGRESS_ALLOW_HTTP",
    "FLEET_RUNTIME_HTTP_DEV_ALLOW_REMOTE": "HTTP_DEV_ALLOW_REMOTE",
    "FLEET_RUNTIME_TRUSTED_PROXIES": "TRUSTED_PROXIES",
}
"""What the orchestrator is told to hand on, and the name that runtimes read it by (`python -m runtime --help`).

Names of their own: the control plane has a GRAPH_BASE_URL and TRUSTED_PROXIES too, in the same `.env` or container, and
whoever stands before its pages is nobody whom runtimes are to believe.
The docker driver says by itself whose X-Forwarded-For is believed: a tenant's network holds the ingress alone.
"""


def _passed_on(environment: Mapping[str, str], driver: str) -> dict[str, str]:
    named = {name: environment[told] for told, name in PASSED_ON.items() if environment.get(told)}
    if driver == Deployment.Driver.KUBERNETES:
        # By the tenants' NetworkPolicy nobody reaches a runtime but the ingress's pods, whose addresses come and go.
        named.setdefault("TRUSTED_PROXIES", ",".join(PRIVATE_NETWORKS))
    return named


def _warm_parent(environment: Mapping[str, str]) -> bool:
    warm = flag(environment, "FLEET_WARM_PARENT", default=False)
    if warm and not hasattr(os, "pidfd_open"):
        raise ConflictError("FLEET_WARM_PARENT=1 needs Linux; leave it out.")
    return warm


def _whole(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS and int(value) > 0):
        raise ConflictError(f"{name} must be a whole number above 0.")
    return int(value)
