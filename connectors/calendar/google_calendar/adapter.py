"""``GoogleCalendarAdapter``: the calendar family over Google Calendar."""

from __future__ import annotations

from connectors.binding import Binding
from connectors.calendar.google_calendar.access_token import AccessToken
from connectors.calendar.google_calendar.client import GoogleClient, GoogleEndpoints
from connectors.calendar.google_calendar.config import GoogleCalendarConfig
from connectors.calendar.google_calendar.google_events import GoogleEvents
from connectors.calendar.ledgered import LedgeredCalendar
from connectors.calendar.scheduling_options import read_settings
from connectors.kernel.options import read_options

CATEGORIES = frozenset({"calendar"})
CONFIG = GoogleCalendarConfig

_GOOGLE = GoogleEndpoints()


class GoogleCalendarAdapter(LedgeredCalendar):
    """See ``LedgeredCalendar``; its events are Google's."""


def build(binding: Binding, endpoints: GoogleEndpoints = _GOOGLE) -> GoogleCalendarAdapter:
    """Raises ``ConnectorConfigError``. The credential is looked at when it is first used, or probed."""
    config = read_options(GoogleCalendarConfig, binding.options, binding.path)
    config.check(binding.path)
    settings = read_settings(config, binding.business, calendar=config.calendar_id)
    token = AccessToken(
        binding.http, endpoints.token, binding.clock, key_file=config.credentials, path=config.credentials_path
    )
    client = GoogleClient(binding.http, token, quota_of=config.calendar_id, api=endpoints.api)
    return GoogleCalendarAdapter(settings, binding.state, GoogleEvents(client))
