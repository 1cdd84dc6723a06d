"""Messages that are changed after they were stored, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import Template
from runtime.ports.correction_store import CorrectionStore
from runtime.ports.inbox import DeliveryState, DeliveryStatus
from runtime.ports.inbox_store import STAFF_WROTE, ContactKey, DueTask
from runtime.store.event_codec import MESSAGE
from runtime.store.in_memory.tables import InboxRow, OutboxRow, Tables

MOST_ATTEMPTS = 5
STAFF_ANSWERED = "withheld: somebody of the business was answering"


class InMemoryCorrectionStore(CorrectionStore):
    """See ``CorrectionStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def edit(self, channel_id: str, original_id: str, message: InternalMessage) -> bool:
        found = self._message(channel_id, original_id)
        if found is None:
            return False
        row, before = found
        kept = {"id": before.id, "contact_id": before.contact_id, "sent_at": before.sent_at}
        answered = row.state != "pending" or bool(row.steps)
        content = {**message.content, "edited_from": before.text} if answered else message.content
        row.event = replace(message, content=content, **kept)  # type: ignore[arg-type]  # a table's keywords
        row.joinable = False
        return True

    async def revoke(self, channel_id: str, original_id: str, *, at: datetime) -> bool:
        found = self._message(channel_id, original_id)
        if found is None:
            return False
        row, before = found
        row.event = replace(before, text="", payload=None, content={"revoked": True})
        row.joinable = False
        if row.state == "pending" and not row.steps:
            row.state = "done"
        return True

    async def withhold_replies(self, contact: ContactKey, reason: str, *, at: datetime) -> int:
        return withhold(self._tables, contact, reason)

    async def addressee_of(self, status: DeliveryStatus) -> ContactKey | None:
        row = self._sent(status)
        return None if row is None else row.contact

    async def send_as_template(self, status: DeliveryStatus, *, at: datetime) -> ContactKey | None:
        row = self._sent(status)
        if row is None or row.state != "dead" or row.delivery is not DeliveryState.FAILED:
            return None
        if row.attempts >= MOST_ATTEMPTS or not isinstance(row.output, Template):
            return None
        row.state, row.delivery, row.provider_message_id, row.not_before = "pending", None, None, None
        return row.contact

    def _message(self, channel_id: str, original_id: str) -> tuple[InboxRow, InternalMessage] | None:
        row = self._tables.inbox.get((channel_id, MESSAGE, original_id))
        return (row, row.event) if row is not None and isinstance(row.event, InternalMessage) else None

    def _sent(self, status: DeliveryStatus) -> OutboxRow | None:
        for row in self._tables.outbox.values():
            ours = row.id == status.our_id or row.provider_message_id == status.provider_message_id
            if ours and row.contact.channel_id == status.channel_id:
                return row
        return None


def withhold(tables: Tables, contact: ContactKey, reason: str) -> int:
    """Give up what waits to answer this contact; how much."""
    waiting = [
        row for row in tables.outbox.values() if row.contact == contact and row.state == "pending" and not row.initiated
    ]
    for row in waiting:
        row.state, row.error = "dead", reason
    return len(waiting)


def withhold_if_staff_wrote(tables: Tables, contact: ContactKey) -> None:
    """A turn was still under way when somebody of the business wrote: its answers stay here."""
    wrote = any(
        row.contact == contact
        and row.state == "pending"
        and isinstance(row.event, DueTask)
        and row.event.task == STAFF_WROTE
        for row in tables.inbox.values()
    )
    if wrote:
        withhold(tables, contact, STAFF_ANSWERED)
