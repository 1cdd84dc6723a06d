"""The id under which a due task enters the inbox: once per contact, key and due time."""

from __future__ import annotations

import json

from runtime.ports.inbox_store import ContactKey, DueTask
from runtime.store.instants import to_micros


def event_id(contact: ContactKey, task: DueTask) -> str:
    """JSON, so that no contact id or key can be cut in two ways."""
    return json.dumps([contact.contact_id, task.idempotency_key, to_micros(task.due_at)], ensure_ascii=False)
