"""The demo's processes: control plane, fake Graph API, one runtime. Started in order, stopped in the reverse."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.demo.console import Console
from platform_admin.fleet.demo.environment import ROOT
from platform_admin.fleet.demo.health import wait_until_healthy
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.drivers.program import Program
from platform_admin.fleet.drivers.supervisor import RestartPolicy, Supervisor
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.orchestrator import Orchestrator
from platform_admin.fleet.wishes import wanted_runtime
from platform_admin.tenants.actor import CommandActor

CONTROL_PLANE = (
    sys.executable,
    "-m",
    "uvicorn",
    "platform_admin.config.asgi:application",
    "--host",
    "127.0.0.1",
    "--no-access-log",
    "--lifespan",
    "off",
    "--port",
)  # fmt: skip - a command line is read as one


class Stack:
    """Everything that runs beside this process. ``stopping`` ends every wait early."""

    def __init__(self, console: Console, *, state: Path, control_plane_port: int, stopping: threading.Event) -> None:
        self._console = console
        self._state = state
        self._control_plane_port = control_plane_port
        self._stopping = stopping
        self._children: list[Supervisor] = []
        self._driver = ProcessDriver(state / "tenants", on_line=lambda _tenant, line: console.log("runtime", line))

    def start_control_plane(self) -> None:
        port = self._control_plane_port
        child = self._start("control plane", (*CONTROL_PLANE, str(port)), environment=os.environ)
        wait_until_healthy("control plane", port, path="/health", status=child.status, stopping=self._stopping)

    def start_worker(self) -> None:
        """What the control plane does by itself; nothing waits for it."""
        self._start("worker", (sys.executable, "manage.py", "run_worker"), environment=os.environ)

    def start_graph(self) -> str:
        """The fake Graph API on a free port; returns its base URL."""
        port = free_port()
        command = (sys.executable, "-m", "tests.fakes.graph_server", "--port", str(port))
        child = self._start("graph", command, environment=os.environ)
        wait_until_healthy("fake Graph API", port, path="/_sent", status=child.status, stopping=self._stopping)
        return f"http://127.0.0.1:{port}"

    def start_runtime(self, deployment: Deployment, *, graph_base_url: str) -> None:
        slug = deployment.tenant.slug
        configuration = FleetConfiguration(
            control_plane_url=f"http://127.0.0.1:{self._control_plane_port}",
            passed_on={"GRAPH_BASE_URL": graph_base_url},
        )
        demo = CommandActor("demo")
        # A demo before this one wrote its wish down, with a fake Graph that is gone; no rollout has to be waited for.
        Deployment.objects.for_tenant(deployment.tenant).update(wish=None)
        Orchestrator(self._driver, lambda wanted: wanted_runtime(wanted, configuration, by=demo)).run_once()
        wait_until_healthy(
            f"runtime of {slug}",
            deployment.port,
            path="/health",
            status=lambda: self._driver.status(slug),
            stopping=self._stopping,
        )

    def stop(self) -> None:
        self._driver.close()
        for child in reversed(self._children):
            child.stop()

    def _start(self, name: str, command: Sequence[str], *, environment: Mapping[str, str]) -> Supervisor:
        child = Supervisor(
            Program(command),
            environment={**environment, "PYTHONUNBUFFERED": "1"},
            folder=ROOT,
            pid_file=self._state / f"{name.replace(' ', '-')}.pid",
            on_line=lambda line: self._console.log(name, line),
            policy=RestartPolicy(),
        )
        self._children.append(child)
        child.start()
        return child


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
