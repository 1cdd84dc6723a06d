"""Run a command against a throw-away PostgreSQL (`make test-postgres`): made, used, stopped and removed.

The command finds the database in DATABASE_URL. The cluster lies in a temporary folder, listens on a free loopback
port and forgets everything; PostgreSQL comes from Debian and is installed when it is missing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import debian

DEBIAN_FOLDER = Path("/usr/lib/postgresql")  # one folder per major version
OWNER = "postgres"  # PostgreSQL refuses to run as root
# Nothing here outlives the run, so nothing is worth a disk's round trip.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class ClusterError(Exception):
    """The cluster cannot be made or started."""


def find_programs() -> Path:
    """The folder of initdb and pg_ctl, of the newest version here.

    Raises:
        debian.MissingProgramError: there is none and it cannot be installed.
    """
    for attempt in range(2):
        versions = [path for path in DEBIAN_FOLDER.glob("*/bin") if (path / "initdb").exists()]
        if versions:
            return max(versions, key=lambda path: int(path.parent.name))
        on_path = shutil.which("initdb")
        if on_path:
            return Path(on_path).resolve().parent
        if attempt == 0:
            debian.install("postgresql")
    message = "postgresql was installed, but has no initdb."
    raise debian.MissingProgramError(message)


def as_owner(command: list[str]) -> None:
    prefix = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *command], capture_output=True, text=True, check=False, cwd="/")
    if done.returncode != 0:
        message = f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()}"
        raise ClusterError(message)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextlib.contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A running cluster; yields its DATABASE_URL."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-postgres-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        data, log, port = f"{folder}/data", f"{folder}/log", free_port()
        settings = (f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *FORGETFUL)
        options = " ".join(f"-c {setting}" for setting in settings)
        as_owner([f"{programs}/initdb", "-D", data, "--username=frontdesk", "--auth=trust", "--encoding=UTF8", "-N"])
        try:
            as_owner([f"{programs}/pg_ctl", "start", "--wait", "-D", data, "-l", log, "-o", options])
            yield f"postgres://frontdesk@127.0.0.1:{port}/postgres"
        finally:
            with contextlib.suppress(ClusterError):  # it never started
                as_owner([f"{programs}/pg_ctl", "stop", "--wait", "-m", "immediate", "-D", data])


def main(command: list[str]) -> int:
    # A terminated run must take its cluster along, as an interrupted one does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with cluster(find_programs()) as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    except (debian.MissingProgramError, ClusterError) as error:
        print(f"postgres: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
