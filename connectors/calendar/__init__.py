"""Appointments: what a flow can ask of a calendar, whoever keeps it."""

from connectors.calendar.mock_calendar.adapter import MockCalendarAdapter
from connectors.calendar.port import CalendarConnector

__all__ = ["CalendarConnector", "MockCalendarAdapter"]
