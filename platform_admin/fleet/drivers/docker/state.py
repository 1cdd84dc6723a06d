"""A container's state as one file: copied by the running runtime itself, put back by a container beside it."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import docker

from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.docker.archives import get_files, put_files
from platform_admin.fleet.drivers.docker.beside import door, run_beside
from platform_admin.fleet.drivers.docker.engine import NotFound, refusals_of
from platform_admin.fleet.drivers.docker.names import STATE_FOLDER, Names
from platform_admin.fleet.drivers.errors import StateUnavailableError
from platform_admin.fleet.drivers.last_words import last_words
from platform_admin.fleet.drivers.state_copy import ERASURES, STATE, merge_erasures, pack, unpack

_RESTORE: Final = 'python -m runtime restore "$0"; status=$?; rm -f "$0"; exit $status'
_BACK_UP: Final = 'python -m runtime backup "$0" || { status=$?; rm -f "$0"; exit $status; }'


class DockerStateAccess:
    """The half of the docker driver that is ``StateAccess``."""

    def __init__(self, client: docker.DockerClient, *, fleet: str) -> None:
        self._client = client
        self._fleet = fleet

    def stop(self, tenant: str) -> None:
        raise NotImplementedError

    def back_up(self, tenant: str, target: Path) -> None:
        names, copy = self._names(tenant), f"{STATE_FOLDER}/copy-{secrets.token_hex(8)}.sqlite3"
        with refusals_of(tenant):
            present = self._inspect(tenant)
            if present is None:
                raise StateUnavailableError(tenant, "it has no container; deploy it first")
            image = str(present["Config"]["Image"])
            volumes = {names.state_volume: STATE_FOLDER}
            command = ["sh", "-c", _BACK_UP, copy]
            if present["State"]["Running"]:
                status, said = self._exec(tenant, command)
            else:
                status, said = run_beside(self._client, names, image, command, volumes)
            if status != 0:
                raise StateUnavailableError(tenant, last_words(said))
            with door(self._client, names, image, volumes) as through:
                files = get_files(self._client, through, copy)
                files |= get_files(self._client, through, f"{STATE_FOLDER}/{ERASURES}")
            run_beside(self._client, names, image, ["rm", "-f", copy], volumes)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="copy-") as work:
            state, erasures = Path(work) / STATE, Path(work) / ERASURES
            state.write_bytes(files[copy.rpartition("/")[2]])
            if ERASURES in files:
                erasures.write_bytes(files[ERASURES])
            pack(target, state=state, erasures=erasures)

    def restore(self, wanted: WantedRuntime, source: Path) -> None:
        names, copy = self._names(wanted.tenant), f"restore-{secrets.token_hex(8)}.sqlite3"
        self.stop(wanted.tenant)
        volumes = {names.state_volume: STATE_FOLDER}
        with tempfile.TemporaryDirectory() as work, refusals_of(wanted.tenant):
            folder = Path(work)
            state = unpack(source, folder / "copy", tenant=wanted.tenant)
            self._client.api.create_volume(names.state_volume, labels=names.labels())
            with door(self._client, names, wanted.image, volumes) as through:
                known = folder / ERASURES
                known.write_bytes(get_files(self._client, through, f"{STATE_FOLDER}/{ERASURES}").get(ERASURES, b""))
                merge_erasures(state.parent / ERASURES, into=known)
                files = {copy: state.read_bytes(), ERASURES: known.read_bytes()}
                put_files(self._client, through, STATE_FOLDER, files)
            command = ["sh", "-c", _RESTORE, f"{STATE_FOLDER}/{copy}"]
            status, said = run_beside(self._client, names, wanted.image, command, volumes)
        if status != 0:
            raise StateUnavailableError(wanted.tenant, last_words(said))

    def _names(self, tenant: str) -> Names:
        return Names(self._fleet, tenant)

    def _inspect(self, tenant: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._client.api.inspect_container(self._names(tenant).container)
        except NotFound:
            return None
        return found

    def _exec(self, tenant: str, command: Sequence[str]) -> tuple[int, str]:
        """Exit status and output of a command inside the running container."""
        api = self._client.api
        made = api.exec_create(self._names(tenant).container, list(command))
        said = api.exec_start(made["Id"])
        status = api.exec_inspect(made["Id"])["ExitCode"]
        return (1 if status is None else int(status)), bytes(said).decode(errors="replace")
