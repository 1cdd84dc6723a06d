"""The tests of the engine, the connectors and the runtime on the newest Python that Debian has, without a network."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.containers.stack import ROOT, podman

pytestmark = pytest.mark.containers

IMAGE = "localhost/frontdesk-tests:newest-python"
OLDEST = (3, 14)
PATHS = ("tests/flow_engine", "tests/connectors", "tests/runtime")
# Kills and clocks, which a container beside others is too slow for at times; `make test` has them.
LEFT_OUT = (
    "tests/runtime/bundles/test_bundle_feed.py",
    "tests/runtime/inbox/test_kill.py",
    "tests/runtime/scheduler/test_core_with_the_real_clock.py",
)
TEST_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def image() -> str:
    podman(
        *("build", "--quiet", "--tag", IMAGE, "--build-arg", f"BASE={os.environ['FRONTDESK_NEWEST_BASE_IMAGE']}"),
        *("--file", str(ROOT / "tests" / "containers" / "newest_python" / "Dockerfile"), str(ROOT / "requirements")),
    )
    return IMAGE


def inside(image: str, *command: str) -> str:
    data = Path(os.environ.get("FRONTDESK_TEST_DATA") or TEST_DATA)
    mounts = ["--volume", f"{ROOT}:/checkout:O"]  # over it lies a layer of its own: nothing comes back
    if data.is_dir():
        mounts += ["--volume", f"{data}:/data:ro", "--env", "FRONTDESK_TEST_DATA=/data"]
    return podman(
        *("run", "--rm", "--network", "none", "--workdir", "/checkout", "--env", "LANG=C.UTF-8", *mounts, image),
        *command,
    )


def test_what_needs_no_control_plane_passes_on_it(image: str) -> None:
    found = inside(image, "python", "-c", "import sys; print(*sys.version_info[:2])")
    assert tuple(map(int, found.split())) >= OLDEST
    asked = ["-q", "-n", "auto", "-p", "no:cacheprovider", *PATHS, *(f"--ignore={name}" for name in LEFT_OUT)]
    said = inside(image, "python", "-m", "pytest", *asked)
    passed = int(re.findall(r"(\d+) passed", said)[-1])
    assert passed > 6000, said[-2000:]
