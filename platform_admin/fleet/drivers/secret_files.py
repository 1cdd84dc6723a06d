"""A runtime's secrets as files in a folder that only their owner opens."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from platform_admin.fleet.driver import SecretFile

_OWNER_ONLY = 0o600
_OWNER_ONLY_FOLDER = 0o700


def write_secrets(folder: Path, secrets: Iterable[SecretFile]) -> bool:
    """Have exactly these files there, each replaced as a whole. Returns whether anything had to be written."""
    folder.mkdir(mode=_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    changed = False
    for secret in secrets:
        target = folder / secret.name
        if target.is_file() and target.read_text() == secret.content:
            continue
        unfinished = folder / f"{secret.name}.unfinished"
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(descriptor, "w") as file:
            file.write(secret.content)
        unfinished.replace(target)
        changed = True
    return changed


def secret_environment(folder: Path, secrets: Iterable[SecretFile]) -> dict[str, str]:
    """The variables that tell a runtime where they lie."""
    return {secret.variable: str(folder / secret.name) for secret in secrets}
