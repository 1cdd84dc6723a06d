"""Debian's Podman, set up so that it runs on a plain machine, a container host or a virtual machine without systemd."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import debian

# Program that must be on PATH (or the file that must exist) -> Debian package.
PARTS = {
    "podman": "podman",
    "runc": "runc",
    "iptables": "iptables",
    "debootstrap": "debootstrap",
    "/usr/lib/podman/netavark": "netavark",
    "/usr/lib/podman/aardvark-dns": "aardvark-dns",
}
RUN = Path("/run/frontdesk-containers")  # what does not outlive the machine's uptime
PATIENCE_S = 30.0
BETWEEN_LOOKS_S = 0.1
STALE_IMAGES = "until=168h"  # layers that no build of the last week used

# runc: crun demands a cgroup tree that not every machine has. Limits: below any machine's own, since Podman's defaults
# would raise them, which is not allowed everywhere; soft and hard ones alike, since its Docker API takes one for the
# other. Locks, networks and run-time folders are not those of the machine's
# own Podman.
CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
log_driver = "k8s-file"

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "{run}/tmp"

[network]
network_backend = "netavark"
network_config_dir = "{folder}/networks"
"""
STORAGE_CONF = """\
[storage]
driver = "{driver}"
graphroot = "{folder}/storage-{driver}"
runroot = "{run}/{driver}"
"""


class EngineError(Exception):
    """Podman is there, but does not work here."""


def prepare(folder: Path) -> dict[str, str]:
    """The environment in which ``podman`` uses ``folder``.

    Raises:
        debian.MissingProgramError: a part is absent and cannot be installed.
        EngineError: Podman cannot work on this machine.
    """
    missing = [package for part, package in PARTS.items() if not (shutil.which(part) or Path(part).is_file())]
    if missing:
        debian.install(*missing)
    if os.geteuid() != 0:
        raise EngineError("debootstrap makes the images to start from, and needs root. Run this as root.")
    (folder / "containers.conf").write_text(CONTAINERS_CONF.format(folder=folder, run=RUN))
    reasons = []
    for driver in ("overlay", "vfs"):  # vfs copies whole file systems, and works where overlay does not
        (folder / f"{driver}.conf").write_text(STORAGE_CONF.format(folder=folder, run=RUN, driver=driver))
        environment = {
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(folder / f"{driver}.conf"),
            "BUILDAH_ISOLATION": "chroot",  # a build step then needs neither cgroups nor a network of its own
            "DISABLE_HC_SYSTEMD": "true",  # no systemd, no timers; whoever wants a health check runs it
        }
        done = call(environment, "info")
        if done.returncode == 0:
            return environment
        reasons.append(done.stderr.strip())
    raise EngineError(f"podman does not start: {'; '.join(reasons)}")


@contextlib.contextmanager
def swept(environment: Mapping[str, str]) -> Iterator[None]:
    """Without anyone's containers and volumes, before and after."""
    sweep(environment)
    try:
        yield
    finally:
        sweep(environment)


@contextlib.contextmanager
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """Podman's service of the Docker Engine API while the block lasts; its address, as DOCKER_HOST takes it.

    Raises:
        EngineError: it does not begin to listen.
    """
    socket = RUN / "engine.sock"
    socket.unlink(missing_ok=True)
    RUN.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = ["podman", "system", "service", "--time", "0", f"unix://{socket}"]
    with subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL) as service:
        try:
            deadline = time.monotonic() + PATIENCE_S
            while not socket.exists():
                if service.poll() is not None or time.monotonic() > deadline:
                    raise EngineError("podman system service does not begin to listen")
                time.sleep(BETWEEN_LOOKS_S)
            # As the socket of a systemd unit is, for an orchestrator in a container; the folder keeps others out.
            socket.chmod(0o660)
            yield f"unix://{socket}"
        finally:
            service.terminate()


def sweep(environment: Mapping[str, str]) -> None:
    call(environment, "rm", "--all", "--force", "--time", "0")
    call(environment, "volume", "prune", "--force")
    call(environment, "network", "prune", "--force")
    call(environment, "image", "prune", "--force", "--filter", STALE_IMAGES)


def call(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """``podman ARGUMENTS``, its output kept."""
    return subprocess.run(
        ["podman", *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
