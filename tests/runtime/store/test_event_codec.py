"""A message as it is written: its time in UTC as ``isoformat`` has it, by whichever library, and read back the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import MessageType
from runtime.store.event_codec import MESSAGE, decode_event, encode_event

AT = datetime(2026, 1, 1, 2, 3, 4, tzinfo=UTC)
WRITTEN = InternalMessage("m1", "ES.1", MessageType.TEXT, AT, "hola", contact_name="Lucía", contact_phone="34600")
HALF_A_PAIR = "\ud83d"
"""Which ``orjson`` knows nothing of: the standard library writes it."""


@pytest.mark.parametrize("text", [pytest.param("hola", id="by orjson"), pytest.param(HALF_A_PAIR, id="by json")])
@pytest.mark.parametrize(
    ("sent_at", "written"),
    [
        pytest.param(AT, "2026-01-01T02:03:04+00:00", id="whole seconds"),
        pytest.param(AT.replace(microsecond=56), "2026-01-01T02:03:04.000056+00:00", id="microseconds"),
        pytest.param(
            AT.astimezone(timezone(timedelta(hours=5, minutes=30))), "2026-01-01T02:03:04+00:00", id="another zone"
        ),
        pytest.param(datetime(9999, 12, 31, tzinfo=UTC), "9999-12-31T00:00:00+00:00", id="the last year"),
        pytest.param(datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00+00:00", id="the first year"),
    ],
)
def test_a_time_is_written_in_utc(sent_at: datetime, written: str, text: str) -> None:
    message = replace(WRITTEN, sent_at=sent_at, text=text)
    kind, event = encode_event(message)
    assert (kind, json.loads(event)["sent_at"], json.loads(event)["type"]) == (MESSAGE, written, "text")
    assert decode_event(kind, event) == message
