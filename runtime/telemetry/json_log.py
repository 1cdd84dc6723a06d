"""One log line is one JSON object: ``at, level, logger, message``, ``turn`` while one is worked on, and ``error``.

``turn`` is the number that ends the turn's id in reports. Of extra fields only the allowed ones get through.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final, TextIO

from runtime.telemetry.redaction import Redactor
from runtime.telemetry.turn_context import present_turn

MESSAGE_CHARS: Final = 2000
"""A longer message is data, not a message."""
ERROR_CHARS: Final = 8000
"""A stack of some forty frames."""

FIELDS: Final = frozenset(
    {"tenant", "turn", "event", "contact_id", "channel", "serial", "code", "connector", "operation", "outcome"}
    | {"attempt", "duration_ms", "status", "build", "version"}
)
"""The only extras that get through. What is not named here cannot leak by accident."""


class JSONFormatter(logging.Formatter):
    """Cleans everything it writes. ``json.dumps`` escapes line breaks and terminal codes, so a line stays a line."""

    def __init__(self, redactor: Redactor, *, tenant: str = "") -> None:
        super().__init__()
        self._redactor = redactor
        self._tenant = tenant

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._redactor.clean(_message(record))[:MESSAGE_CHARS],
        }
        if self._tenant:
            line["tenant"] = self._tenant
        if (turn := present_turn()) is not None:
            line["turn"] = turn
        for name in FIELDS & record.__dict__.keys():
            line[name] = self._field(name, record.__dict__[name])
        if record.exc_info:
            # The end of a traceback tells more than its beginning.
            line["error"] = self._redactor.clean(self.formatException(record.exc_info))[-ERROR_CHARS:]
        return json.dumps(line, ensure_ascii=True)

    def _field(self, name: str, value: object) -> object:
        if name == "contact_id":
            return self._redactor.contact(str(value))
        if value is None or isinstance(value, bool | int | float):
            return value
        return self._redactor.clean(str(value))[:MESSAGE_CHARS]


def configure_logging(redactor: Redactor, *, tenant: str = "", stream: TextIO | None = None) -> logging.Handler:
    """Send every logger of the process through one redacting handler; returns it. Called once, at start."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JSONFormatter(redactor, tenant=tenant))
    root = logging.getLogger()
    for old in tuple(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # httpx2 logs every request's address at INFO, APScheduler every look at its store, uvicorn that it came and went.
    for name in ("httpx2", "httpcore2", "apscheduler", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - a wrong format string must not silence the line it stands in
        return str(record.msg)
