"""What is remembered of releases across a restart: older ones that are finished on, and words about gone states."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flow_engine.bundle.rollout import InFlight, read_people_in_flight
from flow_engine.vocabulary import JSON
from runtime.ports.value_store import ValueStore

_KEY: Final = "bundle.in_flight"


@dataclass(frozen=True, slots=True)
class Remembered:
    """``older`` maps serials to when they were replaced; ``words`` states to what becomes of their people."""

    older: Mapping[int, datetime] = field(default_factory=dict)
    words: Mapping[str, InFlight] = field(default_factory=dict)


async def recall(values: ValueStore) -> Remembered:
    """As stored. Raises ``StoreUnavailableError``."""
    stored = await values.get(_KEY)
    if stored is None:
        return Remembered()
    fields = json.loads(stored)
    older = {int(serial): datetime.fromisoformat(at) for serial, at in fields["older"].items()}
    return Remembered(older, read_people_in_flight(fields["words"]))


async def remember(values: ValueStore, remembered: Remembered) -> None:
    """Raises ``StoreUnavailableError``."""
    words: dict[str, JSON] = {state: _as_json(word) for state, word in remembered.words.items()}
    older: dict[str, JSON] = {str(serial): at.isoformat() for serial, at in remembered.older.items()}
    await values.set(_KEY, json.dumps({"older": older, "words": words}).encode() if older or words else None)


def _as_json(word: InFlight) -> JSON:
    return {"do": word.do.value} if word.to is None else {"do": word.do.value, "to": word.to}
