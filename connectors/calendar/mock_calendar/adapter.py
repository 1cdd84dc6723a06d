"""``MockCalendarAdapter``: a calendar without a provider. What is booked stands in the ledger, and there alone.

Deterministic: no randomness and no clock of its own; "now" is when the call was decided.
"""

from __future__ import annotations

from connectors.binding import Binding
from connectors.calendar.events import CalendarEvents
from connectors.calendar.ledgered import LedgeredCalendar
from connectors.calendar.mock_calendar.config import MockCalendarConfig, read_mock_settings
from connectors.calendar.settings import CalendarSettings
from connectors.kernel.options import read_options
from connectors.plain_json import ReadOnlyJSON
from connectors.state import ConnectorState

CATEGORIES = frozenset({"calendar"})
CONFIG = MockCalendarConfig


class MockCalendarAdapter(LedgeredCalendar):
    """Without arguments: a small shop whose bookings end with the object."""

    def __init__(
        self,
        settings: CalendarSettings | None = None,
        state: ConnectorState | None = None,
        events: CalendarEvents | None = None,
    ) -> None:
        super().__init__(settings or read_mock_settings(MockCalendarConfig(), {}), state or ConnectorState(), events)


def build(binding: Binding) -> MockCalendarAdapter:
    """In the ledger, or against the server at ``base_url``."""
    config, settings = read_block(binding.options, binding.business, binding.path)
    if not config.base_url:
        return MockCalendarAdapter(settings, binding.state)
    from connectors.calendar.mock_calendar.http_events import HttpEvents  # noqa: PLC0415 - brings HTTP along, rarely used

    return MockCalendarAdapter(settings, binding.state, HttpEvents(binding.guarded_http, config.base_url))


def read_block(options: ReadOnlyJSON, business: ReadOnlyJSON, path: str) -> tuple[MockCalendarConfig, CalendarSettings]:
    """Raises ``ConnectorConfigError`` with every fault of both."""
    config = read_options(MockCalendarConfig, options, path)
    return config, read_mock_settings(config, business)
