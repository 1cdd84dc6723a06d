"""What the API server's refusals mean for the fleet."""

from __future__ import annotations

import json
from http import HTTPStatus

from platform_admin.fleet.drivers.errors import (
    DriverError,
    EngineUnreachableError,
    QuotaExceededError,
    RefusedError,
)

ENGINE = "Kubernetes"
_UNKNOWN = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


class StatusError(Exception):
    """The API server answered, and not with success. ``reason`` is the Status object's, such as ``Conflict``."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.reason, self.message = _said(body)
        super().__init__(f"{status} {self.reason}: {self.message}")


def failure(error: StatusError, *, tenant: str) -> DriverError:
    if error.status in _UNKNOWN:
        return EngineUnreachableError(ENGINE, f"{error.status} {error.message}")
    if error.status == HTTPStatus.UNAUTHORIZED:
        return RefusedError(tenant, "its API server does not know our token; give the driver a valid one")
    # https://kubernetes.io/docs/concepts/policy/resource-quotas/: 403 with this text, and no reason of its own.
    if error.status == HTTPStatus.FORBIDDEN and "exceeded quota" in error.message:
        return QuotaExceededError(tenant, error.message)
    if error.status == HTTPStatus.FORBIDDEN and "being terminated" in error.message:
        return RefusedError(tenant, f"its namespace is being deleted; wait until it is gone ({error.message})")
    return RefusedError(tenant, error.message)


def _said(body: bytes) -> tuple[str, str]:
    """Reason and message of a Status object, or what else the answer held."""
    try:
        status = json.loads(body)
    except ValueError:
        return "", body.decode("utf-8", "replace")
    if not isinstance(status, dict):
        return "", str(status)
    return str(status.get("reason", "")), str(status.get("message", ""))
