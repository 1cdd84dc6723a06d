"""``CalDavAdapter``: the calendar family over CalDAV."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from connectors.binding import Binding
from connectors.calendar.caldav.client import DavClient
from connectors.calendar.caldav.config import CalDavConfig
from connectors.calendar.caldav.dav_events import DavEvents
from connectors.calendar.ledgered import LedgeredCalendar
from connectors.calendar.scheduling_options import read_settings
from connectors.kernel.options import read_options

CATEGORIES = frozenset({"calendar"})
CONFIG = CalDavConfig


class CalDavAdapter(LedgeredCalendar):
    """See ``LedgeredCalendar``; its events are files of a CalDAV server."""


def build(binding: Binding) -> CalDavAdapter:
    """Raises ``ConnectorConfigError``. Opens no connection."""
    config = read_options(CalDavConfig, binding.options, binding.path)
    settings = read_settings(config, binding.business)
    client = DavClient(binding.guarded_http, config.url, config.username, config.password)
    return CalDavAdapter(settings, binding.state, DavEvents(client, ZoneInfo(config.timezone), binding.clock))
