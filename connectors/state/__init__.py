"""What connectors keep between two calls: the ports they declare, and twins of them that live in memory.

A runtime gives its own store; a test or a simulation gives ``ConnectorState()``.
"""

from connectors.state.appointment_ledger import AppointmentLedgerPort
from connectors.state.connector_state import ConnectorState
from connectors.state.in_memory import InMemoryAppointmentLedger, InMemorySyncState
from connectors.state.ledger_row import (
    AppointmentChange,
    Attendance,
    Booking,
    ChangeKind,
    ConfirmedAppointment,
    Lane,
    LedgerRow,
    Stage,
)
from connectors.state.sync_state import SyncStatePort

__all__ = [
    "AppointmentChange",
    "AppointmentLedgerPort",
    "Attendance",
    "Booking",
    "ChangeKind",
    "ConfirmedAppointment",
    "ConnectorState",
    "InMemoryAppointmentLedger",
    "InMemorySyncState",
    "Lane",
    "LedgerRow",
    "Stage",
    "SyncStatePort",
]
