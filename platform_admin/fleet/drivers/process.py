"""The embedded driver: every runtime is a supervised child process of this one, with a folder of its own.

::

    <folder>/<tenant>/secrets/   token, keys and public keys; for their owner only
    <folder>/<tenant>/state/     the runtime's own; written by nobody else
    <folder>/<tenant>/logs/      what it wrote (``LogFile``), read by any process of the same owner

A runtime that ends by itself is started again after a growing pause; one that refuses its configuration is not, since
it would only refuse it again. Only processes started here (or noted on disk by a predecessor) are ever signalled.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from platform_admin.fleet.driver import LOG_LINES, Readiness, RuntimeState, SeenRuntime, WantedRuntime
from platform_admin.fleet.drivers.child import Starter
from platform_admin.fleet.drivers.errors import PortTakenError
from platform_admin.fleet.drivers.interpreter import ROOT, interpreter_environment
from platform_admin.fleet.drivers.leftovers import end_leftover
from platform_admin.fleet.drivers.log_file import LogFile
from platform_admin.fleet.drivers.log_tail import last_lines
from platform_admin.fleet.drivers.process_state import ProcessStateAccess
from platform_admin.fleet.drivers.program import Program
from platform_admin.fleet.drivers.readiness import ask_readiness
from platform_admin.fleet.drivers.secret_files import secret_environment, write_secrets
from platform_admin.fleet.drivers.supervisor import ChildStatus, RestartPolicy, Supervisor

type LogSink = Callable[[str, str], None]
"""Called with the tenant and one line, from the supervising thread."""

RUNTIME_COMMAND = (sys.executable, "-m", "runtime")

SECRETS, STATE, LOGS = "secrets", "state", "logs"


@dataclass(slots=True)
class _Child:
    wanted: WantedRuntime
    supervisor: Supervisor
    log: LogFile


class ProcessDriver(ProcessStateAccess):
    """``RuntimeDriver`` and ``StateAccess`` over local processes. ``close()`` stops them all.

    ``command`` is a runtime's command line. ``starter`` starts runtimes in another way than by that; its verbs beside
    serving (backup, restore) go by the command line all the same.
    """

    def __init__(
        self,
        folder: Path,
        *,
        command: Sequence[str] = RUNTIME_COMMAND,
        starter: Starter | None = None,
        policy: RestartPolicy | None = None,
        on_line: LogSink | None = None,
    ) -> None:
        super().__init__(folder, command=command, root=ROOT)
        self._starter = starter or Program(command)
        self._policy = policy or RestartPolicy()
        self._on_line = on_line
        self._children: dict[str, _Child] = {}

    def seen(self) -> Mapping[str, SeenRuntime]:
        folders = [path.name for path in self._folder.iterdir()] if self._folder.is_dir() else []
        return {tenant: self._look(tenant) for tenant in sorted({*folders, *self._children})}

    def apply(self, wanted: WantedRuntime) -> None:
        secrets_changed = write_secrets(self._folder / wanted.tenant / SECRETS, wanted.secrets)
        present = self._children.get(wanted.tenant)
        if present is not None:
            state = present.supervisor.status().state
            # One that refused its configuration stays as it is until that, or a secret, is another.
            refused_these = state is RuntimeState.FAILED and not secrets_changed
            runs = (
                state in {RuntimeState.RUNNING, RuntimeState.RESTARTING} and self.state_folder(wanted.tenant).is_dir()
            )
            if present.wanted.fingerprint == wanted.fingerprint and (runs or refused_these):
                return
            self.stop(wanted.tenant)
        self._start(wanted)

    def stop(self, tenant: str) -> None:
        present = self._children.pop(tenant, None)
        if present is not None:
            present.supervisor.stop()
            present.log.close()
        elif (pid_file := _pid_file(self.state_folder(tenant))).exists():
            end_leftover(pid_file, deadline_s=self._policy.stop_deadline_s)

    def remove(self, tenant: str, *, keep_volume: bool) -> None:
        self.stop(tenant)
        folder = self._folder / tenant
        for part in (SECRETS, LOGS):
            shutil.rmtree(folder / part, ignore_errors=True)
        if not keep_volume:
            shutil.rmtree(folder, ignore_errors=True)

    def readiness(self, tenant: str) -> Readiness:
        present = self._children.get(tenant)
        if present is None:
            return Readiness(ready=False, reason="it does not run")
        status = present.supervisor.status()
        if status.state is not RuntimeState.RUNNING:
            return Readiness(ready=False, reason=status.reason or f"it is {status.state}")
        return ask_readiness(present.wanted.host, present.wanted.port)

    def logs(self, tenant: str, *, lines: int = LOG_LINES) -> Sequence[str]:
        return last_lines(self._folder / tenant / LOGS, lines)

    def status(self, tenant: str) -> ChildStatus:
        """What the supervisor of one tenant says; stopped where there is none."""
        present = self._children.get(tenant)
        return present.supervisor.status() if present else ChildStatus(RuntimeState.STOPPED)

    def close(self) -> None:
        for tenant in tuple(self._children):
            self.stop(tenant)
        self._starter.close()

    def _look(self, tenant: str) -> SeenRuntime:
        folder = self._folder / tenant
        has_volume = (folder / STATE).is_dir()
        present = self._children.get(tenant)
        if present is None:
            state = RuntimeState.STOPPED if (folder / SECRETS).is_dir() else RuntimeState.ABSENT
            return SeenRuntime(tenant, state, has_volume=has_volume)
        status, wanted = present.supervisor.status(), present.wanted
        whole = has_volume and (folder / SECRETS).is_dir()  # or somebody deleted what it still has open
        return SeenRuntime(
            tenant,
            status.state,
            reason=status.reason,
            restarts=status.restarts,
            image=wanted.image,
            fingerprint=wanted.fingerprint if whole else "",
            address=f"{wanted.host}:{wanted.port}",
            has_volume=has_volume,
        )

    def _start(self, wanted: WantedRuntime) -> None:
        state = self.state_folder(wanted.tenant)
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        end_leftover(_pid_file(state), deadline_s=self._policy.stop_deadline_s)
        if port_is_taken(wanted.host, wanted.port):
            raise PortTakenError(wanted.port, tenant=wanted.tenant)
        log = LogFile(self._folder / wanted.tenant / LOGS)
        supervisor = Supervisor(
            self._starter,
            environment=self.environment_of(wanted),
            folder=ROOT,
            pid_file=_pid_file(state),
            on_line=self._keeping(log, wanted.tenant),
            policy=self._policy,
        )
        self._children[wanted.tenant] = _Child(wanted, supervisor, log)
        supervisor.start()

    def environment_of(self, wanted: WantedRuntime) -> dict[str, str]:
        """Exactly what the runtime gets to see."""
        return {
            **interpreter_environment(os.environ),
            **wanted.environment,
            **secret_environment(self._folder / wanted.tenant / SECRETS, wanted.secrets),
            "STATE_DIR": str(self.state_folder(wanted.tenant)),
            "HOST": wanted.host,
            "PORT": str(wanted.port),
        }

    def _keeping(self, log: LogFile, tenant: str) -> Callable[[str], None]:
        def keep(line: str) -> None:
            log.write(line)
            if self._on_line is not None:
                self._on_line(tenant, line)

        return keep


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


def _pid_file(state: Path) -> Path:
    return state / "runtime.pid"
