"""``GoogleClient``: one request to the Calendar API, with a token and every failure classified."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

import httpx2

from connectors.calendar.google_calendar.access_token import AccessToken
from connectors.calendar.google_calendar.error_table import SERVER, NotFoundError, error_of, not_shared
from connectors.calendar.google_calendar.service_account import TOKEN_URI
from connectors.errors import ConnectorError, UnavailableError
from connectors.kernel.http_errors import read_json, transport_errors
from connectors.plain_json import JSON, JSONObject

API = "https://www.googleapis.com/calendar/v3"

_QUOTA_USER_LENGTH = 40
"""The longest that is looked at (cloud.google.com/apis/docs/system-parameters)."""


@dataclass(frozen=True, slots=True)
class GoogleEndpoints:
    """Google's own addresses; only a test has others. Nothing a tenant writes leads here."""

    api: str = API
    token: str = TOKEN_URI


class GoogleClient:
    """``quota_of`` is whom the requests count for: a service account is one user, however many tenants it serves."""

    def __init__(
        self, http: Callable[[], httpx2.AsyncClient], token: AccessToken, *, quota_of: str, api: str = API
    ) -> None:
        self._http = http
        self._token = token
        self._api = api
        self._quota_user = hashlib.sha256(quota_of.encode()).hexdigest()[:_QUOTA_USER_LENGTH]

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: JSONObject | None = None,
        if_match: str = "",
    ) -> JSONObject:
        """The answer's object, empty for an empty answer. Raises ``ConnectorError``, or one of ``error_table``.

        A token that is refused is replaced once: it may have been revoked before its time.
        """
        response = await self._sent(method, path, query or {}, body, if_match)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            response = await self._sent(method, path, query or {}, body, if_match)
        if not response.is_success:
            raise error_of(response)
        if response.status_code == HTTPStatus.NO_CONTENT:
            return {}
        answer: JSON = read_json(response, SERVER)
        if not isinstance(answer, dict):
            raise UnavailableError(f"{SERVER}: the answer is no object")
        return answer

    async def check_shared(self, calendar: str) -> None:
        """Raises ``UnauthorizedError`` for a calendar that cannot be seen: its 404 looks like that of an event."""
        try:
            await self.request("GET", events_path(calendar), query={"maxResults": "1", "fields": "kind"})
        except NotFoundError:
            raise await self.unshared(calendar) from None

    async def unshared(self, calendar: str) -> ConnectorError:
        """The error that says with whom ``calendar`` is to be shared."""
        return not_shared(calendar, (await self._token.account()).email)

    async def signed_in(self) -> str:
        """The address of the service account, once Google has let it in. Raises ``ConnectorError``."""
        await self._token.get()
        return (await self._token.account()).email

    async def _sent(
        self, method: str, path: str, query: Mapping[str, str], body: JSONObject | None, if_match: str
    ) -> httpx2.Response:
        token = await self._token.get()
        headers = {"authorization": f"Bearer {token}"} | ({"if-match": if_match} if if_match else {})
        params = {**query, "quotaUser": self._quota_user}
        with transport_errors(SERVER):
            response = await self._http().request(method, self._api + path, params=params, json=body, headers=headers)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            self._token.refuse(token)
        return response


def events_path(calendar: str, event_id: str = "") -> str:
    """Calendar ids hold ``@`` and ``#``; each stays one segment of the path."""
    path = f"/calendars/{quote(calendar, safe='')}/events"
    return f"{path}/{quote(event_id, safe='')}" if event_id else path
