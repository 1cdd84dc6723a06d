"""The pepper: a random value of this tenant's file that makes hashes of contacts worthless to anybody else."""

from __future__ import annotations

import secrets
from typing import Final

from runtime.ports.value_store import ValueStore

PEPPER_KEY: Final = "privacy.pepper"
_PEPPER_BYTES: Final = 32


async def pepper_of(values: ValueStore) -> bytes:
    """The kept pepper, made at the first start. Raises ``StoreUnavailableError``."""
    known = await values.get(PEPPER_KEY)
    if known is not None:
        return known
    pepper = secrets.token_bytes(_PEPPER_BYTES)
    await values.set(PEPPER_KEY, pepper)
    return pepper
