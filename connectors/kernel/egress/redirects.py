"""Redirects of a read followed by hand: each address is checked like the first, and no credential goes along."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import httpx2

from connectors.errors import UnavailableError
from connectors.kernel.egress.client import checked_url
from connectors.kernel.egress.sockets import ForbiddenAddressError

MAX_REDIRECTS = 3
"""One for the name, one for the scheme, one for luck. More is a loop."""

_FOLLOWED = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)


async def get_following(
    client: httpx2.AsyncClient, url: httpx2.URL, *, headers: Mapping[str, str], credentials: Mapping[str, str]
) -> httpx2.Response:
    """A GET of a guarded ``client``. ``credentials`` go to ``url`` alone, never to where it points.

    Raises ``UnavailableError`` when it goes round in circles and ``ForbiddenAddressError`` when it leads from https to
    http or to where nobody may be called.
    """
    response = await client.get(url, headers={**headers, **credentials})
    for _ in range(MAX_REDIRECTS):
        if response.status_code not in _FOLLOWED:
            return response
        target = checked_url(str(url.join(response.headers.get("location", ""))))
        if url.scheme == "https" and target.scheme != "https":
            raise ForbiddenAddressError("a redirect leads from https to http")
        url = target
        response = await client.get(url, headers=dict(headers))
    if response.status_code in _FOLLOWED:
        raise UnavailableError(f"redirected more than {MAX_REDIRECTS} times")
    return response
