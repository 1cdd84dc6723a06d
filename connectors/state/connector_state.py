"""``ConnectorState``: the ports together, as a binding is given them."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.state.appointment_ledger import AppointmentLedgerPort
from connectors.state.in_memory import InMemoryAppointmentLedger, InMemorySyncState
from connectors.state.sync_state import SyncStatePort


@dataclass(frozen=True, slots=True)
class ConnectorState:
    """Without arguments: in memory, gone with the object."""

    appointments: AppointmentLedgerPort = field(default_factory=InMemoryAppointmentLedger)
    sync: SyncStatePort = field(default_factory=InMemorySyncState)
