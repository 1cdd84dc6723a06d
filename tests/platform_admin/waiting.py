"""Two transactions of PostgreSQL: waiting, without a clock, until one of them stands at the other one's lock."""

from __future__ import annotations

import threading
import time
from typing import Final

import pytest
from django.db import connection

HANGS_SECONDS: Final = 20
_LOOKS_AGAIN_SECONDS: Final = 0.01

_WAITING: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def until_somebody_waits() -> None:
    """For a lock that this transaction holds."""
    hangs = time.monotonic() + HANGS_SECONDS
    while time.monotonic() < hangs:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw at first
            cursor.execute(_WAITING)
            if cursor.fetchone() != (0,):
                return
        threading.Event().wait(_LOOKS_AGAIN_SECONDS)
    pytest.fail("nobody waited for the other one's transaction")
