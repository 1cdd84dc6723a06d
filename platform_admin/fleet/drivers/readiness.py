"""Asking a runtime over HTTP whether it is ready."""

from __future__ import annotations

import http.client
import json
from contextlib import closing

from platform_admin.fleet.driver import Readiness

_REQUEST_TIMEOUT_S = 2.0


def ask_readiness(host: str, port: int) -> Readiness:
    """``GET /ready``: 200 when a release is live and the database takes writes."""
    with closing(http.client.HTTPConnection(host, port, timeout=_REQUEST_TIMEOUT_S)) as connection:
        try:
            connection.request("GET", "/ready")
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return Readiness(ready=False, reason="it does not answer yet")
    return read_readiness(answer.status, body)


def read_readiness(status: int, body: bytes) -> Readiness:
    """What the answer to ``GET /ready`` says."""
    if status == http.client.OK:
        return Readiness(ready=True)
    try:
        said = json.loads(body)
        reasons = said.get("reasons") if isinstance(said, dict) else None
    except ValueError:
        reasons = None
    listed = "; ".join(map(str, reasons)) if isinstance(reasons, list) and reasons else f"it answers {status}"
    return Readiness(ready=False, reason=listed)
