"""What an orchestrator is told by its environment: which substrate, and how runtimes and the ingress are reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from platform_admin.errors import ConflictError
from platform_admin.fleet.driver import MEGABYTE, Resources
from platform_admin.fleet.models import Deployment

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class FleetConfiguration:
    """``control_plane_url`` is as runtimes reach it. ``image`` is for deployments that name none.

    ``name`` tells two fleets on one substrate apart. ``engine`` is the address of a container engine, ``None``: as
    DOCKER_HOST says. ``folder`` holds local runtimes and copies under way. ``ingress_socket`` is the ingress's admin
    socket, ``None`` where nobody stands before the runtimes. ``passed_on`` are settings that every runtime gets.
    ``backups`` is a folder or ``s3://bucket/prefix``; ``backups_endpoint`` an S3-compatible store's address.
    """

    driver: str = Deployment.Driver.PROCESS
    name: str = "frontdesk"
    engine: str | None = None
    folder: Path = ROOT / ".frontdesk" / "fleet"
    control_plane_url: str = "http://127.0.0.1:8001"
    image: str = ""
    resources: Resources = field(default_factory=Resources)
    ingress_socket: Path | None = None
    passed_on: Mapping[str, str] = field(default_factory=dict)
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
        socket = environment.get("FLEET_INGRESS_SOCKET")
        return cls(
            driver=driver,
            name=environment.get("FLEET_NAME") or default.name,
            engine=environment.get("FLEET_ENGINE") or None,
            folder=Path(environment.get("FLEET_FOLDER") or default.folder),
            control_plane_url=environment.get("FLEET_CONTROL_PLANE_URL") or default.control_plane_url,
            image=environment.get("FLEET_IMAGE") or default.image,
            resources=Resources(
                memory_bytes=_whole(environment, "FLEET_MEMORY_MB", 256) * MEGABYTE,
                cpu_millis=_whole(environment, "FLEET_CPU_MILLIS", 1000),
                processes=_whole(environment, "FLEET_PROCESSES", 128),
            ),
            ingress_socket=Path(socket) if socket else None,
            backups=environment.get("FLEET_BACKUPS") or default.backups,
            backups_endpoint=environment.get("FLEET_BACKUPS_ENDPOINT") or default.backups_endpoint,
            passed_on={name: environment[name] for name in PASSED_ON if environment.get(name)},
        )


PASSED_ON = ("GRAPH_BASE_URL", "GRAPH_VERSION", "TELEGRAM_BASE_URL", "EGRESS_ALLOW", "HTTP_DEV_ALLOW_REMOTE")
"""Settings of runtimes (`python -m runtime --help`) that the orchestrator hands on from its own environment."""


def _whole(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        raise ConflictError(f"{name} must be a whole number above 0.")
    return int(value)
