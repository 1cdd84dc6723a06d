"""Waiting for a process that was just started to answer."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from contextlib import closing

from platform_admin.fleet.driver import RuntimeState
from platform_admin.fleet.drivers.supervisor import ChildStatus

PATIENCE_S = 60.0
"""A cold start on a slow machine compiles thousands of modules; more than this is a fault."""

_POLL_S = 0.1
_REQUEST_TIMEOUT_S = 2.0


class NotReadyError(Exception):
    """A process ended or never answered; the message says which and why."""


class Interrupted(Exception):  # noqa: N818 - a wish, not an error
    """Somebody asked to stop while we waited."""


def wait_until_healthy(
    name: str,
    port: int,
    *,
    path: str,
    status: Callable[[], ChildStatus],
    stopping: threading.Event,
    patience_s: float = PATIENCE_S,
) -> None:
    """Return once ``path`` on loopback answers 200 (and says no ``status`` other than ok).

    Raises:
        Interrupted: ``stopping`` was set.
        NotReadyError: the process failed, or patience ran out.
    """
    deadline = time.monotonic() + patience_s
    while not stopping.wait(_POLL_S):
        seen = status()
        if seen.state in {RuntimeState.FAILED, RuntimeState.STOPPED}:
            message = f"The {name} {seen.reason or 'is not running'}"
            raise NotReadyError(message)
        if _is_healthy(port, path):
            return
        if time.monotonic() > deadline:
            message = f"The {name} did not answer on port {port} within {patience_s:.0f} s. {seen.reason}".rstrip()
            raise NotReadyError(message)
    raise Interrupted


def _is_healthy(port: int, path: str) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_REQUEST_TIMEOUT_S)) as connection:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body: object = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return False
    unwell = isinstance(body, dict) and body.get("status", "ok") != "ok"
    return answer.status == http.HTTPStatus.OK and not unwell
