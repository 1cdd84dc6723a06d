"""From the bytes of an update to a message for the flow, a tap or a notice. Pure: no I/O, no clock."""

from runtime.channels.telegram.inbound.parsed import BlockChanged, Edited, Passed, Tapped, Unreadable, Update, Written
from runtime.channels.telegram.inbound.update import parse_update

__all__ = ["BlockChanged", "Edited", "Passed", "Tapped", "Unreadable", "Update", "Written", "parse_update"]
