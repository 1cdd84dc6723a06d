"""``ManagementClient``: setting a WhatsApp account up over the Graph API, and reading how it is set up.

Synchronous, unlike the client that sends: the control plane's commands are. One call, its time limits and what its
failure means; what to ask for is for those who ask.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, Self

import httpx2

DEFAULT_BASE_URL: Final = "https://graph.facebook.com"
DEFAULT_VERSION: Final = "v25.0"  # as the sending client

TIMEOUT_S: Final = 15.0  # a page of a hundred templates takes a second or two
MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024  # a hundred templates with all their texts stay under one
MAX_PAGES: Final = 100  # an account may have 6,000 templates; beyond ten thousand somebody leads us in circles

_VERSION_SHAPE: Final = re.compile(r"v\d{1,3}\.\d{1,2}")
_PATH_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}(/[a-z_]{1,40})?", re.ASCII)

type Answer = dict[str, Any]


class Trouble(StrEnum):
    """Why a call failed, in English, with a blank for ``ManagementError.detail``."""

    ANSWERED = "WhatsApp answered: %(detail)s"
    UNREACHABLE = "WhatsApp could not be reached (%(detail)s)."
    NOT_AN_ID = "An id of the account or the number is not one."
    BROKEN_CREDENTIAL = "The access token is not one: it holds blanks or line breaks."
    TOO_MANY_PAGES = "WhatsApp has more pages of %(detail)s than are read."


class ManagementError(Exception):
    """A call failed. The message is for staff and carries no token.

    ``detail`` fills the blank of ``trouble``: Meta's own words, the kind of failure, or what was asked for. ``code`` is
    Meta's ``error.code``, ``None`` where there was no answer or it had none. ``http_status`` likewise.
    """

    def __init__(
        self, trouble: Trouble, detail: str = "", *, code: int | None = None, http_status: int | None = None
    ) -> None:
        self.message = trouble.value % {"detail": detail}
        super().__init__(self.message)
        self.trouble = trouble
        self.detail = detail
        self.code = code
        self.http_status = http_status


class ManagementClient:
    """Calls with one access token. Takes over ``http`` and closes it."""

    def __init__(
        self, http: httpx2.Client, access_token: str, *, base_url: str | None = None, version: str | None = None
    ) -> None:
        """Raise ``ValueError`` for a version that would change the address."""
        if version and not _VERSION_SHAPE.fullmatch(version):
            raise ValueError(f"a Graph version looks like {DEFAULT_VERSION}")
        self._http = http
        self._root = f"{(base_url or DEFAULT_BASE_URL).rstrip('/')}/{version or DEFAULT_VERSION}"
        self._access_token = access_token

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Answer:
        """Raises ``ManagementError``."""
        return self._call("GET", path, parameters=parameters or {})

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Raises ``ManagementError``."""
        return self._call("POST", path, body=body)

    def items(self, path: str, parameters: Mapping[str, str]) -> Iterator[Answer]:
        """Every element of an edge, page by page. Raises ``ManagementError``."""
        asked = dict(parameters)
        for _ in range(MAX_PAGES):
            page = self.get(path, asked)
            yield from (item for item in page.get("data", []) if isinstance(item, dict))
            after = _cursor(page)
            if after is None:
                return
            asked["after"] = after
        raise ManagementError(Trouble.TOO_MANY_PAGES, path)

    def proof(self, app_secret: str) -> str:
        """``appsecret_proof`` of this token: right only with the secret of the app that the token belongs to."""
        return hmac.new(app_secret.encode(), self._access_token.encode(), "sha256").hexdigest()

    def inspect_token(self) -> Answer:
        """What Meta says about this very token (``debug_token``). Raises ``ManagementError``."""
        data = self.get("debug_token", {"input_token": self._access_token}).get("data")
        return data if isinstance(data, dict) else {}

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _call(
        self, method: str, path: str, *, parameters: Mapping[str, str] | None = None, body: object = None
    ) -> Answer:
        if not _PATH_SHAPE.fullmatch(path):
            raise ManagementError(Trouble.NOT_AN_ID)
        try:
            answer = self._http.request(
                method,
                f"{self._root}/{path}",
                params=dict(parameters or {}),
                json=body,
                headers={"Authorization": f"Bearer {self._access_token}"},
                timeout=TIMEOUT_S,
            )
        except (httpx2.LocalProtocolError, UnicodeEncodeError):
            # Our own request is not HTTP: a line break or a letter beyond ASCII in it. The text would show the token.
            raise ManagementError(Trouble.BROKEN_CREDENTIAL) from None
        except httpx2.HTTPError as failure:
            # Without its cause: the address of debug_token holds the token.
            raise ManagementError(Trouble.UNREACHABLE, type(failure).__name__) from None
        return _read(answer)


def open_management_http() -> httpx2.Client:
    """An HTTP client for it. Redirects and the environment's proxies would carry the token to somebody else."""
    return httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)


def _read(answer: httpx2.Response) -> Answer:
    try:
        document = json.loads(answer.content[:MAX_ANSWER_BYTES])
    except (ValueError, RecursionError):
        document = None
    facts: Answer = document if isinstance(document, dict) else {}
    if answer.is_success and facts:
        return facts
    error = facts.get("error")
    said: Answer = error if isinstance(error, dict) else {}
    code = said.get("code")
    words = said.get("error_user_msg") or said.get("message") or "no reason was given"
    raise ManagementError(
        Trouble.ANSWERED,
        str(words)[:300],
        code=code if isinstance(code, int) else None,
        http_status=answer.status_code,
    )


def _cursor(page: Answer) -> str | None:
    paging = page.get("paging")
    match paging:
        case {"next": str(), "cursors": {"after": str(after)}} if after:
            return after
        case _:
            return None
