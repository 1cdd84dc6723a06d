"""What the runtime remembers about itself, in memory."""

from __future__ import annotations

from runtime.ports.value_store import ValueStore
from runtime.store.in_memory.tables import Tables


class InMemoryValueStore(ValueStore):
    """See ``ValueStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def get(self, key: str) -> bytes | None:
        return self._tables.values.get(key)

    async def set(self, key: str, value: bytes | None) -> None:
        if value is None:
            self._tables.values.pop(key, None)
        else:
            self._tables.values[key] = value
