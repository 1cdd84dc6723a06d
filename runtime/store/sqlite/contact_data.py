"""Everything about one contact, in the live file."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from flow_engine.vocabulary import JSON, JSONObject
from runtime.ports.clock import Clock
from runtime.ports.contact_data import ContactData, Erased
from runtime.ports.inbox_store import ContactKey
from runtime.store.instants import to_micros
from runtime.store.sqlite.connection import open_reader
from runtime.store.sqlite.erasure import count_traces, erase_contact, tables_of
from runtime.store.sqlite.known_ids import KnownIds
from runtime.store.sqlite.writer import Writer


class SQLiteContactData(ContactData):
    """Reading walks through the file on a connection and a thread of its own, so that nobody waits for it."""

    def __init__(self, path: Path, writer: Writer, clock: Clock, known: KnownIds) -> None:
        self._known = known
        self._path = path
        self._writer = writer
        self._clock = clock

    async def collect(self, contact: ContactKey) -> Mapping[str, list[JSONObject]]:
        return await asyncio.to_thread(_collect, self._path, contact)

    async def fold_log(self) -> None:
        await self._writer.fold_log()

    async def erase(self, contact: ContactKey) -> Erased:
        at = to_micros(self._clock.now())

        def work(connection: sqlite3.Connection) -> tuple[Mapping[str, int], int]:
            self._known.forget_all()
            return erase_contact(connection, contact, at)

        rows, hashed = await self._writer.write(work)
        self._known.forget_all()
        await self._writer.fold_log()
        return Erased(rows, hashed, await asyncio.to_thread(_traces, self._path, contact.contact_id))


def _collect(path: Path, contact: ContactKey) -> dict[str, list[JSONObject]]:
    key = {"channel_id": contact.channel_id, "contact_id": contact.contact_id}
    with contextlib.closing(open_reader(path)) as connection:
        connection.row_factory = sqlite3.Row
        found = {
            table: connection.execute(f"SELECT * FROM {table} WHERE {where}", key).fetchall()  # noqa: S608 - a name from the schema
            for table, where in tables_of(connection)
        }
    return {table: [_as_json(row) for row in rows] for table, rows in found.items() if rows}


def _as_json(row: sqlite3.Row) -> JSONObject:
    return {name: _plain(row[name]) for name in row.keys()}  # noqa: SIM118 - a Row is not iterated by name


def _plain(value: object) -> JSON:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _traces(path: Path, contact_id: str) -> int:
    with contextlib.closing(open_reader(path)) as connection:
        return count_traces(connection, contact_id)
