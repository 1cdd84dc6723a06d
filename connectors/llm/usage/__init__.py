"""What answers may cost: reserved before a call, settled after it."""

from connectors.llm.usage.in_memory import InMemoryUsageLedger
from connectors.llm.usage.port import MonthUse, Reservation, UsageLedgerPort, crossed_marks, month_of

__all__ = ["InMemoryUsageLedger", "MonthUse", "Reservation", "UsageLedgerPort", "crossed_marks", "month_of"]
