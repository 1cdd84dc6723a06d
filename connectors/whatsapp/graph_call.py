"""``GraphCall``: one HTTP call to the Graph API, its time limits, and which error its failure is."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from connectors.kernel.http_client import ssl_context
from connectors.whatsapp.error_table import AMBIGUOUS, AUTH, MEDIA, NOT_SENT, classify
from connectors.whatsapp.errors import ERROR_TYPES, GraphError
from connectors.whatsapp.kept_lines import AnswerLostError, KeptLines, NotConnectedError

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None

CONNECT_TIMEOUT_S: Final = 3.0  # a handshake that takes longer will not get better
READ_TIMEOUT_S: Final = 10.0  # between two packets; Graph answers a send in well under a second
TOTAL_TIMEOUT_S: Final = 15.0  # a server that drips bytes passes every socket timeout
UPLOAD_TIMEOUT_S: Final = 60.0  # 16 MB, the most that a film may have, over 3 Mbit/s
MAX_ANSWER_BYTES: Final = 1024 * 1024  # an answer to a send is a few hundred bytes
MAX_RETRY_AFTER_S: Final = 3600.0  # a longer wish is a mistake or an attack; the outbox asks again by then
MAX_CONNECTIONS: Final = 20  # 80 messages a second per number at 0.2 s each need 16

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
        verify=ssl_context(),
    )


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """A success. ``document`` is ``None`` where the body was no JSON."""

    http_status: int
    document: JSON


class GraphCall:
    """Calls with one access token over one client. Every method raises ``GraphError``, and nothing else."""

    def __init__(self, http: httpx2.AsyncClient, access_token: str, total_timeout_s: float) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._total_timeout_s = total_timeout_s

    async def post_json(self, lines: KeptLines, target: str, body: Mapping[str, JSON]) -> GraphAnswer:
        """Over ``lines`` that are kept for it; ``target`` is the URL without its host."""
        content = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        headers = self._headers | {"Content-Type": "application/json"}
        try:
            answer = await lines.post(
                target, headers, content, timeout_s=self._total_timeout_s, most_bytes=MAX_ANSWER_BYTES
            )
        except NotConnectedError as failure:
            raise ERROR_TYPES[NOT_SENT.action](NOT_SENT, cause=str(failure)) from failure
        except AnswerLostError as failure:
            raise ERROR_TYPES[AMBIGUOUS.action](AMBIGUOUS, cause=str(failure)) from failure
        except ValueError:
            # A token with a line break in it. The text would show the token.
            raise ERROR_TYPES[AUTH.action](AUTH, cause="the access token is not a header value") from None
        return _judged(answer.http_status, httpx2.Headers(dict(answer.headers)), answer.body)

    async def post_file(self, url: str, content: bytes, mime_type: str, filename: str) -> GraphAnswer:
        """A form with the file, as the media edge wants it."""
        fields = {"messaging_product": "whatsapp", "type": mime_type}
        file = {"file": (filename, content, mime_type)}
        return await self._answered("POST", url, UPLOAD_TIMEOUT_S, headers=self._headers, data=fields, files=file)

    async def get_json(self, url: str) -> GraphAnswer:
        return await self._answered("GET", url, self._total_timeout_s, headers=self._headers)

    async def get_bytes(self, url: str, most_bytes: int, timeout_s: float) -> bytes:
        """A whole body of at most ``most_bytes``."""
        http_status, headers, body = await self._made("GET", url, timeout_s, most_bytes, headers=self._headers)
        if not httpx2.codes.is_success(http_status):
            raise _read_error(http_status, headers, _decode(body))
        if len(body) > most_bytes:
            raise ERROR_TYPES[MEDIA.action](MEDIA, cause=f"more than {most_bytes} bytes")
        return body

    async def _answered(self, method: str, url: str, timeout_s: float, **request: Any) -> GraphAnswer:
        http_status, headers, body = await self._made(method, url, timeout_s, MAX_ANSWER_BYTES, **request)
        return _judged(http_status, headers, body)

    async def _made(
        self,
        method: str,
        url: str,
        timeout_s: float,
        most_bytes: int,
        **request: Any,
    ) -> tuple[int, httpx2.Headers, bytes]:
        try:
            async with asyncio.timeout(timeout_s):
                return await self._exchanged(method, url, most_bytes, **request)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as failure:
            # Raised before the first byte of the request is written.
            raise ERROR_TYPES[NOT_SENT.action](NOT_SENT, cause=type(failure).__name__) from failure
        except httpx2.LocalProtocolError:
            # Our own request is not HTTP: a token with a line break in it. The text would show the token.
            raise ERROR_TYPES[AUTH.action](AUTH, cause="the access token is not a header value") from None
        except (httpx2.TransportError, TimeoutError, httpx2.DecodingError, httpx2.InvalidURL) as failure:
            raise ERROR_TYPES[AMBIGUOUS.action](AMBIGUOUS, cause=type(failure).__name__) from failure

    async def _exchanged(
        self,
        method: str,
        url: str,
        most_bytes: int,
        **request: Any,
    ) -> tuple[int, httpx2.Headers, bytes]:
        """Status, headers and the body up to the first chunk beyond ``most_bytes``."""
        chunks: list[bytes] = []
        size = 0
        async with self._http.stream(method, url, **request) as response:
            async for chunk in response.aiter_bytes():
                size += len(chunk)
                chunks.append(chunk)
                if size > most_bytes:
                    break
            return response.status_code, response.headers, b"".join(chunks)


def _judged(http_status: int, headers: httpx2.Headers, body: bytes) -> GraphAnswer:
    document = _decode(body)
    if not httpx2.codes.is_success(http_status):
        raise _read_error(http_status, headers, document)
    return GraphAnswer(http_status, document)


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
