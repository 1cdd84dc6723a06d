"""Whole conversations, read from steps, inbox and outbox."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from flow_engine.vocabulary import JSON, JSONObject
from runtime.ports.stored_conversations import StoredConversations
from runtime.store.instants import from_micros
from runtime.store.sqlite.connection import open_reader
from runtime.store.sqlite.reader import Row
from runtime.telemetry.bubble import bubble

_LAST = """
    SELECT conversation_id, json_extract(snapshot, '$.channel'), channel_id, contact_id FROM conversation
    ORDER BY updated_at DESC LIMIT ?
"""

_STEPS = """
    SELECT step.event_seq, step.at, step.state_before, step.answer, step.message_ids, inbox.kind, inbox.event
    FROM step JOIN inbox ON inbox.seq = step.event_seq
    WHERE step.channel_id = ? AND step.contact_id = ? AND step.conversation_id = ? AND step.error IS NULL
    ORDER BY step.seq
"""

FORGOTTEN = "{}"
"""What retention leaves of an event whose words were kept long enough."""


class SQLiteStoredConversations(StoredConversations):
    """See ``StoredConversations``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def last(self, limit: int) -> Sequence[JSONObject]:
        return await asyncio.to_thread(_last, self._path, limit)


def _last(path: Path, limit: int) -> list[JSONObject]:
    with contextlib.closing(open_reader(path)) as connection:
        found = [_conversation(connection, row) for row in connection.execute(_LAST, (limit,)).fetchall()]
    return [conversation for conversation in found if conversation is not None]


def _conversation(connection: sqlite3.Connection, row: Row) -> JSONObject | None:
    conversation_id, profile, channel_id, contact_id = row
    steps = connection.execute(_STEPS, (channel_id, contact_id, conversation_id)).fetchall()
    if not steps or steps[0][2] is not None or any(step[6] == FORGOTTEN for step in steps):
        return None
    turns: dict[int, JSONObject] = {}
    for event_seq, at, _, answer, message_ids, kind, event in steps:
        turn = turns.setdefault(
            event_seq, {"at": from_micros(at).isoformat(), "event": [kind, event], "answers": [], "said": []}
        )
        answers, said = turn["answers"], turn["said"]
        if answer is not None and isinstance(answers, list):
            answers.append(json.loads(answer))
        if isinstance(said, list):
            said += _bubbles(connection, json.loads(message_ids))
    return {
        "conversation_id": conversation_id,
        "profile": profile,
        "contact_id": contact_id,
        "turns": list[JSON](turns.values()),
    }


def _bubbles(connection: sqlite3.Connection, message_ids: list[str]) -> list[JSON]:
    found = [connection.execute("SELECT output FROM outbox WHERE id = ?", (each,)).fetchone() for each in message_ids]
    return [bubble(json.loads(row[0])) for row in found if row is not None]
