"""``Suspension``: a tenant that is switched off from afar. What comes in is stored, nothing is answered, sent or run.

The word is kept on disk: a runtime that is restarted while its control plane is away stays suspended.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final, Protocol

from runtime.ports.value_store import ValueStore
from runtime.store_retry import until_stored

_KEY: Final = "control.suspended"
_YES: Final = b"yes"

log = logging.getLogger(__name__)


class Holdable(Protocol):
    """A part that can stand still: what it would do stays in its rows."""

    def hold(self) -> None: ...

    async def release(self) -> None: ...


class Suspension:
    """``parts`` stand still while ``active``."""

    def __init__(self, values: ValueStore, parts: Sequence[Holdable]) -> None:
        self._values = values
        self._parts = parts
        self.active = False

    async def recall(self) -> None:
        """Take up what was said before the last stop. To be called before any part is started."""
        if await until_stored(lambda: self._values.get(_KEY)) == _YES:
            self._hold()

    async def set(self, *, suspended: bool) -> None:
        """Honour the control plane's word, on disk first."""
        if suspended == self.active:
            return
        await until_stored(lambda: self._values.set(_KEY, _YES if suspended else None))
        if suspended:
            self._hold()
            return
        log.warning("the suspension is over")
        self.active = False
        for part in self._parts:
            await part.release()

    def _hold(self) -> None:
        log.warning("suspended by the control plane: messages are stored and not answered")
        self.active = True
        for part in self._parts:
            part.hold()
