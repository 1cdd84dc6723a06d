"""What an error of the Calendar API means: by status, and by the reason inside, which alone tells several 403 apart.

Sources: developers.google.com/workspace/calendar/api/guides/errors and …/quota.
"""

from __future__ import annotations

from http import HTTPStatus

import httpx2

from connectors.calendar.events import EventChangedError, EventExistsError
from connectors.errors import ConnectorError, RateLimitedError, RejectedError, UnauthorizedError, UnavailableError
from connectors.kernel.http_errors import retry_after_s

SERVER = "Google Calendar"

_THROTTLED = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "calendarUsageLimitsExceeded"})
_SPENT = frozenset({"dailyLimitExceeded"})
_SPENT_FOR_S = 3_600.0
"""A day's quota does not come back within a call, so the call ends at once."""

_FIXES = {
    "forbiddenForServiceAccounts": "a service account may not do this; invite nobody, or set up domain-wide delegation",
    "insufficientPermissions": "share the calendar with the service account as 'Make changes to events'",
    "forbidden": "share the calendar with the service account as 'Make changes to events'",
    "requiredAccessLevel": "share the calendar with the service account as 'Make changes to events'",
    "accessNotConfigured": "enable the Google Calendar API in the project of the service account",
    "SERVICE_DISABLED": "enable the Google Calendar API in the project of the service account",
}


class SyncTokenExpiredError(ConnectorError):
    """The token is too old or not for this list; the calendar is to be read whole. Never leaves this folder."""

    kind = UnavailableError.kind


class NotFoundError(RejectedError):
    """Neither such an event nor, perhaps, such a calendar: the answer is the same for one that is not shared."""


def error_of(response: httpx2.Response) -> ConnectorError:
    """The error of a response that is none of 2xx."""
    status = response.status_code
    reason = _reason(response)
    message = f"{SERVER}: answered {status}" + (f" ({reason})" if reason else "")
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return UnauthorizedError(message)
        case HTTPStatus.FORBIDDEN:
            return _forbidden(reason, message, response)
        case HTTPStatus.NOT_FOUND:
            return NotFoundError(message)
        case HTTPStatus.CONFLICT:
            return EventExistsError(message)
        case HTTPStatus.GONE:
            return SyncTokenExpiredError(message)
        case HTTPStatus.PRECONDITION_FAILED:
            return EventChangedError(message)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimitedError(message, retry_after_s=retry_after_s(response))
        case _ if response.is_server_error or response.is_redirect or response.is_informational:
            return UnavailableError(message, retry_after_s=retry_after_s(response))
        case _:
            return RejectedError(message)


def not_shared(calendar: str, account: str) -> UnauthorizedError:
    """What a 404 for a whole calendar means, and what to do."""
    return UnauthorizedError(
        f"{SERVER}: the calendar {calendar} is not shared with {account}; share it and allow changes to events"
    )


def _forbidden(reason: str, message: str, response: httpx2.Response) -> ConnectorError:
    if reason in _THROTTLED:
        return RateLimitedError(message, retry_after_s=retry_after_s(response))
    if reason in _SPENT:
        return RateLimitedError(message, retry_after_s=_SPENT_FOR_S)
    fix = _FIXES.get(reason, "check how the calendar is shared with the service account")
    return UnauthorizedError(f"{message}; {fix}")


def _reason(response: httpx2.Response) -> str:
    """``error.errors[0].reason``, if it is one word; nothing else of the body is repeated."""
    try:
        reason = response.json()["error"]["errors"][0]["reason"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return reason if isinstance(reason, str) and reason.isalpha() and len(reason) <= 40 else ""  # noqa: PLR2004 - the longest known has 27 letters
