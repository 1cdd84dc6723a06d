"""``BotAPI``: one bot's way to Telegram's Bot API.

Belongs here: one HTTP call, its time limits, and what its answer means for a message. Not here: retries (the outbox
decides from ``SendError.action``) and the form of messages (``outbound``). The token is part of the address, so no
address is ever part of an error or a log line.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import httpx2

from connectors.kernel.http_client import ssl_context
from flow_engine.vocabulary import JSON, JSONObject
from runtime.errors import SendAction, SendError

DEFAULT_BASE_URL: Final = "https://api.telegram.org"

CONNECT_TIMEOUT_S: Final = 3.0  # a handshake that takes longer will not get better
READ_TIMEOUT_S: Final = 10.0  # sending by link waits until Telegram has fetched the file
TOTAL_TIMEOUT_S: Final = 15.0  # a server that drips bytes passes every socket timeout
DOWNLOAD_TIMEOUT_S: Final = 60.0  # 20 MB, the most that the Bot API hands over, over 3 Mbit/s
MAX_ANSWER_BYTES: Final = 1024 * 1024  # the answer repeats the message: a few kilobytes
MAX_RETRY_AFTER_S: Final = 3600.0  # a longer wish is a mistake or an attack; the outbox asks again by then
MAX_CONNECTIONS: Final = 10  # 30 messages a second per bot at 0.2 s each need 6

_FILE_PATH: Final = re.compile(r"[A-Za-z0-9_./-]{1,200}", re.ASCII)
_MEDIA_FAULTS: Final = ("wrong file identifier", "failed to get http url content", "wrong type of the web page content")


class MediaRefusedError(SendError):
    """Telegram could not fetch the file behind a link, or does not take its kind by link. Nothing was sent."""


class BlockedError(SendError):
    """The customer has blocked the bot, or never started it. Nothing was sent, and nothing will be."""


def open_http_client() -> httpx2.AsyncClient:
    """An HTTP client with the limits that calls need. Whoever it is given to closes it.

    Redirects are not followed and the environment's proxies are not trusted: both would carry the token to a host that
    nobody configured.
    """
    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(
            connect=CONNECT_TIMEOUT_S, read=READ_TIMEOUT_S, write=READ_TIMEOUT_S, pool=CONNECT_TIMEOUT_S
        ),
        limits=httpx2.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS),
        follow_redirects=False,
        trust_env=False,
        verify=ssl_context(),
    )


class BotAPI:
    """Calls the methods of one bot. Safe to share between tasks. Takes over ``http`` and closes it."""

    def __init__(
        self, http: httpx2.AsyncClient, base_url: str, bot_token: str, *, total_timeout_s: float = TOTAL_TIMEOUT_S
    ) -> None:
        self._http = http
        root = base_url.rstrip("/")
        self._base = f"{root}/bot{bot_token}"
        self._files = f"{root}/file/bot{bot_token}"
        self._total_timeout_s = total_timeout_s

    async def call(self, method: str, parameters: Mapping[str, JSON]) -> JSON:
        """The ``result`` of the answer.

        Raises:
            SendError: ``MediaRefusedError`` where another form of the same message may pass.
        """
        body = json.dumps(parameters, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        request = self._http.build_request("POST", f"{self._base}/{method}", content=body, headers=headers)
        return _result(*await self._exchange(request, MAX_ANSWER_BYTES, self._total_timeout_s))

    async def download(self, file_path: str, most_bytes: int) -> bytes:
        """The file behind a ``file_path`` of ``getFile``; ``SendError(PARK)`` for one that is larger than asked for."""
        if not _FILE_PATH.fullmatch(file_path) or ".." in file_path:
            raise SendError(SendAction.PARK, "Telegram told no usable place of the file")
        request = self._http.build_request("GET", f"{self._files}/{file_path}")
        status, content = await self._exchange(request, most_bytes + 1, DOWNLOAD_TIMEOUT_S)
        if httpx2.codes.is_client_error(status):
            raise SendError(SendAction.PARK, f"Telegram hands the file over no longer ({status})")
        if not httpx2.codes.is_success(status):
            raise refusal(status, {})
        if len(content) > most_bytes:
            raise SendError(SendAction.PARK, f"the file has more than {most_bytes} bytes")
        return content

    async def close(self) -> None:
        """Close the connections. Nothing can be called afterwards."""
        await self._http.aclose()

    async def _exchange(self, request: httpx2.Request, most_bytes: int, timeout_s: float) -> tuple[int, bytes]:
        """The status and up to ``most_bytes`` of the answer. Raises ``SendError``, never with the address in it."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._read(request, most_bytes)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as failure:
            # Raised before the first byte of the request is written.
            cause = f"Telegram could not be reached ({type(failure).__name__})"
            raise SendError(SendAction.RETRY, cause) from None  # the failure's text holds the address
        except (httpx2.HTTPError, TimeoutError) as failure:
            cause = f"no answer from Telegram; the message may have been sent ({type(failure).__name__})"
            raise SendError(SendAction.AMBIGUOUS, cause) from None  # the same

    async def _read(self, request: httpx2.Request, most_bytes: int) -> tuple[int, bytes]:
        content = bytearray()
        response = await self._http.send(request, stream=True)
        try:
            async for chunk in response.aiter_bytes():
                content += chunk[: most_bytes - len(content)]
                if len(content) >= most_bytes:
                    break
            return response.status_code, bytes(content)
        finally:
            await response.aclose()


def _result(status: int, answer: bytes) -> JSON:
    document = _decode(answer)
    code = document.get("error_code")
    if document.get("ok") is True and "result" in document:
        return document["result"]
    if document.get("ok") is False and isinstance(code, int):
        raise refusal(code, document)
    raise refusal(HTTPStatus.BAD_GATEWAY if httpx2.codes.is_success(status) else status, {})


def _decode(answer: bytes) -> JSONObject:
    try:
        document: JSON = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def refusal(code: int, answer: Mapping[str, JSON]) -> SendError:
    """What an answer of ``ok: false`` means. Its ``description`` is matched and never repeated: it may quote a text."""
    description = str(answer.get("description", "")).lower()
    match code:
        case HTTPStatus.TOO_MANY_REQUESTS:
            return SendError(
                SendAction.RETRY,
                "Telegram asks this bot to send more slowly (429)",
                retry_after_s=_retry_after_s(answer.get("parameters")),
            )
        case HTTPStatus.FORBIDDEN:
            return BlockedError(SendAction.PARK, "the customer has blocked the bot, or never started it (403)")
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:
            return SendError(
                SendAction.STOP_CHANNEL, f"the bot's token is not valid any more; store a new one ({code})"
            )
        case HTTPStatus.BAD_REQUEST if any(fault in description for fault in _MEDIA_FAULTS):
            return MediaRefusedError(SendAction.PARK, "Telegram could not fetch the file behind the link (400)")
        case HTTPStatus.BAD_REQUEST if "chat not found" in description:
            return SendError(SendAction.PARK, "Telegram knows no such chat; the customer has to write first (400)")
        case _ if HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return SendError(SendAction.PARK, f"Telegram did not accept the form of the message ({code})")
        case _:
            return SendError(SendAction.AMBIGUOUS, f"Telegram failed while handling the message ({code})")


def _retry_after_s(parameters: JSON) -> float | None:
    facts: JSONObject = parameters if isinstance(parameters, dict) else {}
    wish = facts.get("retry_after")
    if isinstance(wish, bool) or not isinstance(wish, int | float) or wish < 0:
        return None
    return min(float(wish), MAX_RETRY_AFTER_S)
