"""One element of ``value.statuses``: how far a message of ours got."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from connectors.whatsapp import find_class
from flow_engine.vocabulary import JSON, JSONObject
from runtime.channels.reading import as_list, as_object, as_text, as_time
from runtime.channels.whatsapp.inbound.parsed import Notice, NoticeKind
from runtime.ports.inbox import DeliveryState, DeliveryStatus, DeliveryVerdict

FIELD: Final = "messages"
STATES: Final = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "played": DeliveryState.READ,  # a voice note was listened to
    "failed": DeliveryState.FAILED,
}
VERDICTS: Final = {"131047": DeliveryVerdict.WINDOW_CLOSED, "131050": DeliveryVerdict.OPTED_OUT}
"""By Meta's code: what a failure says about the customer."""


def read_status(raw: JSON, channel_id: str, received_at: datetime) -> DeliveryStatus | Notice:
    """Other states (``deleted`` has been seen) say nothing about delivery and become a notice."""
    report = as_object(raw)
    message_id, state = as_text(report.get("id")), STATES.get(as_text(report.get("status")))
    if not message_id:
        return Notice(NoticeKind.UNREADABLE, FIELD, channel_id=channel_id)
    if state is None:
        unknown: JSONObject = {"status": as_text(report.get("status"))}
        return Notice(NoticeKind.UNKNOWN_STATUS, FIELD, None, unknown, None, channel_id, report)
    code, reason = _error_of(report.get("errors")) if state is DeliveryState.FAILED else (None, "")
    return DeliveryStatus(  # every field by position: see quick_init
        channel_id,
        message_id,
        state,
        as_time(report.get("timestamp"), received_at),
        as_text(report.get("biz_opaque_callback_data")) or None,
        code,
        reason,
        VERDICTS.get(code) if code is not None else None,
        report,
    )


def _error_of(errors: JSON) -> tuple[str | None, str]:
    """Meta's code, and our sentence for it; Meta's own title where the code is new to us."""
    for error in as_list(errors):
        facts = as_object(error)
        code = facts.get("code")
        error_class = find_class(code) if isinstance(code, int) else None
        meaning = error_class.meaning if error_class is not None else as_text(facts.get("title"))
        return as_text(code) or None, meaning
    return None, ""
