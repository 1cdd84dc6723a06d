"""What answers cost: reserved before a question, settled after it, bounded by the month and by the customer's day."""

from connectors.llm.usage.in_memory import InMemoryUsageLedger
from connectors.llm.usage.port import (
    Admission,
    Allowance,
    Asker,
    MonthUse,
    Reservation,
    Settled,
    UsageLedgerPort,
    added,
    month_of,
    reached_marks,
)

__all__ = [
    "Admission",
    "Allowance",
    "Asker",
    "InMemoryUsageLedger",
    "MonthUse",
    "Reservation",
    "Settled",
    "UsageLedgerPort",
    "added",
    "month_of",
    "reached_marks",
]
