"""One network for each tenant, with its runtime and the ingress in it and nobody else."""

from __future__ import annotations

import contextlib
from typing import Any, Final

import docker

from platform_admin.fleet.drivers.docker.beside import pass_through
from platform_admin.fleet.drivers.docker.engine import APIError, NotFound
from platform_admin.fleet.drivers.docker.names import FLEET, INGRESS, INGRESS_ALIAS, TENANT, Names

_PODMAN: Final = "podman"


def ensure_network(client: docker.DockerClient, names: Names) -> str:
    """Have it there with the ingress in it; its addresses as a network, such as ``10.89.0.0/24``.

    Bridge networks made over this API do not reach each other, on Docker's engine as on Podman's.
    """
    found = client.api.networks(names=[names.network])
    present = next((network for network in found if network["Name"] == names.network), None)
    if present is None:
        client.api.create_network(names.network, driver="bridge", labels=names.labels())
    details: dict[str, Any] = client.api.inspect_network(names.network)
    # Nobody may ask for networks between this and the start of the tenant's container.
    _have_isolation_remembered(client, names)
    _connect_ingress(client, names)
    subnets = [str(part["Subnet"]) for part in details["IPAM"]["Config"] or [] if part.get("Subnet")]
    return ",".join(subnets)


def _have_isolation_remembered(client: docker.DockerClient, names: Names) -> None:
    """To be called before a container enters a network or leaves one; on Docker's own engine there is nothing to do.

    Podman's service strikes a network's isolation out of its memory whenever it lists or inspects it over this API, for
    whomever (`convertLibpodNetworktoDockerNetwork` of 4.3), and would set up no rules for the next container. It
    reads all networks from its disk again once one came or went.
    """
    if not _is_podman(client):
        return
    passing = f"{names.network}-passing"
    with contextlib.suppress(APIError):  # one is left by somebody who was killed here
        client.api.create_network(passing, driver="bridge", internal=True)
    client.api.remove_network(passing)


def _connect_ingress(client: docker.DockerClient, names: Names) -> None:
    """Also an ingress that was made anew and knows none of its networks."""
    for ingress in _ingresses(client, names):
        if names.network not in ingress["NetworkSettings"]["Networks"]:
            client.api.connect_container_to_network(ingress["Id"], names.network, aliases=[INGRESS_ALIAS])


def _ingresses(client: docker.DockerClient, names: Names) -> list[dict[str, Any]]:
    found = client.api.containers(filters={"label": f"{INGRESS}={names.fleet}"})
    return [client.api.inspect_container(container["Id"]) for container in found]


def remove_network(client: docker.DockerClient, names: Names) -> None:
    """Let the ingress out of it and take it away; whoever is killed in between finds it there again."""
    if not any(network["Name"] == names.network for network in client.api.networks(names=[names.network])):
        return
    _have_isolation_remembered(client, names)  # without it the engine's rules for this network would outlive it
    for ingress in _ingresses(client, names):
        if names.network in ingress["NetworkSettings"]["Networks"]:
            client.api.disconnect_container_from_network(ingress["Id"], names.network)
    _have_others_kept_apart(client, names)
    with contextlib.suppress(NotFound):
        client.api.remove_network(names.network)


def _have_others_kept_apart(client: docker.DockerClient, names: Names) -> None:
    """To be called when the last container has left a network; on Docker's own engine there is nothing to do.

    With it netavark (1.4) takes away the one rule that leads to the rules of all isolated networks, and sets it up
    again when a container enters one of them: so one passes through a network that stays.
    """
    if not _is_podman(client):
        return
    tenants = {network["Name"] for network in client.api.networks(filters={"label": f"{FLEET}={names.fleet}"})}
    for ingress in _ingresses(client, names):
        staying = [network for network in ingress["NetworkSettings"]["Networks"] if network != names.network]
        # Without other tenants of ours there are still those that the ingress leads to by its own configuration.
        for network in [network for network in staying if network in tenants][:1] or staying:
            _have_isolation_remembered(client, names)
            pass_through(client, names, ingress["Image"], network)


def _is_podman(client: docker.DockerClient) -> bool:
    parts = client.version().get("Components") or ()
    return any(_PODMAN in str(part.get("Name")).lower() for part in parts)


def networks_without_ingress(client: docker.DockerClient, fleet: str) -> list[str]:
    """Tenants in whose network an ingress is missing that is there."""
    networks = client.api.networks(filters={"label": f"{FLEET}={fleet}"})
    tenants = {network["Labels"][TENANT]: network["Name"] for network in networks}
    ingresses = _ingresses(client, Names(fleet, ""))
    return [
        tenant
        for tenant, network in tenants.items()
        if any(network not in ingress["NetworkSettings"]["Networks"] for ingress in ingresses)
    ]
