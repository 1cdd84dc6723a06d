"""``compute_slots``: free times out of opening hours and what is busy. Pure, and the same for every calendar."""

from connectors.calendar.slots import Agenda, Occupancy, SlotRules, compute_slots

__all__ = ["Agenda", "Occupancy", "SlotRules", "compute_slots"]
