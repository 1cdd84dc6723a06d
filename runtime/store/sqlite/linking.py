"""Two ids of one customer, seen in one message: many such pairs by two statements.

A busy webhook brings many new customers at once, and each of them comes with a user id and a phone number.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from runtime.store.event_codec import encode_json
from runtime.store.sqlite.consent import move_wishes
from runtime.store.sqlite.contact_move import has_rows, move_contact, presence
from runtime.store.sqlite.known_ids import KnownIds

KNOWN_AS: Final = """
    SELECT contact_id, until FROM contact_alias WHERE channel_id = ? AND alias = ? AND (until IS NULL OR until > ?)
"""
LINK: Final = """
    INSERT INTO contact_alias (channel_id, alias, contact_id, since, until) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (channel_id, alias) DO UPDATE SET
        contact_id = excluded.contact_id, since = excluded.since, until = excluded.until
"""
_UNKNOWN: Final = """
    WITH pair AS MATERIALIZED (SELECT key, value ->> 0 AS channel_id, value ->> 1 AS contact_id FROM json_each(?))
    SELECT json_group_array(json_array(key, {presence})) FROM pair WHERE NOT EXISTS (
        SELECT 1 FROM contact_alias AS known
        WHERE known.channel_id = pair.channel_id AND known.alias = pair.contact_id)
"""
"""Of the pairs whose alias is none yet the places, each with whether anything is kept under that id."""
_LINK_ALL: Final = """
    INSERT INTO contact_alias (channel_id, alias, contact_id, since)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """``alias`` is ``contact_id`` too, seen ``at`` (microseconds)."""

    channel_id: str
    alias: str
    contact_id: str
    at: int


@dataclass(slots=True)
class Linking:
    """Inside the writer's transaction. Each answer says whether something was moved to the contact."""

    known: KnownIds
    unknown: str = field(default="", init=False)
    """``_UNKNOWN`` over the tables of the file, made for the first who come together."""

    def alone(self, connection: sqlite3.Connection, pair: Pair) -> bool:
        channel_id, alias, contact_id = pair.channel_id, pair.alias, pair.contact_id
        known = connection.execute(KNOWN_AS, (channel_id, alias, pair.at)).fetchone()
        if known is not None and known[0] == contact_id:
            return False
        self.known.aliases.mark(channel_id, alias)
        self.known.forget(channel_id, alias)
        connection.execute(LINK, (channel_id, alias, contact_id, pair.at, None))
        if known is not None or not has_rows(connection, channel_id, alias):
            return False
        self._move(connection, pair)
        return True

    def together(self, connection: sqlite3.Connection, pairs: Sequence[Pair]) -> list[bool]:
        """Pairs of people who have nothing to do with each other at once; any others in turn."""
        ids = {(pair.channel_id, some_id) for pair in pairs for some_id in (pair.alias, pair.contact_id)}
        if len(ids) < 2 * len(pairs) or any("\0" in some_id for _, some_id in ids):  # SQLite ends a text in JSON there
            return [self.alone(connection, pair) for pair in pairs]
        rows = [(pair.channel_id, pair.alias, pair.contact_id, pair.at) for pair in pairs]
        self.unknown = self.unknown or _UNKNOWN.format(presence=presence(connection))
        kept = dict(json.loads(connection.execute(self.unknown, (encode_json(rows),)).fetchone()[0]))
        if kept:
            fresh = rows if len(kept) == len(rows) else [row for place, row in enumerate(rows) if place in kept]
            connection.execute(_LINK_ALL, (encode_json(fresh),))
        return [
            self._moved(connection, pair, kept[place]) if place in kept else self.alone(connection, pair)
            for place, pair in enumerate(pairs)
        ]

    def _moved(self, connection: sqlite3.Connection, pair: Pair, kept: int) -> bool:
        self.known.aliases.mark(pair.channel_id, pair.alias)
        self.known.forget(pair.channel_id, pair.alias)
        if kept:
            self._move(connection, pair)
        return bool(kept)

    def _move(self, connection: sqlite3.Connection, pair: Pair) -> None:
        self.known.forget_all()
        move(connection, pair.channel_id, pair.alias, pair.contact_id)


def move(connection: sqlite3.Connection, channel_id: str, previous: str, current: str) -> None:
    """Everything of ``previous``, its wishes and its aliases too."""
    move_contact(connection, channel_id, previous, current)
    move_wishes(connection, channel_id, previous, current)
    connection.execute(
        "UPDATE contact_alias SET contact_id = ? WHERE channel_id = ? AND contact_id = ?",
        (current, channel_id, previous),
    )
