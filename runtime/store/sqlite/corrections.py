"""Messages that are changed after they were stored."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Final

from flow_engine.messages import InternalMessage
from runtime.ports.correction_store import CorrectionStore
from runtime.ports.inbox import DeliveryStatus
from runtime.ports.inbox_store import STAFF_WROTE, ContactKey
from runtime.store.event_codec import encode_event, encode_json
from runtime.store.instants import to_micros
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.writer import Writer

MOST_ATTEMPTS: Final = 5
"""Of a message that is opened again: a channel that refuses templates for the same reason must not do so for ever."""

_FIND = "SELECT seq, event, state, steps FROM inbox WHERE channel_id = ? AND kind = 'message' AND message_id = ?"
_REWRITE = "UPDATE inbox SET event = ?, joinable = 0, fingerprint = 0 WHERE seq = ?"
_SKIP = "UPDATE inbox SET state = 'done', finished_at = ? WHERE seq = ? AND state = 'pending' AND steps = 0"

_WITHHOLD = """
    UPDATE outbox SET state = 'dead', error = ?, updated_at = ?
    WHERE channel_id = ? AND contact_id = ? AND state = 'pending' AND initiated = 0
"""

STAFF_HAS_WRITTEN: Final = f"""
    EXISTS (SELECT 1 FROM inbox AS told INDEXED BY inbox_open
        WHERE told.channel_id = :channel_id AND told.contact_id = :contact_id
        AND told.state = 'pending' AND told.state IN ('pending', 'claimed') AND told.kind = 'task'
        AND json_extract(told.event, '$.task') = '{STAFF_WROTE}')
"""  # noqa: S608 - a constant of ours
"""Whether somebody of the business has written to a contact since."""

_ADDRESSEE = """
    SELECT contact_id FROM outbox WHERE channel_id = ? AND (id = ? OR provider_message_id = ?) LIMIT 1
"""

# The report of the failure stays; the next attempt has another id at the provider.
_SEND_AGAIN = """
    UPDATE outbox SET state = 'pending', delivery = NULL, provider_message_id = NULL, not_before = 0, updated_at = :at
    WHERE channel_id = :channel_id AND (id = :our_id OR provider_message_id = :provider_id) AND state = 'dead'
        AND delivery = 'failed' AND attempts < :most AND json_extract(output, '$.kind') = 'template'
    RETURNING contact_id
"""

STAFF_ANSWERED: Final = "withheld: somebody of the business was answering"


class SQLiteCorrectionStore(CorrectionStore):
    """See ``CorrectionStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def edit(self, channel_id: str, original_id: str, message: InternalMessage) -> bool:
        def work(connection: sqlite3.Connection) -> bool:
            found = connection.execute(_FIND, (channel_id, original_id)).fetchone()
            if found is None:
                return False
            seq, text, state, steps = found
            before, after = json.loads(text), json.loads(encode_event(message)[1])
            kept = {key: before[key] for key in ("id", "contact_id", "sent_at")}
            if state != "pending" or steps:
                after["content"]["edited_from"] = before["text"]
            connection.execute(_REWRITE, (encode_json({**before, **after, **kept}), seq))
            return True

        return await self._writer.write(work)

    async def revoke(self, channel_id: str, original_id: str, *, at: datetime) -> bool:
        def work(connection: sqlite3.Connection) -> bool:
            found = connection.execute(_FIND, (channel_id, original_id)).fetchone()
            if found is None:
                return False
            event = json.loads(found[1]) | {"text": "", "payload": None, "content": {"revoked": True}}
            connection.execute(_REWRITE, (encode_json(event), found[0]))
            connection.execute(_SKIP, (to_micros(at), found[0]))
            return True

        return await self._writer.write(work)

    async def withhold_replies(self, contact: ContactKey, reason: str, *, at: datetime) -> int:
        row = (reason, to_micros(at), contact.channel_id, contact.contact_id)
        return await self._writer.write(lambda connection: connection.execute(_WITHHOLD, row).rowcount)

    async def addressee_of(self, status: DeliveryStatus) -> ContactKey | None:
        ids = (status.our_id, status.provider_message_id)
        found = self._reader.row(_ADDRESSEE, status.channel_id, *ids)
        return None if found is None else ContactKey(status.channel_id, found[0])

    async def send_as_template(self, status: DeliveryStatus, *, at: datetime) -> ContactKey | None:
        values = {
            "at": to_micros(at),
            "channel_id": status.channel_id,
            "our_id": status.our_id,
            "provider_id": status.provider_message_id,
            "most": MOST_ATTEMPTS,
        }
        found = await self._writer.write(lambda connection: connection.execute(_SEND_AGAIN, values).fetchone())
        return None if found is None else ContactKey(status.channel_id, found[0])


def staff_has_written(connection: sqlite3.Connection, contact: ContactKey) -> bool:
    key = {"channel_id": contact.channel_id, "contact_id": contact.contact_id}
    return bool(connection.execute(f"SELECT {STAFF_HAS_WRITTEN}", key).fetchone()[0])


def withhold_replies(connection: sqlite3.Connection, contact: ContactKey, at: int) -> None:
    """A turn was still under way when somebody of the business wrote: its answers stay here."""
    connection.execute(_WITHHOLD, (STAFF_ANSWERED, at, contact.channel_id, contact.contact_id))
