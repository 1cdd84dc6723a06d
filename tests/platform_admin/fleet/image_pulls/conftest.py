"""An engine over loopback, and the pulls that it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import docker
import pytest

from platform_admin.fleet.drivers.docker.pulls import Pulls
from tests.fakes.container_engine import ContainerEngine
from tests.fakes.threaded_server import ThreadedServer
from tests.platform_admin.fleet.image_pulls.registry import (
    OLD,
    Clock,
)


@pytest.fixture
def engine() -> ContainerEngine:
    return ContainerEngine(OLD)


@pytest.fixture
def client(engine: ContainerEngine) -> Iterator[docker.DockerClient]:
    with ThreadedServer(engine.app) as server:
        client = docker.DockerClient(base_url=server.url)
        yield client
        for image in engine.pulls:
            if image not in engine.refusals:
                engine.finish(image)
        client.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pulls(client: docker.DockerClient, clock: Clock) -> Pulls:
    return Pulls(client, now=clock)
