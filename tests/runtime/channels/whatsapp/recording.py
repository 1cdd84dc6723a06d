"""An intake that keeps what it is given, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from runtime.errors import StoreUnavailableError
from runtime.ports.contact_notes import ContactNote
from runtime.ports.inbox import AcceptResult, DeliveryStatus, InboundEnvelope
from tests.runtime.channels.whatsapp.expectations import RECEIVED_AT


@dataclass(slots=True)
class RecordingIntake:
    """``InboundIntake`` without a disk. ``batches`` shows how messages were handed over."""

    batches: list[list[InboundEnvelope]] = field(default_factory=list)
    statuses: list[DeliveryStatus] = field(default_factory=list)
    raw: list[tuple[str, bytes, str]] = field(default_factory=list)
    notes: list[ContactNote] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    is_down: bool = False

    @property
    def texts(self) -> list[str]:
        return [envelope.message.text for batch in self.batches for envelope in batch]

    @property
    def is_untouched(self) -> bool:
        return not (self.batches or self.statuses or self.raw or self.notes)

    async def accept(self, batch: Sequence[InboundEnvelope]) -> AcceptResult:
        self._refuse_when_down()
        self.calls.append("accept")
        self.batches.append([*batch])
        return AcceptResult(len(batch), 0)

    async def keep_raw(self, channel_id: str, body: bytes, reason: str) -> None:
        self._refuse_when_down()
        self.raw.append((channel_id, body, reason))

    async def record_statuses(self, batch: Sequence[DeliveryStatus]) -> None:
        self._refuse_when_down()
        self.statuses += batch

    async def note(self, batch: Sequence[ContactNote]) -> None:
        self._refuse_when_down()
        self.calls.append("note")
        self.notes += batch

    def _refuse_when_down(self) -> None:
        if self.is_down:
            raise StoreUnavailableError("disk full")


class StandingClock:
    """``Clock`` at the moment the tables call now."""

    def now(self) -> datetime:
        return RECEIVED_AT

    def monotonic(self) -> float:
        return 0.0
