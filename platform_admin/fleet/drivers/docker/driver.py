"""``RuntimeDriver`` over containers: for each tenant a container, two volumes (state, secrets) and a network.

A runtime reaches the internet and, by the name ``ingress``, its API of the control plane; other tenants it does not
reach. Secrets travel as files of a volume of their own; no command line, environment or label holds one. Everything is
found again by labels, so an orchestrator on another machine goes on where this one stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import docker

from platform_admin.fleet.driver import CONTAINER_PORT, LOG_LINES, Readiness, RuntimeState, SeenRuntime, WantedRuntime
from platform_admin.fleet.drivers.docker.archives import get_files, put_files, volume_mounts
from platform_admin.fleet.drivers.docker.beside import door
from platform_admin.fleet.drivers.docker.engine import NotFound, refusals_of
from platform_admin.fleet.drivers.docker.names import (
    FINGERPRINT,
    FLEET,
    SECRETS_FOLDER,
    STATE_FOLDER,
    TENANT,
    USER,
    Names,
)
from platform_admin.fleet.drivers.docker.networks import ensure_network, networks_without_ingress, remove_network
from platform_admin.fleet.drivers.docker.pulls import Pulls
from platform_admin.fleet.drivers.docker.state import DockerStateAccess
from platform_admin.fleet.drivers.readiness import read_readiness

STOP_TIMEOUT_S: Final = 25
"""A runtime ends within 20 s by itself (docs/runtime-operations.md)."""

_STATES: Final = {
    "running": RuntimeState.RUNNING,
    "restarting": RuntimeState.RESTARTING,
    "exited": RuntimeState.STOPPED,
    "stopped": RuntimeState.STOPPED,
    "created": RuntimeState.STOPPED,
    "configured": RuntimeState.STOPPED,
}
_ASK_READY: Final = (
    "import http.client as h; c = h.HTTPConnection('127.0.0.1', {port}, timeout=2); c.request('GET', '/ready');"
    " a = c.getresponse(); print(a.status, a.read().decode())"
)


class DockerDriver(DockerStateAccess):
    """``fleet`` names all of ours on this engine. Containers live on when ``close()`` lets go of it."""

    def __init__(self, client: docker.DockerClient, *, fleet: str = "frontdesk") -> None:
        super().__init__(client, fleet=fleet)
        self._pulls = Pulls(client)

    def seen(self) -> Mapping[str, SeenRuntime]:
        with refusals_of(self._fleet):
            ours = {"label": f"{FLEET}={self._fleet}"}
            containers = self._client.api.containers(all=True, filters=ours)
            volumes = self._client.api.volumes(filters=ours)["Volumes"] or []
            networks = self._client.api.networks(filters=ours)
            lonely = set(networks_without_ingress(self._client, self._fleet))
            with_volume = {
                volume["Labels"][TENANT]
                for volume in volumes
                if volume["Name"] == self._names(volume["Labels"][TENANT]).state_volume
            }
            leftovers = {part["Labels"][TENANT] for part in (*volumes, *networks)}
            found = {
                tenant: SeenRuntime(tenant, RuntimeState.ABSENT, has_volume=tenant in with_volume)
                for tenant in sorted(leftovers)
            }
            for container in containers:
                one = self._look(container, with_volume, lonely)
                found[one.tenant] = one
            return found

    def apply(self, wanted: WantedRuntime) -> None:
        names = self._names(wanted.tenant)
        with refusals_of(wanted.tenant):
            self._pulls.ensure(wanted.image, tenant=wanted.tenant)
            subnet = ensure_network(self._client, names)
            for volume in (names.state_volume, names.secrets_volume):
                self._client.api.create_volume(volume, labels=names.labels())
            self._put_secrets(names, wanted)
            present = self._inspect(wanted.tenant)
            if present is not None and present["Config"]["Labels"].get(FINGERPRINT) != wanted.fingerprint:
                self._remove_container(names)
                present = None
            if present is None:
                self._create(names, wanted, subnet)
            if present is None or not present["State"]["Running"]:
                self._client.api.start(names.container)

    def stop(self, tenant: str) -> None:
        with refusals_of(tenant):
            present = self._inspect(tenant)
            # One that waits to be started again does not run and is stopped all the same.
            if present is not None and (present["State"]["Running"] or present["State"].get("Restarting")):
                self._client.api.stop(self._names(tenant).container, timeout=STOP_TIMEOUT_S)

    def remove(self, tenant: str, *, keep_volume: bool) -> None:
        names = self._names(tenant)
        with refusals_of(tenant):
            self._remove_container(names)
            remove_network(self._client, names)
            self._remove_volume(names.secrets_volume)
            if not keep_volume:
                self._remove_volume(names.state_volume)

    def readiness(self, tenant: str) -> Readiness:
        with refusals_of(tenant):
            present = self._inspect(tenant)
            if present is None or not present["State"]["Running"]:
                return Readiness(ready=False, reason="it does not run")
            command = ["python", "-c", _ASK_READY.format(port=CONTAINER_PORT)]
            status, said = self._exec(tenant, command)
        code, _, body = said.strip().rpartition("\n")[2].partition(" ")
        if status != 0 or not code.isdigit():
            return Readiness(ready=False, reason="it does not answer yet")
        return read_readiness(int(code), body.encode())

    def logs(self, tenant: str, *, lines: int = LOG_LINES) -> Sequence[str]:
        with refusals_of(tenant):
            if self._inspect(tenant) is None:
                return ()
            written = self._client.api.logs(self._names(tenant).container, tail=lines)
        return tuple(written.decode(errors="replace").splitlines())

    def wait_for_images(self) -> bool:
        return self._pulls.wait()

    def close(self) -> None:
        self._client.close()

    def _look(self, container: dict[str, Any], with_volume: set[str], lonely: set[str]) -> SeenRuntime:
        tenant = container["Labels"][TENANT]
        state = _STATES.get(str(container["State"]).lower(), RuntimeState.FAILED)
        reason, restarts = "", 0
        if state is not RuntimeState.RUNNING:
            details = self._inspect(tenant) or {}
            told = details.get("State", {})
            restarts = int(details.get("RestartCount", 0))
            reason = str(told.get("Error") or "") or f"ended with status {told.get('ExitCode', '?')}"
        addresses = container["NetworkSettings"]["Networks"].get(self._names(tenant).network, {})
        address = addresses.get("IPAddress") or ""
        # Without the ingress in its network it is not as it was wished: the next pass puts that right.
        fingerprint = "" if tenant in lonely else container["Labels"].get(FINGERPRINT, "")
        return SeenRuntime(
            tenant,
            state,
            reason=reason,
            restarts=restarts,
            image=container["Labels"].get("frontdesk.image", ""),
            fingerprint=fingerprint,
            address=f"{address}:{CONTAINER_PORT}" if address and state is RuntimeState.RUNNING else "",
            has_volume=tenant in with_volume,
        )

    def _put_secrets(self, names: Names, wanted: WantedRuntime) -> None:
        """Files that are there already are not written again."""
        files = {secret.name: secret.content.encode() for secret in wanted.secrets}
        with door(self._client, names, wanted.image, {names.secrets_volume: SECRETS_FOLDER}) as through:
            present = get_files(self._client, through, SECRETS_FOLDER)
            changed = {name: content for name, content in files.items() if present.get(name) != content}
            if changed:
                put_files(self._client, through, SECRETS_FOLDER, changed)

    def _create(self, names: Names, wanted: WantedRuntime, subnet: str) -> None:
        api = self._client.api
        volumes = {names.state_volume: STATE_FOLDER, names.secrets_volume: SECRETS_FOLDER}
        limits = wanted.resources
        api.create_container(
            wanted.image,
            name=names.container,
            user=USER,
            labels={**names.labels(), FINGERPRINT: wanted.fingerprint, "frontdesk.image": wanted.image},
            environment={
                **wanted.environment,
                **{secret.variable: f"{SECRETS_FOLDER}/{secret.name}" for secret in wanted.secrets},
                "STATE_DIR": STATE_FOLDER,
                "PORT": str(CONTAINER_PORT),
                "TRUSTED_PROXIES": subnet,  # nobody but the ingress is in it
            },
            host_config=api.create_host_config(
                network_mode=names.network,
                mounts=volume_mounts(volumes, read_only=frozenset({names.secrets_volume})),
                read_only=True,
                tmpfs={"/tmp": "size=64m"},  # noqa: S108 - in the container, its own
                cap_drop=["ALL"],
                security_opt=["no-new-privileges"],
                mem_limit=limits.memory_bytes,
                memswap_limit=limits.memory_bytes,  # no swap: a runtime that swaps answers late without saying why
                nano_cpus=limits.cpu_millis * 1_000_000,
                pids_limit=limits.processes,
                restart_policy={"Name": "unless-stopped", "MaximumRetryCount": 0},
            ),
        )

    def _remove_container(self, names: Names) -> None:
        """Asked to finish first. Its volumes are not touched: they are named, and so never the container's own."""
        try:
            self._client.api.stop(names.container, timeout=STOP_TIMEOUT_S)
            self._client.api.remove_container(names.container, force=True)
        except NotFound:
            return

    def _remove_volume(self, volume: str) -> None:
        try:
            self._client.api.remove_volume(volume)
        except NotFound:
            return
