"""``SyncStatePort`` over the values a runtime remembers, so that a copy goes on after a restart."""

from __future__ import annotations

from typing import Final

from connectors.state import SyncStatePort
from runtime.ports.value_store import ValueStore

SYNC_PREFIX: Final = "sync."


class ValueSyncState(SyncStatePort):
    """One value for each name."""

    def __init__(self, values: ValueStore) -> None:
        self._values = values

    async def get(self, name: str) -> str | None:
        found = await self._values.get(SYNC_PREFIX + name)
        return None if found is None else found.decode()

    async def set(self, name: str, token: str | None) -> None:
        await self._values.set(SYNC_PREFIX + name, None if token is None else token.encode())
