"""Waiting, in a command of an operator, until the runtime has done what it was asked for."""

from __future__ import annotations

import time
from typing import Final

from platform_admin.commands.models import RuntimeCommand

_LOOK_EVERY_S: Final = 0.2


def wait_until_finished(command: RuntimeCommand, *, seconds: float) -> bool:
    """Whether the runtime has finished with it; ``command`` is up to date afterwards."""
    deadline = time.monotonic() + seconds
    while True:
        command.refresh_from_db()
        if not command.is_open or time.monotonic() >= deadline:
            return not command.is_open
        time.sleep(_LOOK_EVERY_S)
