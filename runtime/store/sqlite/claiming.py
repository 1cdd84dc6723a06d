"""Claiming a contact's next event: what is parked, refused, held back or joined on the way. Inside one transaction."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from flow_engine.quick_init import quick_init
from flow_engine.vocabulary import JSONObject
from runtime.ports.conversation_store import BURST_TASK
from runtime.ports.inbox_store import Claim, ContactKey, RefusedEvent
from runtime.ports.inbox_traffic import Judge
from runtime.ports.notice_store import StaffNotice
from runtime.ports.telemetry_store import Entry, EntryKind
from runtime.store.event_codec import MESSAGE
from runtime.store.instants import from_micros
from runtime.store.sqlite.notices import add_notices
from runtime.store.sqlite.reader import Row
from runtime.store.sqlite.steps import add_failure
from runtime.store.sqlite.telemetry import add_entries, entry_row
from runtime.store.sqlite.traffic import load_traffic, save_traffic

KILLED = "the process ended during every attempt"

SELECT_SNAPSHOT = """
    SELECT CAST(snapshot AS BLOB), bundle_serial FROM conversation WHERE channel_id = ? AND contact_id = ?
"""

# Everything a turn needs is asked for at once: each statement hands the interpreter to and fro. What is open is few, so
# the index is named: SQLite takes the one over all rows of the contact for as good.
_OLDEST_OPEN = f"""
    SELECT seq, kind, attempts, steps, error, fingerprint, joinable, received_at,
        joinable AND attempts = 0 AND steps = 0 AND EXISTS (
            SELECT 1 FROM scheduled_task AS task WHERE task.channel_id = inbox.channel_id
                AND task.contact_id = inbox.contact_id AND task.idempotency_key = '{BURST_TASK}'
                AND task.state = 'scheduled'),
        profile, event, CAST(snapshot AS BLOB), bundle_serial,
        EXISTS (SELECT 1 FROM inbox AS later INDEXED BY inbox_open WHERE later.channel_id = inbox.channel_id
                AND later.contact_id = inbox.contact_id AND later.state IN ('pending', 'claimed')
                AND later.seq > inbox.seq)
    FROM inbox INDEXED BY inbox_open LEFT JOIN conversation USING (channel_id, contact_id)
    WHERE channel_id = ? AND contact_id = ? AND inbox.state IN ('pending', 'claimed')
    ORDER BY seq LIMIT 1
"""  # noqa: S608 - a constant of ours

_CLAIM = "UPDATE inbox SET state = 'claimed', attempts = attempts + 1, run_id = ? WHERE seq = ?"

_NEXT_OPEN = """
    SELECT seq, event, joinable, attempts, fingerprint, received_at FROM inbox INDEXED BY inbox_open
    WHERE channel_id = ? AND contact_id = ? AND state IN ('pending', 'claimed') AND seq > ? ORDER BY seq
"""

_JOINED = """
    SELECT seq, event FROM inbox INDEXED BY inbox_open
    WHERE channel_id = ? AND contact_id = ? AND state IN ('pending', 'claimed') AND joined_to = ? ORDER BY seq
"""

_JOIN = "UPDATE inbox SET state = 'claimed', attempts = attempts + 1, run_id = ?, joined_to = ? WHERE seq = ?"

_PARK = "UPDATE inbox SET state = 'dead', error = ?, finished_at = ? WHERE seq = ?"

_PARK_JOINED = """
    UPDATE inbox INDEXED BY inbox_open SET state = 'dead', error = ?, finished_at = ?
    WHERE channel_id = ? AND contact_id = ? AND state IN ('pending', 'claimed') AND joined_to = ?
"""


@quick_init
@dataclass(frozen=True, slots=True)
class ClaimedRows:
    """Rows as they are; decoding them is not the writer's business. ``attempts`` includes this one."""

    claim: Claim
    profile: str
    kind: str
    event: str
    received_at: int
    attempts: int
    steps: int
    joined_events: tuple[str, ...]
    snapshot: bytes | None
    serial: int | None
    more: bool


@dataclass(frozen=True, slots=True)
class Claiming:
    """One attempt to claim something of ``contact``'s line. ``at`` is in microseconds."""

    contact: ContactKey
    run_id: str
    max_attempts: int
    at: int
    judge: Judge | None

    def __call__(self, connection: sqlite3.Connection) -> ClaimedRows | RefusedEvent | None:
        line = (self.contact.channel_id, self.contact.contact_id)
        while found := connection.execute(_OLDEST_OPEN, line).fetchall():
            seq, kind, attempts, steps, error, fingerprint, joinable, received_at, held, *carried = found[0]
            if held:
                return None  # woken when the task is due, or when something comes that does not wait
            if attempts >= self.max_attempts:
                self._park(connection, seq, error or KILLED, started=steps > 0)
                continue
            fresh = attempts == 0 and steps == 0
            if fresh and kind == MESSAGE:
                refused = self._judged(connection, seq, fingerprint, received_at)
                if refused is not None:
                    return refused
            connection.execute(_CLAIM, (self.run_id, seq))
            joined = self._joined(connection, seq, fresh=fresh, started=steps > 0) if joinable else []
            claim = Claim(seq, self.run_id, tuple([row[0] for row in joined]))
            events = tuple([row[1] for row in joined])
            profile, event, snapshot, serial, more = carried
            return ClaimedRows(
                claim, profile, kind, event, received_at, attempts + 1, steps, events, snapshot, serial, bool(more)
            )
        return None

    def _park(self, connection: sqlite3.Connection, seq: int, error: str, *, started: bool) -> None:
        connection.execute(_PARK, (error, self.at, seq))
        add_failure(connection, seq, error, self.at)
        if started:  # what was joined to it has been said with its first step
            line = (self.contact.channel_id, self.contact.contact_id)
            connection.execute(_PARK_JOINED, (error, self.at, *line, seq))

    def _judged(
        self, connection: sqlite3.Connection, seq: int, fingerprint: int, received_at: int
    ) -> RefusedEvent | None:
        if self.judge is None or not fingerprint:  # what an operator resends has none
            return None
        verdict = self.judge(load_traffic(connection, self.contact), fingerprint, received_at)
        save_traffic(connection, self.contact, verdict.traffic)
        if verdict.refusal is None:
            return None
        connection.execute(_PARK, (verdict.refusal, self.at, seq))
        if verdict.loop_found:
            body: JSONObject = {
                "id": f"loop:{seq}",
                "kind": "loop_detected",
                "at": from_micros(received_at).isoformat(),
                "detail": f"{self.contact.channel_id}: {verdict.refusal}",
            }
            entry = Entry(EntryKind.NOTICE, body, from_micros(received_at), self.contact)
            add_entries(connection, [entry_row(entry)])
        if verdict.alert is not None:
            notice = StaffNotice(f"@inbox:{seq}", self.contact, verdict.alert.subject, verdict.alert.text)
            add_notices(connection, [notice], self.at)
        return RefusedEvent(seq, verdict.refusal, alerted=verdict.alert is not None)

    def _joined(self, connection: sqlite3.Connection, seq: int, *, fresh: bool, started: bool) -> list[Row]:
        """What becomes one turn with ``seq``. Once begun it stays what it was; a failed one is tried by itself.

        So one poisonous text takes none of its neighbours with it.
        """
        line = (self.contact.channel_id, self.contact.contact_id)
        if started:
            rows: list[Row] = connection.execute(_JOINED, (*line, seq)).fetchall()
        elif fresh:
            rows = self._neighbours(connection, seq)
        else:
            rows = []
        connection.executemany(_JOIN, [(self.run_id, seq, row[0]) for row in rows])
        return rows

    def _neighbours(self, connection: sqlite3.Connection, seq: int) -> list[Row]:
        neighbours: list[Row] = []
        for row in connection.execute(_NEXT_OPEN, (self.contact.channel_id, self.contact.contact_id, seq)).fetchall():
            next_seq, _, joinable, attempts, fingerprint, received_at = row
            if not joinable or attempts:
                break
            if self._judged(connection, next_seq, fingerprint, received_at) is None:
                neighbours.append(row)
        return neighbours
