"""The embedded driver: every runtime is a supervised child process of this one.

A runtime that ends by itself is started again after a growing pause; one that refuses its configuration is not, since
it would only refuse it again. Only processes started here (or noted on disk by a predecessor) are ever signalled.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from platform_admin.fleet.drivers.errors import PortTakenError
from platform_admin.fleet.drivers.leftovers import end_leftover
from platform_admin.fleet.drivers.port import RuntimeSpec, RuntimeState, RuntimeStatus
from platform_admin.fleet.drivers.supervisor import RestartPolicy, Supervisor

type LogSink = Callable[[str, str], None]
"""Called with the tenant and one line, from the supervising thread."""

ROOT = Path(__file__).resolve().parents[3]
RUNTIME_COMMAND = (sys.executable, "-m", "runtime")

# What a runtime may see of our own environment: where programs and certificates are, how to write text. Everything
# else, the control plane's keys above all, stays here.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONDONTWRITEBYTECODE")


class ProcessDriver:
    """``RuntimeDriver`` over local processes. ``close()`` stops them all."""

    def __init__(
        self,
        *,
        command: Sequence[str] = RUNTIME_COMMAND,
        policy: RestartPolicy | None = None,
        on_line: LogSink | None = None,
    ) -> None:
        self._command = tuple(command)
        self._policy = policy or RestartPolicy()
        self._on_line = on_line
        self._running: dict[str, tuple[RuntimeSpec, Supervisor]] = {}

    def start(self, spec: RuntimeSpec) -> None:
        present = self._running.get(spec.tenant)
        if present is not None:
            if present[0] == spec and present[1].status().state is not RuntimeState.STOPPED:
                return  # one that failed stays failed: only another specification can change that
            self.stop(spec.tenant)
        spec.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        pid_file = _pid_file(spec.state_dir)
        end_leftover(pid_file, deadline_s=self._policy.stop_deadline_s)
        if port_is_taken(spec.host, spec.port):
            raise PortTakenError(spec.port, tenant=spec.tenant)
        supervisor = Supervisor(
            self._command,
            environment=runtime_environment(spec, os.environ),
            folder=ROOT,
            pid_file=pid_file,
            on_line=self._lines_of(spec.tenant),
            policy=self._policy,
        )
        self._running[spec.tenant] = (spec, supervisor)
        supervisor.start()

    def stop(self, tenant: str) -> None:
        present = self._running.pop(tenant, None)
        if present is not None:
            present[1].stop()

    def status(self, tenant: str) -> RuntimeStatus:
        present = self._running.get(tenant)
        return present[1].status() if present else RuntimeStatus(RuntimeState.STOPPED)

    def logs(self, tenant: str) -> Sequence[str]:
        present = self._running.get(tenant)
        return present[1].lines() if present else ()

    def close(self) -> None:
        for tenant in tuple(self._running):
            self.stop(tenant)

    def _lines_of(self, tenant: str) -> Callable[[str], None]:
        sink = self._on_line
        return (lambda line: sink(tenant, line)) if sink else (lambda _line: None)


def runtime_environment(spec: RuntimeSpec, own: Mapping[str, str]) -> dict[str, str]:
    """Exactly what the runtime of ``spec`` gets to see."""
    inherited = {name: own[name] for name in INHERITED if name in own}
    return {
        **inherited,
        "PYTHONUNBUFFERED": "1",
        **spec.environment,
        "STATE_DIR": str(spec.state_dir),
        "HOST": spec.host,
        "PORT": str(spec.port),
    }


def port_is_taken(host: str, port: int) -> bool:
    """Whether somebody listens there already."""
    with socket.socket() as probe:
        # As servers do it: a port that only waits for its last connections to die counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _pid_file(state_dir: Path) -> Path:
    return state_dir / "runtime.pid"
