"""``GraphClient``: one phone number's way to the Graph API's ``messages`` edge.

Belongs here: one HTTP call, its time limits, and what its answer means. Not here: retries (the outbox
decides from ``GraphError.action``) and the form of messages (the channel builds them).
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Final

import httpx2

from connectors.whatsapp.error_table import AMBIGUOUS, AUTH, NOT_SENT, classify
from connectors.whatsapp.errors import ERROR_TYPES, GraphError

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None

DEFAULT_BASE_URL: Final = "https://graph.facebook.com"
DEFAULT_VERSION: Final = "v25.0"  # released 2026-02-18, supported until 2028-07-29 (Graph API changelog)

CONNECT_TIMEOUT_S: Final = 3.0  # a handshake that takes longer will not get better
READ_TIMEOUT_S: Final = 10.0  # between two packets; Graph answers a send in well under a second
TOTAL_TIMEOUT_S: Final = 15.0  # a server that drips bytes passes every socket timeout
MAX_ANSWER_BYTES: Final = 1024 * 1024  # an answer to a send is a few hundred bytes
MAX_RETRY_AFTER_S: Final = 3600.0  # a longer wish is a mistake or an attack; the outbox asks again by then
MAX_CONNECTIONS: Final = 20  # 80 messages a second per number at 0.2 s each need 16

VERSION_SHAPE: Final = re.compile(r"v\d{1,3}\.\d{1,2}")
TRACE_ID_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # it goes into logs: nothing else may


def open_http_client() -> httpx2.AsyncClient:
    """An HTTP client with the limits that calls to Graph need. Whoever it is given to closes it.

    Redirects are not followed and the environment's proxies are not trusted: both would carry the
    access token to a host that nobody configured.
    """
    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(
            connect=CONNECT_TIMEOUT_S, read=READ_TIMEOUT_S, write=READ_TIMEOUT_S, pool=CONNECT_TIMEOUT_S
        ),
        limits=httpx2.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS),
        follow_redirects=False,
        trust_env=False,
    )


class GraphClient:
    """Sends messages from one phone number. Safe to share between tasks. Takes over ``http`` and closes it."""

    def __init__(
        self,
        http: httpx2.AsyncClient,
        base_url: str,
        version: str,
        phone_number_id: str,
        access_token: str,
        *,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        """Raise ``ValueError`` for a version or a phone number id that would change the URL's path."""
        if not VERSION_SHAPE.fullmatch(version):
            raise ValueError(f"Graph version {version!r} does not look like {DEFAULT_VERSION!r}")
        if not re.fullmatch(r"[A-Za-z0-9_-]+", phone_number_id):
            raise ValueError("phone_number_id may hold letters, digits, '-' and '_' only")
        self._http = http
        self._messages_url = f"{base_url.rstrip('/')}/{version}/{phone_number_id}/messages"
        self._headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
        self._total_timeout_s = total_timeout_s

    async def send(self, message: Mapping[str, JSON]) -> str:
        """Send one message and return WhatsApp's id of it (``wamid…``).

        Accepted is not delivered; delivery is told later by status webhooks. Graph has no idempotency key,
        so after an ``AmbiguousSendError`` only a status that echoes ``biz_opaque_callback_data`` is proof.
        Raises ``GraphError``.
        """
        body = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        try:
            async with asyncio.timeout(self._total_timeout_s):
                http_status, headers, answer = await self._post(body)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as failure:
            # Raised before the first byte of the request is written.
            raise ERROR_TYPES[NOT_SENT.action](NOT_SENT, cause=type(failure).__name__) from failure
        except httpx2.LocalProtocolError:
            # Our own request is not HTTP: a token with a line break in it. The text would show the token.
            raise ERROR_TYPES[AUTH.action](AUTH, cause="the access token is not a header value") from None
        except (httpx2.TransportError, TimeoutError, httpx2.DecodingError) as failure:
            raise ERROR_TYPES[AMBIGUOUS.action](AMBIGUOUS, cause=type(failure).__name__) from failure
        return _read_message_id(http_status, headers, answer)

    async def close(self) -> None:
        """Close the connections. Nothing can be sent afterwards."""
        await self._http.aclose()

    async def _post(self, body: bytes) -> tuple[int, httpx2.Headers, bytes]:
        chunks: list[bytes] = []
        size = 0
        async with self._http.stream("POST", self._messages_url, content=body, headers=self._headers) as response:
            async for chunk in response.aiter_bytes():
                size += len(chunk)
                if size > MAX_ANSWER_BYTES:
                    break
                chunks.append(chunk)
            return response.status_code, response.headers, b"".join(chunks)


def _read_message_id(http_status: int, headers: httpx2.Headers, answer: bytes) -> str:
    document = _decode(answer)
    if not httpx2.codes.is_success(http_status):
        raise _read_error(http_status, headers, document)
    match document:
        case {"messages": [{"id": str(message_id)}, *_]} if message_id:
            return message_id
        case _:
            cause = "accepted without a message id"
            raise ERROR_TYPES[AMBIGUOUS.action](AMBIGUOUS, cause=cause, http_status=http_status)


def _read_error(http_status: int, headers: httpx2.Headers, document: JSON) -> GraphError:
    error = document.get("error") if isinstance(document, dict) else None
    facts = error if isinstance(error, dict) else {}
    code = _int_or_none(facts.get("code"))
    trace = facts.get("fbtrace_id")
    trace_id = trace if isinstance(trace, str) and TRACE_ID_SHAPE.fullmatch(trace) else None
    error_class = classify(code, http_status, is_transient=facts.get("is_transient") is True)
    return ERROR_TYPES[error_class.action](
        error_class,
        code=code,
        http_status=http_status,
        retry_after_s=_retry_after_s(headers),
        trace_id=trace_id,
    )


def _decode(answer: bytes) -> JSON:
    try:
        document: JSON = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return document


def _int_or_none(value: JSON) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _retry_after_s(headers: httpx2.Headers) -> float | None:
    """Seconds to wait. The date form of the header is ignored: our clock and theirs may differ."""
    text = headers.get("Retry-After", "")
    return min(float(text), MAX_RETRY_AFTER_S) if re.fullmatch(r"\d{1,9}", text) else None
