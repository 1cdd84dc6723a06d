"""A ledger's row as plain JSON and back: for stores, and for the change that is kept until its customer is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from connectors.plain_json import JSONObject
from connectors.state.ledger_row import Attendance, Booking, Lane, LedgerRow, Stage


def encode_row(row: LedgerRow) -> JSONObject:
    """Everything of ``row``; instants in ISO 8601, UTC."""
    return {
        "booking": encode_booking(row.booking),
        "stage": row.stage.value,
        "updated_at": _instant(row.updated_at),
        "attempt": row.attempt,
        "attendance": row.attendance.value,
        "provider_id": row.provider_id,
        "version": row.version,
        "loose": row.loose,
    }


def decode_row(value: Any) -> LedgerRow:  # noqa: ANN401 - what our own encoder wrote
    """The row ``encode_row`` wrote."""
    return LedgerRow(
        booking=decode_booking(value["booking"]),
        stage=Stage(value["stage"]),
        updated_at=datetime.fromisoformat(value["updated_at"]),
        attempt=value["attempt"],
        attendance=Attendance(value["attendance"]),
        provider_id=value["provider_id"],
        version=value["version"],
        loose=value["loose"],
    )


def encode_booking(booking: Booking) -> JSONObject:
    """Everything of ``booking``."""
    return {
        "event_id": booking.event_id,
        "key": booking.key,
        "contact_id": booking.contact_id,
        "service": booking.service,
        "starts_at": _instant(booking.starts_at),
        "ends_at": _instant(booking.ends_at),
        "blocks_from": _instant(booking.blocks_from),
        "blocks_until": _instant(booking.blocks_until),
        "lanes": [{"id": lane.id, "capacity": lane.capacity} for lane in booking.lanes],
        "calendar": booking.calendar,
        "staff": booking.staff,
        "contact_name": booking.contact_name,
        "notes": booking.notes,
        "replaces": booking.replaces,
    }


def decode_booking(value: Any) -> Booking:  # noqa: ANN401 - what our own encoder wrote
    """The booking ``encode_booking`` wrote."""
    moment = datetime.fromisoformat
    return Booking(
        event_id=value["event_id"],
        key=value["key"],
        contact_id=value["contact_id"],
        service=value["service"],
        starts_at=moment(value["starts_at"]),
        ends_at=moment(value["ends_at"]),
        blocks_from=moment(value["blocks_from"]),
        blocks_until=moment(value["blocks_until"]),
        lanes=tuple(Lane(lane["id"], lane["capacity"]) for lane in value["lanes"]),
        calendar=value["calendar"],
        staff=value["staff"],
        contact_name=value["contact_name"],
        notes=value["notes"],
        replaces=value["replaces"],
    )


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
