"""``Guard``: who is let in to the web chat. Origin, signed id, and how much of it: checked before a body is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from runtime.channels.web_chat.limits import MESSAGES_PER_VISITOR, REQUESTS_PER_ADDRESS, SESSIONS_PER_ADDRESS
from runtime.channels.web_chat.origins import Origins
from runtime.channels.web_chat.rate_limit import RateLimit
from runtime.channels.web_chat.visitor import Visitor, Visitors
from runtime.ports.clock import Clock
from runtime.web.answers import refusal
from runtime.web.client_address import Network, client_address

_BEARER: Final = "Bearer "


class RefusedError(Exception):
    """The request ends with ``answer``; the headers that let a page read it are the route's to add."""

    def __init__(self, answer: Response) -> None:
        super().__init__(str(answer.status_code))
        self.answer = answer


class Guard:
    """Counts in memory: a restart forgives everybody, which costs one burst each."""

    def __init__(self, origins: Origins, visitors: Visitors, clock: Clock, trusted_proxies: Sequence[Network]) -> None:
        self._origins = origins
        self._visitors = visitors
        self._clock = clock
        self._trusted_proxies = trusted_proxies
        self._by_address = RateLimit(REQUESTS_PER_ADDRESS)
        self._new_by_address = RateLimit(SESSIONS_PER_ADDRESS)
        self._by_visitor = RateLimit(MESSAGES_PER_VISITOR)

    def let_page_in(self, request: Request) -> None:
        """Raises ``RefusedError`` for a page that may not ask, and for an address that asks too much."""
        if self._origins.origin_of(request) is None:
            raise RefusedError(_foreign())
        self._take(self._by_address, client_address(request, self._trusted_proxies))

    def let_visitor_in(self, request: Request) -> Visitor:
        """The visitor whose signed id the page shows. Raises ``RefusedError``."""
        self.let_page_in(request)
        return self._visitor(request)

    def let_reader_in(self, request: Request) -> Visitor:
        """As ``let_visitor_in`` for a request that only reads: it names no origin when the page is our own."""
        if self._origins.is_foreign(request):
            raise RefusedError(_foreign())
        self._take(self._by_address, client_address(request, self._trusted_proxies))
        return self._visitor(request)

    def count_new_visitor(self, request: Request) -> None:
        """Raises ``RefusedError`` where an address brings too many of them."""
        self._take(self._new_by_address, client_address(request, self._trusted_proxies))

    def count_message(self, visitor: Visitor) -> None:
        """Raises ``RefusedError`` where a visitor writes too much."""
        self._take(self._by_visitor, visitor.contact_id)

    def _visitor(self, request: Request) -> Visitor:
        shown = request.headers.get("authorization", "")
        token = shown.removeprefix(_BEARER) if shown.startswith(_BEARER) else ""
        visitor = self._visitors.read(token, self._clock.now())
        if visitor is None:
            refused = refusal(401, "unknown_visitor", "The visitor's id is missing, over, or none of ours.")
            raise RefusedError(refused)
        return visitor

    def _take(self, limit: RateLimit, key: str) -> None:
        wait_s = limit.wait_s(key, self._clock.monotonic())
        if wait_s:
            headers = {"Retry-After": str(wait_s)}
            raise RefusedError(refusal(429, "too_fast", "Too much at once. Wait a moment.", headers=headers))


def _foreign() -> Response:
    return refusal(403, "foreign_page", "This page may not use the chat.")
