"""The one importer of the ``anthropic`` package, which costs 49 MB and over a second (docs/adr/0008).

It is loaded by the first question, in a thread, so that a runtime whose customers never ask pays
nothing and one whose customers do goes on answering others meanwhile.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from connectors.errors import (
    ConnectorError,
    RateLimitedError,
    RejectedError,
    TimedOutError,
    UnauthorizedError,
    UnavailableError,
)
from connectors.kernel.http_errors import retry_after_s

if TYPE_CHECKING:
    import anthropic
    import httpx2

SERVER = "anthropic"

_A_PERSON_MUST_ACT = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN})
_TOOK_TOO_LONG = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT})
_THEIRS_AND_PASSING = frozenset({HTTPStatus.CONFLICT})
"""Answers below 500 that their own client repeats as well."""


class _Sdk:
    """What is used of the package; its attributes are resolved when it is there."""

    def __init__(self) -> None:
        module = importlib.import_module("anthropic")
        self.module = module
        # The first access to the resource loads another thousand modules: do it here, off the loop.
        importlib.import_module("anthropic.resources.messages")
        # At DEBUG it writes whole requests, which hold what customers asked.
        logging.getLogger("anthropic").setLevel(logging.WARNING)


@functools.cache
def _loaded() -> _Sdk:
    return _Sdk()


async def open_client(*, api_key: str, base_url: str, http: httpx2.AsyncClient) -> anthropic.AsyncAnthropic:
    """A client over our own HTTP client. Repeats nothing by itself: the pipeline does.

    Raises ``UnavailableError`` when the package is not installed.
    """
    try:
        sdk = await asyncio.to_thread(_loaded)
    except ImportError as error:
        raise UnavailableError("the package 'anthropic' is not installed; it is in the group 'runtime'") from error
    client = sdk.module.AsyncAnthropic(
        api_key=api_key, base_url=base_url, http_client=http, max_retries=0, open_telemetry=False
    )
    return cast("anthropic.AsyncAnthropic", client)


@contextmanager
def sdk_errors() -> Iterator[None]:
    """Around a call: what the package raises leaves as one of ours, never with a body in its message."""
    module = _loaded().module
    try:
        yield
    except module.APITimeoutError as error:
        raise TimedOutError(f"{SERVER}: no answer in time") from error
    except module.APIStatusError as error:
        raise status_error(error) from error
    except module.APIError as error:
        raise UnavailableError(f"{SERVER}: no usable answer ({type(error).__name__})") from error


def status_error(error: anthropic.APIStatusError) -> ConnectorError:
    """What a status means for us. The type and the request id are for whoever asks their support."""
    status = error.status_code
    kind = error.type if error.type and error.type.replace("_", "").isalpha() else "unnamed error"
    message = f"{SERVER}: answered {status} ({kind}, request {(error.request_id or 'unknown')[:40]})"
    wait = retry_after_s(error.response)
    if status in _A_PERSON_MUST_ACT:
        return UnauthorizedError(f"{message}; check the key, its rights and the account's credit")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimitedError(message, retry_after_s=wait)
    if status in _TOOK_TOO_LONG:
        return TimedOutError(message, retry_after_s=wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _THEIRS_AND_PASSING:
        return UnavailableError(message, retry_after_s=wait)
    if status == HTTPStatus.NOT_FOUND:
        return RejectedError(f"{message}; check model and base_url")
    return RejectedError(message)
