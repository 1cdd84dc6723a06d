"""``NewConditions``: conditions somebody should hear of once when they begin, and not with every report they last."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from flow_engine.vocabulary import JSONObject
from runtime.core import CoreHealth
from runtime.ports.telemetry_store import Entry, EntryKind

type _Condition = tuple[str, str, str]
"""(kind, what it is about, a sentence)."""


class NewConditions:
    """Remembers what is known already. A process that starts anew tells again: nobody can say that it was heard."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()
        self._stalls = 0

    def begun(
        self, health: CoreHealth, *, refused_by: frozenset[str], stalls: int, longest_stall_s: float, now: datetime
    ) -> list[Entry]:
        """Notices for the conditions that were not there the last time. ``stalls`` counts since the start."""
        present: list[_Condition] = [
            *(("channel_stopped", channel, f"{channel} is stopped: {why}") for channel, why in health.halted.items()),
            *(("token_expired", name, f"The credentials of {name} are refused.") for name in refused_by),
        ]
        new = [found for found in present if found[:2] not in self._known]
        self._known = {found[:2] for found in present}
        if stalls > self._stalls:
            sentence = f"The event loop stood still {stalls - self._stalls} times, {longest_stall_s:.1f} s at worst."
            new.append(("clock_stalled", "", sentence))
        self._stalls = stalls
        return [_notice(kind, sentence, now) for kind, _, sentence in new]


def _notice(kind: str, detail: str, now: datetime) -> Entry:
    body: JSONObject = {"id": uuid4().hex, "kind": kind, "at": now.isoformat(), "detail": detail}
    return Entry(EntryKind.NOTICE, body, now)
