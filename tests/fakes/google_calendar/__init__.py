"""A Google Calendar over loopback: the part of v3 that we use, strict, and failing on command."""

from tests.fakes.google_calendar.account import KeyFile, make_key_file
from tests.fakes.google_calendar.faults import Fault
from tests.fakes.google_calendar.server import FakeGoogle

__all__ = ["FakeGoogle", "Fault", "KeyFile", "make_key_file"]
