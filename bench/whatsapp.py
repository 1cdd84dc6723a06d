"""What reading a webhook costs: from its bytes to typed messages, statuses and notices; ours and pywa's.

Both read the same bodies, one after the other in every round. A body counts only if pywa makes something of it. Ours
walks every entry, change, message and status; pywa reads the first of each. What pywa exposes and the flow does not
hear stands in ``InboundEnvelope.details``, ``DeliveryStatus.details`` and ``Notice.value``.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.figure import Figure, figure
from bench.peers.by_pywa import PywaReader
from runtime.channels.whatsapp.inbound import ParsedWebhook, parse_webhook
from tests.fakes import webhook_bodies

ROUNDS: Final = 31
PASSES_PER_ROUND: Final = 10
USER_ID: Final = "US.13491208655302741918"
RECEIVED_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)

PARSE: Final = "no promise: microseconds a body, median over the published bodies"
AGAINST_PYWA: Final = ">= 3 times as fast as pywa on the bodies that pywa reads, in the same run"


def main() -> Iterable[Figure]:
    pywa = PywaReader()
    bodies = [body for body in _bodies() if pywa.can_read(body)]
    if not bodies:
        raise AssertionError("there is nothing to read")
    for body in bodies:
        _assert_found(body)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_us_per_body(_parse, bodies))
        theirs.append(_us_per_body(pywa.read, bodies))
    ratios = [their / our for our, their in zip(ours, theirs, strict=True)]
    yield figure("whatsapp.parse_us", ours, unit="us", against=PARSE)
    yield figure(
        "whatsapp.pywa_parse_us", theirs, unit="us", against=f"the other side of the ratio; {len(bodies)} bodies"
    )
    yield figure("whatsapp.vs_pywa_parse", ratios, unit="ratio", against=AGAINST_PYWA)


def _us_per_body(read: Callable[[bytes], object], bodies: Sequence[bytes]) -> float:
    began = time.process_time()  # it only computes; wall time would measure the neighbours
    for _ in range(PASSES_PER_ROUND):
        for body in bodies:
            read(body)
    return (time.process_time() - began) / (PASSES_PER_ROUND * len(bodies)) * 1_000_000


def _parse(body: bytes) -> object:
    return parse_webhook(body, channel_of=_channel_of, received_at=RECEIVED_AT)


def _channel_of(phone_number_id: str) -> str | None:
    return f"whatsapp:{phone_number_id}" if phone_number_id else None


def _assert_found(body: bytes) -> None:
    """A reader that finds nothing is fast."""
    found = _parse(body)
    if not isinstance(found, ParsedWebhook) or not (found.messages or found.statuses or found.notices):
        raise AssertionError(f"nothing was found in {body[:200]!r}")


def _as_sent_today(body: bytes) -> bytes:
    """Most published bodies are older than user ids. Since 2026 they come with every contact, and pywa needs them."""
    document = json.loads(body)
    for entry in document.get("entry", []):
        for change in entry.get("changes", []):
            _add_user_ids(change.get("value", {}))
    return webhook_bodies.encode(document)


def _add_user_ids(value: dict[str, Any]) -> None:
    if not value.get("messages") and not value.get("statuses"):
        return
    for contact in value.setdefault("contacts", [{"profile": {"name": "Sheena Nelson"}, "wa_id": "16505551234"}]):
        contact.setdefault("user_id", USER_ID)
    for message in value.get("messages", []):
        message.setdefault("from_user_id", USER_ID)
    for status in value.get("statuses", []):
        status.setdefault("recipient_user_id", USER_ID)


def _bodies() -> list[bytes]:
    """The published ones where they are at hand, as for the tests (``FRONTDESK_TEST_DATA``), else a few of our own."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("FRONTDESK_TEST_DATA") or beside) / "whatsapp"
    files = sorted({*folder.glob("*/webhook__*.json"), *folder.glob("vaam_bsuid/*.json")}) if folder.is_dir() else []
    if files:
        return [_as_sent_today(file.read_bytes()) for file in files]
    writer = webhook_bodies.Writer()
    return [
        webhook_bodies.batch([webhook_bodies.text(writer, "Hola, quería pedir cita para mañana")]),
        webhook_bodies.batch([webhook_bodies.tap(writer, "button_reply", "menu_book", "Pedir cita")]),
        webhook_bodies.batch([webhook_bodies.tap(writer, "list_reply", "day_2026-12-01", "Mar 1 diciembre")]),
        webhook_bodies.batch([webhook_bodies.status(writer.phone_number_id, "wamid.1", "delivered", writer.phone)]),
    ]
