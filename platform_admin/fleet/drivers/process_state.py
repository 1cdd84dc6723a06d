"""A local tenant's state as one file: copied beside the running process, put back while it is stopped."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.errors import StateUnavailableError
from platform_admin.fleet.drivers.last_words import last_words
from platform_admin.fleet.drivers.state_copy import ERASURES, STATE, merge_erasures, pack, unpack

PATIENCE_S = 600.0
"""A copy of some gigabytes."""


class ProcessStateAccess:
    """The half of the process driver that is ``StateAccess``. ``command`` starts a runtime in ``root``."""

    def __init__(self, folder: Path, *, command: Sequence[str], root: Path, patience_s: float = PATIENCE_S) -> None:
        self._folder = folder
        self._command = tuple(command)
        self._root = root
        self._patience_s = patience_s

    def state_folder(self, tenant: str) -> Path:
        return self._folder / tenant / "state"

    def stop(self, tenant: str) -> None:
        raise NotImplementedError

    def back_up(self, tenant: str, target: Path) -> None:
        state = self.state_folder(tenant)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="copy-") as work:
            copy = Path(work) / STATE
            self._maintain(tenant, "backup", copy)
            pack(target, state=copy, erasures=state / ERASURES)

    def restore(self, wanted: WantedRuntime, source: Path) -> None:
        self.stop(wanted.tenant)
        state = self.state_folder(wanted.tenant)
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=state, prefix="restore-") as work:
            copy = unpack(source, Path(work), tenant=wanted.tenant)
            merge_erasures(copy.parent / ERASURES, into=state / ERASURES)
            self._maintain(wanted.tenant, "restore", copy)

    def _maintain(self, tenant: str, verb: str, file: Path) -> Mapping[str, object]:
        """``python -m runtime backup|restore FILE`` on the tenant's folder; what it answers."""
        state = self.state_folder(tenant)
        try:
            done = subprocess.run(
                [*self._command, verb, str(file)],
                cwd=self._root,
                env={"PATH": os.environ.get("PATH", ""), "STATE_DIR": str(state), "TENANT_ID": tenant},
                capture_output=True,
                text=True,
                timeout=self._patience_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise StateUnavailableError(
                tenant, f"{verb} took longer than {error.timeout:.0f} s and was ended"
            ) from error
        if done.returncode != 0:
            raise StateUnavailableError(tenant, last_words(done.stderr or done.stdout))
        answer: dict[str, object] = json.loads(done.stdout)
        return answer
