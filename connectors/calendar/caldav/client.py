"""``DavClient``: one WebDAV request, with every failure classified. The password goes to one origin and to no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import quote, urljoin, urlsplit

import httpx2

from connectors.calendar.events import EventChangedError
from connectors.errors import ConnectorError, RateLimitedError, RejectedError, UnauthorizedError, UnavailableError
from connectors.kernel.http_errors import retry_after_s, transport_errors

SERVER = "the CalDAV server"

_DENIED = "check user and app password, and that the calendar may be written"


class MissingError(RejectedError):
    """Nothing is at this address."""


class StaleTokenError(RejectedError):
    """The sync token is too old; the calendar is to be read whole. Never leaves this folder."""


class DavClient:
    """``base`` is the business's own calendar. Others are named by their address, whole or relative to it."""

    def __init__(self, http: Callable[[], httpx2.AsyncClient], base: str, username: str, password: str) -> None:
        self._http = http
        self._base = base if base.endswith("/") else f"{base}/"
        self._auth = httpx2.BasicAuth(username, password)

    def calendar(self, name: str) -> str:
        """The address of a calendar, with a slash at its end. Raises ``RejectedError`` for one elsewhere."""
        url = urljoin(self._base, name) if name else self._base
        if urlsplit(url)[:2] != urlsplit(self._base)[:2]:
            raise RejectedError("a calendar of the staff is on another server; the password is not sent there")
        return url if url.endswith("/") else f"{url}/"

    def event(self, calendar: str, event_id: str) -> str:
        """The address of an event of ours, or of one whose file name we were told."""
        return f"{self.calendar(calendar)}{quote(event_id, safe='')}.ics"

    async def request(
        self, method: str, url: str, *, body: str = "", headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """The successful answer. Raises ``ConnectorError``, or one of the errors above."""
        kind = "text/calendar; charset=utf-8" if method == "PUT" else "application/xml; charset=utf-8"
        given = {"content-type": kind} if body else {}
        with transport_errors(SERVER):
            response = await self._http().request(
                method, url, content=body.encode(), headers={**given, **(headers or {})}, auth=self._auth
            )
        if not response.is_success:
            raise _error_of(response)
        return response

    async def check_there(self, calendar: str) -> None:
        """Raises ``UnauthorizedError`` when the calendar itself is not there: then nothing is known of its events."""
        try:
            await self.request("PROPFIND", self.calendar(calendar), headers={"depth": "0"})
        except MissingError:
            raise not_there() from None


def not_there() -> UnauthorizedError:
    """What a 404 for a whole calendar means, and what to do."""
    return UnauthorizedError(f"{SERVER}: there is no calendar at the address, or it is not shared; check the address")


def _error_of(response: httpx2.Response) -> ConnectorError:
    status = response.status_code
    message = f"{SERVER}: answered {status}"
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return UnauthorizedError(f"{message}; {_DENIED}")
        case HTTPStatus.FORBIDDEN | HTTPStatus.CONFLICT | HTTPStatus.INSUFFICIENT_STORAGE if (
            b"valid-sync-token" in response.content
        ):
            return StaleTokenError(message)
        case HTTPStatus.FORBIDDEN:
            return UnauthorizedError(f"{message}; {_DENIED}")
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return MissingError(message)
        case HTTPStatus.PRECONDITION_FAILED:
            return EventChangedError(message)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimitedError(message, retry_after_s=retry_after_s(response))
        case HTTPStatus.LOCKED:
            return UnavailableError(message)
        case _ if response.is_redirect:
            return UnauthorizedError(f"{message}; write the address that it leads to, redirects are not followed")
        case _ if response.is_server_error:
            return UnavailableError(message, retry_after_s=retry_after_s(response))
        case _:
            return RejectedError(message)
