"""The floor: below which serial no bundle is taken any more, kept in the store across restarts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from runtime.ports.value_store import ValueStore

_KEY: Final = "bundle.floor"


@dataclass(frozen=True, slots=True)
class Floor:
    """Serial and payload digest of the newest bundle that was ever activated; 0 and ``None`` before the first."""

    serial: int = 0
    digest: str | None = None


async def read_floor(values: ValueStore) -> Floor:
    """The floor as stored. Raises ``StoreUnavailableError``."""
    stored = await values.get(_KEY)
    if stored is None:
        return Floor()
    fields = json.loads(stored)
    return Floor(int(fields["serial"]), str(fields["digest"]))


async def raise_floor(values: ValueStore, floor: Floor) -> None:
    """Keep a higher floor; a lower one is ignored. Raises ``StoreUnavailableError``."""
    if floor.serial > (await read_floor(values)).serial:
        await values.set(_KEY, json.dumps({"serial": floor.serial, "digest": floor.digest}).encode())
