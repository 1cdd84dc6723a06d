"""Files in and out of containers, which the engine carries as tar: it may be on another machine."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from typing import Final

import docker
from docker.types import Mount

from platform_admin.fleet.drivers.docker.engine import NotFound

_UID: Final = 10001
_FILE_MODE: Final = 0o600


def put_files(client: docker.DockerClient, container: str, folder: str, files: Mapping[str, bytes]) -> None:
    """Write ``files`` (name → content) into ``folder``, for the runtime's user alone."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), _FILE_MODE
            member.uid = member.gid = _UID
            archive.addfile(member, io.BytesIO(content))
    client.api.put_archive(container, folder, buffer.getvalue())


def get_files(client: docker.DockerClient, container: str, path: str) -> dict[str, bytes]:
    """Every file at or below ``path``, by its name alone; none when there is no such path."""
    try:
        chunks, _ = client.api.get_archive(container, path)
    except NotFound:
        return {}
    buffer = io.BytesIO(b"".join(chunks))
    with tarfile.open(fileobj=buffer) as archive:
        files = {member.name.rpartition("/")[2]: archive.extractfile(member) for member in archive if member.isfile()}
        return {name: file.read() for name, file in files.items() if file is not None}


def volume_mounts(volumes: Mapping[str, str], *, read_only: frozenset[str] = frozenset()) -> list[Mount]:
    """Volume → folder, as the engine wants it."""
    return [Mount(folder, volume, type="volume", read_only=volume in read_only) for volume, folder in volumes.items()]
