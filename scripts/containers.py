"""Run a command with a container engine and the images to start from (`make test-containers`).

The engine is Debian's Podman with storage of its own, so nothing here touches another engine's containers. What takes
long to make is kept in FRONTDESK_CACHE (default ~/.cache/frontdesk). The command finds in its environment: Podman's
configuration, DOCKER_HOST (Podman's service of the Docker Engine API), FRONTDESK_COMPOSE, FRONTDESK_BASE_IMAGE,
POSTGRES_IMAGE, CADDY_IMAGE and FRONTDESK_NEWEST_BASE_IMAGE.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import base_images
import debian
import podman


def main(command: list[str]) -> int:
    # A terminated run must take its containers along, as an interrupted one does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    cache = Path(os.environ.get("FRONTDESK_CACHE") or Path.home() / ".cache" / "frontdesk") / "containers"
    try:
        with alone(cache):
            engine = podman.prepare(cache)
            with podman.swept(engine):
                images = base_images.prepare(engine, cache)
                compose = str(Path(sys.executable).with_name("podman-compose"))
                with podman.served(engine) as address:
                    served = {"FRONTDESK_COMPOSE": compose, "DOCKER_HOST": address}
                    environment = {**os.environ, **engine, **images, **served}
                    return subprocess.run(command, env=environment, check=False).returncode
    except (debian.MissingProgramError, podman.EngineError, base_images.ImageError) as error:
        print(f"containers: {error}", file=sys.stderr)
        return 1


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep a second run waiting: the two would sweep each other's containers away."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
