from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.containers.stack import ROOT, Stack, podman


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    assert os.environ.get("POSTGRES_IMAGE"), "run these with `make test-containers`, which brings engine and images"
    stack = Stack(tmp_path_factory.mktemp("checkout"))
    yield stack
    stack.make("clean")


@pytest.fixture
def running(stack: Stack) -> Stack:
    stack.ensure_up()
    return stack


@pytest.fixture(scope="session")
def runtime_image() -> str:
    """The image as of this checkout, by a name of its own: what `make up` starts keeps its name."""
    name = "localhost/frontdesk-runtime:of-the-tests"
    podman(
        *("build", "--quiet", "--format", "docker", "--tag", name),
        *("--build-arg", f"BASE={os.environ['FRONTDESK_BASE_IMAGE']}"),
        *("--file", str(ROOT / "deploy" / "docker" / "runtime.Dockerfile"), str(ROOT)),
    )
    return name
