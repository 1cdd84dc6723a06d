"""What is given up when too much waits for a report: details first, the oldest of them; counts when none is left."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Final

from flow_engine.vocabulary import JSONObject
from runtime.ports.telemetry_store import Bounds, EntryKind
from runtime.store.event_codec import encode_json
from runtime.store.instants import from_micros

_DROPPED: Final = "telemetry.dropped"
"""``{turns, entries, counts, at}`` since it was told last, as a value of ``runtime_state``. ``at`` in microseconds."""

WAITING: Final = """
    SELECT (SELECT count(*) FROM step WHERE report IS NULL AND done = 1),
           (SELECT count(*) FROM telemetry_entry WHERE report = ''),
           (SELECT count(*) FROM telemetry_count WHERE report = '')
"""
_OLDEST_TURNS: Final = """
    UPDATE step SET report = '' WHERE seq IN
        (SELECT seq FROM step WHERE report IS NULL AND done = 1 ORDER BY seq LIMIT ?)
"""
# Whoever sent a command waits for its result, so results are the last details to go.
_OLDEST_ENTRIES: Final = """
    DELETE FROM telemetry_entry WHERE seq IN
        (SELECT seq FROM telemetry_entry WHERE report = '' ORDER BY kind = 'command_results', seq LIMIT ?)
"""
_OLDEST_COUNTS: Final = """
    DELETE FROM telemetry_count WHERE (name, labels, hour, report) IN
        (SELECT name, labels, hour, report FROM telemetry_count WHERE report = '' ORDER BY hour LIMIT ?)
"""
_OLDEST: Final = {"turns": _OLDEST_TURNS, "entries": _OLDEST_ENTRIES, "counts": _OLDEST_COUNTS}

_TOLD: Final = "INSERT INTO telemetry_entry (kind, body, at, report) VALUES (?, ?, ?, ?)"
_KEEP: Final = """
    INSERT INTO runtime_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


def excess(waiting: tuple[int, int, int], bounds: Bounds) -> Mapping[str, int]:
    """How many of each to give up. ``waiting``: turns, entries, counts."""
    turns, entries, counts = waiting
    fewer_turns, fewer_entries = max(turns - bounds.turns, 0), max(entries - bounds.entries, 0)
    over = turns - fewer_turns + entries - fewer_entries + counts - bounds.rows
    more_turns = min(max(over, 0), turns - fewer_turns)
    more_entries = min(max(over - more_turns, 0), entries - fewer_entries)
    fewer_counts = max(over - more_turns - more_entries, 0)
    found = {"turns": fewer_turns + more_turns, "entries": fewer_entries + more_entries, "counts": fewer_counts}
    return {kind: number for kind, number in found.items() if number}


def drop_excess(connection: sqlite3.Connection, bounds: Bounds, at: int) -> Mapping[str, int]:
    """Inside the caller's transaction; what went, and remembered as such. ``at`` in microseconds."""
    too_much = excess(connection.execute(WAITING).fetchone(), bounds)
    dropped = {kind: connection.execute(_OLDEST[kind], (number,)).rowcount for kind, number in too_much.items()}
    remember_dropped(connection, dropped, at)
    return dropped


def remember_dropped(connection: sqlite3.Connection, dropped: Mapping[str, int], at: int) -> None:
    """Add to what the next report tells. Not an entry for each time: while nobody takes reports they would pile up."""
    if not dropped:
        return
    known = _dropped(connection)
    sums = {kind: known.get(kind, 0) + dropped.get(kind, 0) for kind in _OLDEST}
    connection.execute(_KEEP, (_DROPPED, encode_json(sums | {"at": at}).encode()))


def tell_dropped(connection: sqlite3.Connection, report_id: str) -> int:
    """Bind a notice of what was given up to this report, if anything was; how many notices."""
    known = _dropped(connection)
    if not known:
        return 0
    at = known.pop("at")
    body: JSONObject = {
        "id": f"dropped:{report_id}",
        "kind": "telemetry_dropped",
        "at": from_micros(at).isoformat(),
        "detail": ", ".join(f"{number} {kind}" for kind, number in known.items() if number),
    }
    connection.execute(_TOLD, (EntryKind.NOTICE.value, encode_json(body), at, report_id))
    connection.execute("DELETE FROM runtime_state WHERE key = ?", (_DROPPED,))
    return 1


def _dropped(connection: sqlite3.Connection) -> dict[str, int]:
    found = connection.execute("SELECT CAST(value AS TEXT) FROM runtime_state WHERE key = ?", (_DROPPED,)).fetchone()
    return {} if found is None else json.loads(found[0])
