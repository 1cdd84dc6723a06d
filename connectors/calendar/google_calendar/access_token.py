"""``AccessToken``: a bearer token, asked for when it is needed and kept while it is good."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import httpx2

from connectors.calendar.google_calendar.service_account import (
    LIFETIME_S,
    MAX_KEY_FILE,
    ServiceAccount,
    read_service_account,
)
from connectors.clock import Clock
from connectors.errors import UnauthorizedError, UnavailableError
from connectors.kernel.http_errors import raise_for_status, read_json, transport_errors

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"

RENEWED_BEFORE_S = 300
"""A call that begins with a token must end with it: five minutes are twenty of our deadlines."""

_SERVER = "Google's token server"

_REASONS = (
    ("short-lived", "the clock of this machine is wrong; set it"),
    ("signature", "its key was deleted or belongs to another account; create a new key and store it"),
    ("not found", "the account was deleted or disabled; create another and share the calendar with it"),
)
"""What Google writes beside ``invalid_grant``, which stands for all of these."""


class AccessToken:
    """One for all calls of a connector; those that need a new one together wait for one request."""

    def __init__(
        self, http: Callable[[], httpx2.AsyncClient], token_url: str, clock: Clock, *, key_file: str, path: str = ""
    ) -> None:
        """``key_file`` is the content; empty: it is read from ``path`` at the first call."""
        self._http = http
        self._token_url = token_url
        self._clock = clock
        self._key_file = key_file
        self._path = path
        self._account: ServiceAccount | None = None
        self._token = ""
        self._good_until = 0.0
        self._asking = asyncio.Lock()

    async def get(self) -> str:
        """Raises ``ConnectorError``."""
        async with self._asking:
            if not self._token or self._clock.monotonic() >= self._good_until:
                await self._ask()
            return self._token

    def refuse(self, token: str) -> None:
        """Google did not take ``token``; the next call asks for another."""
        if token == self._token:
            self._token = ""

    async def account(self) -> ServiceAccount:
        """Who we are to Google. Raises ``UnauthorizedError``."""
        if self._account is None:
            self._account = read_service_account(self._key_file or await asyncio.to_thread(_read, self._path))
        return self._account

    async def _ask(self) -> None:
        account = await self.account()
        assertion = await asyncio.to_thread(account.assertion, self._clock.now())
        with transport_errors(_SERVER):
            form = {"grant_type": GRANT, "assertion": assertion}
            response = await self._http().post(self._token_url, data=form)
        if response.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
            raise UnauthorizedError(_refusal(response, account))
        raise_for_status(response, _SERVER)
        answer = read_json(response, _SERVER)
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or not isinstance(token, str) or not token:
            raise UnavailableError(f"{_SERVER}: the answer holds no token")
        told = answer.get("expires_in")
        lasts_s = min(told, LIFETIME_S) if isinstance(told, int) and not isinstance(told, bool) else LIFETIME_S
        self._token = token
        self._good_until = self._clock.monotonic() + max(lasts_s - RENEWED_BEFORE_S, 0)


def _refusal(response: httpx2.Response, account: ServiceAccount) -> str:
    """Our words; theirs are only looked at."""
    try:
        answer = response.json()
        said = f"{answer.get('error')} {answer.get('error_description')}".lower()
    except (ValueError, AttributeError, RecursionError):
        said = ""
    for word, reason in _REASONS:
        if word in said:
            return f"Google refuses the service account {account.email}: {reason}"
    return f"Google refuses the service account {account.email}; create a new key and store it"


def _read(path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.read(MAX_KEY_FILE)
    except (OSError, UnicodeDecodeError):
        raise UnauthorizedError("credentials_path names no file that can be read; put the key file there") from None
