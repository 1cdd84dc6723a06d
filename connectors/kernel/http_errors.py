"""From HTTP to the error tree: one place that says what a status and a broken connection mean.

For providers without error codes of their own; one that has them (Graph, Google) reads those first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import httpx2

from connectors.errors import (
    ConflictError,
    RateLimitedError,
    RejectedError,
    TimedOutError,
    UnauthorizedError,
    UnavailableError,
)
from connectors.plain_json import JSON


@contextmanager
def transport_errors(server: str) -> Iterator[None]:
    """Around a request: what httpx2 raises leaves as one of ours. ``server`` names it in messages."""
    try:
        yield
    except httpx2.TimeoutException as error:
        raise TimedOutError(f"{server}: no answer in time ({type(error).__name__})") from error
    except httpx2.HTTPError as error:
        raise UnavailableError(f"{server}: no usable answer ({type(error).__name__})") from error


def raise_for_status(response: httpx2.Response, server: str) -> None:
    """Raise what the status means; return for 2xx. The body is never quoted: it may hold anything."""
    status = response.status_code
    message = f"{server}: answered {status}"
    if response.is_success:
        return
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise UnauthorizedError(message)
    if status in (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED):
        raise ConflictError(message)
    if status == HTTPStatus.REQUEST_TIMEOUT:
        raise TimedOutError(message)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise RateLimitedError(message, retry_after_s=retry_after_s(response))
    if response.is_server_error:
        raise UnavailableError(message, retry_after_s=retry_after_s(response))
    if response.is_redirect:
        raise UnavailableError(f"{message}: redirects are not followed")
    raise RejectedError(message)


def read_json(response: httpx2.Response, server: str) -> JSON:
    """The body as JSON. Raises ``UnavailableError`` when it is none: a broken server, not a wrong request."""
    try:
        body: JSON = response.json()
    except (ValueError, RecursionError) as error:
        raise UnavailableError(f"{server}: the answer is not JSON") from error
    return body


def retry_after_s(response: httpx2.Response) -> float | None:
    """``Retry-After`` in seconds; ``None`` when absent or a date (RFC 9110 section 10.2.3 allows both).

    A date would need their clock and ours to agree; our own back-off is the safer wait.
    """
    value = response.headers.get("retry-after", "").strip()
    return float(value) if value.isascii() and value.isdigit() and len(value) <= 6 else None  # noqa: PLR2004 - eleven days is for ever here
