"""The table of commands."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from flow_engine.vocabulary import JSONObject
from runtime.ports.command_store import BegunCommand, Command, CommandResult, CommandStore
from runtime.ports.telemetry_store import Entry, EntryKind
from runtime.store.event_codec import encode_json
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.reader import Reader, Row
from runtime.store.sqlite.telemetry import add_entries, entry_row
from runtime.store.sqlite.writer import Writer

_RECEIVE = """
    INSERT INTO command (id, kind, payload, issued_at, expires_at, received_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING
"""

_NEXT = """
    SELECT id FROM command
    WHERE state IN ('received', 'begun') AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY received_at, id LIMIT 1
"""

_BEGIN = """
    UPDATE command SET state = 'begun', beginnings = beginnings + 1 WHERE id = ?
    RETURNING id, kind, payload, issued_at, expires_at, beginnings
"""

_FINISH = """
    UPDATE command SET state = ?, payload = '{}', finished_at = ? WHERE id = ? AND state = 'begun'
"""


class SQLiteCommandStore(CommandStore):
    """See ``CommandStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def receive(self, commands: Sequence[Command], *, at: datetime) -> int:
        rows = [
            (
                command.id,
                command.kind,
                encode_json(command.payload),
                to_micros(command.issued_at),
                None if command.expires_at is None else to_micros(command.expires_at),
                to_micros(at),
            )
            for command in commands
        ]
        if all(self._reader.row("SELECT 1 FROM command WHERE id = ?", row[0]) for row in rows):
            return 0  # they come again with every answer until their result has been acknowledged

        def work(connection: sqlite3.Connection) -> int:
            return sum(connection.execute(_RECEIVE, row).rowcount for row in rows)

        return await self._writer.write(work)

    async def begin(self, *, leaving_out: AbstractSet[str] = frozenset()) -> BegunCommand | None:
        under_way = encode_json(sorted(leaving_out))
        if self._reader.row(_NEXT, under_way) is None:
            return None

        def work(connection: sqlite3.Connection) -> Row | None:
            following = connection.execute(_NEXT, (under_way,)).fetchone()
            if following is None:
                return None
            begun: Row = connection.execute(_BEGIN, following).fetchall()[0]
            return begun

        row = await self._writer.write(work)
        if row is None:
            return None
        command_id, kind, payload, issued_at, expires_at, beginnings = row
        expires = None if expires_at is None else from_micros(expires_at)
        return BegunCommand(Command(command_id, kind, json.loads(payload), from_micros(issued_at), expires), beginnings)

    async def finish(self, command_id: str, result: CommandResult, *, at: datetime) -> None:
        body: JSONObject = {
            "id": command_id,
            "status": result.status.value,
            "detail": result.detail,
            "result": result.result,
        }
        entry = entry_row(Entry(EntryKind.COMMAND_RESULT, body, at))

        def work(connection: sqlite3.Connection) -> None:
            if connection.execute(_FINISH, (result.status.value, to_micros(at), command_id)).rowcount:
                add_entries(connection, [entry])

        await self._writer.write(work)

    async def forget_ended(self, *, before: datetime) -> int:
        sql = "DELETE FROM command WHERE finished_at < ?"
        return await self._writer.write(lambda connection: connection.execute(sql, (to_micros(before),)).rowcount)
