"""What the control plane answers, read leniently: what we do not know or cannot read is passed over."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flow_engine.vocabulary import JSON
from runtime.errors import ControlPlaneError
from runtime.ports.command_store import Command

SHORTEST_POLL_S: Final = 1.0
LONGEST_POLL_S: Final = 3_600.0
"""Whatever the control plane wishes, a runtime is neither a flood nor forgotten."""

MAX_ID_CHARS: Final = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """``acknowledged`` names the report that is known now; ``staged_serial`` is the release to be tried, if any."""

    acknowledged: str
    suspended: bool
    staged_serial: int | None
    commands: tuple[Command, ...]
    poll_after_s: float | None


def read_report_answer(body: bytes) -> ReportAnswer:
    """Raises ``ControlPlaneError`` (``bad_answer``) for a body that acknowledges nothing."""
    fields = _fields(body)
    acknowledged = fields.get("acknowledged")
    if not isinstance(acknowledged, str):
        raise ControlPlaneError("bad_answer", "The control plane's answer acknowledges nothing.")
    staged, poll = fields.get("staged_serial"), fields.get("poll_after_s")
    return ReportAnswer(
        acknowledged=acknowledged,
        suspended=fields.get("suspended") is True,
        staged_serial=staged if isinstance(staged, int) and not isinstance(staged, bool) else None,
        commands=_commands(fields.get("commands")),
        poll_after_s=_bounded(poll) if isinstance(poll, int | float) and not isinstance(poll, bool) else None,
    )


def read_commands(body: bytes) -> tuple[Command, ...]:
    """``{"commands": […]}``. Raises ``ControlPlaneError`` (``bad_answer``) for a body that is no JSON object."""
    return _commands(_fields(body).get("commands"))


def _fields(body: bytes) -> dict[str, JSON]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ControlPlaneError("bad_answer", "The control plane's answer is no JSON.") from error
    if not isinstance(fields, dict):
        raise ControlPlaneError("bad_answer", "The control plane's answer is no object.")
    return fields


def _commands(value: JSON) -> tuple[Command, ...]:
    found = [_command(item) for item in value] if isinstance(value, list) else []
    return tuple(command for command in found if command is not None)


def _command(value: JSON) -> Command | None:
    if not isinstance(value, dict):
        return None
    command_id, kind, payload = value.get("id"), value.get("kind"), value.get("payload")
    issued_at = _time(value.get("issued_at"))
    readable = isinstance(command_id, str) and isinstance(kind, str) and isinstance(payload, dict)
    if not readable or issued_at is None or not 0 < len(str(command_id)) <= MAX_ID_CHARS:
        log.warning("a command of the control plane cannot be read and is passed over")
        return None
    return Command(str(command_id), str(kind), payload, issued_at, _time(value.get("expires_at")))  # type: ignore[arg-type]  # readable


def _time(value: JSON) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None


def _bounded(seconds: float) -> float:
    return min(max(float(seconds), SHORTEST_POLL_S), LONGEST_POLL_S)
