"""Starts runtimes as forks of one warmed parent (docs/adr/0034), and makes a new parent when the old one is no good."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from platform_admin.fleet.drivers.code_on_disk import code_on_disk
from platform_admin.fleet.drivers.interpreter import ROOT, interpreter_environment
from platform_admin.fleet.drivers.warm_child import WarmChild
from platform_admin.fleet.drivers.warm_parent import WarmParent

NURSERY_COMMAND: Final = (sys.executable, "-m", "runtime.nursery")


class WarmStart:
    """``Starter`` over a parent that is made by the first start.

    ``code`` tells one state of the program on disk from another: a runtime is never forked from what was there before.
    """

    name = "the warm parent"

    def __init__(
        self,
        command: Sequence[str] = NURSERY_COMMAND,
        *,
        code: Callable[[], str] = lambda: code_on_disk(ROOT),
    ) -> None:
        self._command = tuple(command)
        self._code = code
        self._lock = threading.Lock()
        self._parents: list[WarmParent] = []
        self._code_of_last = ""

    def start(self, environment: Mapping[str, str], *, folder: Path, born: Callable[[int], None]) -> WarmChild:
        return self._parent().bear(environment, folder=folder, born=born)

    def pids(self) -> tuple[int, ...]:
        """Of the parents that live, the one that still bears last."""
        with self._lock:
            return tuple(parent.pid for parent in self._parents if not parent.gone)

    def close(self) -> None:
        """Have no parent any more; the next start makes one."""
        with self._lock:
            for parent in self._parents:
                parent.close()
            self._parents.clear()

    def _parent(self) -> WarmParent:
        with self._lock:
            code = self._code()
            self._parents = [parent for parent in self._parents if not parent.gone]
            if self._parents and code == self._code_of_last:
                return self._parents[-1]
            for parent in self._parents:
                parent.retire()
            environment = interpreter_environment(os.environ)
            self._parents.append(WarmParent(self._command, environment=environment, folder=ROOT))
            self._code_of_last = code
            return self._parents[-1]
