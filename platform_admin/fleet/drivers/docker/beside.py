"""Short-lived containers: a door for files, one that runs a command on a tenant's volumes, one in a network."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence

import docker

from platform_admin.fleet.drivers.docker.archives import volume_mounts
from platform_admin.fleet.drivers.docker.engine import APIError
from platform_admin.fleet.drivers.docker.names import USER, Names

ROLE = "frontdesk.beside"


@contextlib.contextmanager
def door(client: docker.DockerClient, names: Names, image: str, volumes: Mapping[str, str]) -> Iterator[str]:
    """A container that is never started: through it files go into and out of ``volumes``."""
    made = client.api.create_container(
        image,
        command=["true"],
        labels={ROLE: names.tenant},
        user=USER,
        host_config=client.api.create_host_config(mounts=volume_mounts(volumes), network_mode="none"),
    )
    try:
        yield made["Id"]
    finally:
        client.api.remove_container(made["Id"], force=True)


def run_beside(
    client: docker.DockerClient, names: Names, image: str, command: Sequence[str], volumes: Mapping[str, str]
) -> tuple[int, str]:
    """Exit status and output of a command without a network, on ``volumes`` and a read-only root."""
    made = client.api.create_container(
        image,
        command=list(command),
        labels={ROLE: names.tenant},
        user=USER,
        environment={"TENANT_ID": names.tenant},
        host_config=client.api.create_host_config(
            mounts=volume_mounts(volumes),
            network_mode="none",
            read_only=True,
            tmpfs={"/tmp": ""},  # noqa: S108 - in the container, its own
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
        ),
    )
    try:
        client.api.start(made["Id"])
        status = int(client.api.wait(made["Id"])["StatusCode"])
        return status, client.api.logs(made["Id"]).decode(errors="replace")
    finally:
        client.api.remove_container(made["Id"], force=True)


def pass_through(client: docker.DockerClient, names: Names, image: str, network: str) -> None:
    """Have a container enter ``network`` and leave it; what it does there does not matter, nor whether it can."""
    made = client.api.create_container(
        image,
        entrypoint=["true"],
        labels={ROLE: names.tenant},
        host_config=client.api.create_host_config(network_mode=network, read_only=True, cap_drop=["ALL"]),
    )
    try:
        with contextlib.suppress(APIError):  # it is in the network before its command is looked for
            client.api.start(made["Id"])
            client.api.wait(made["Id"])
    finally:
        client.api.remove_container(made["Id"], force=True)
